"""更正: when it may be opened, changed, dropped; what its signature waits for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaoping.accounts.actor import Who
from kaoping.campaigns.logic import correction as logic
from kaoping.campaigns.logic.sign_off import Facts, refusal_of_year, refusal_to_sign_off


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("appeals", None), "结果公开以后才有更正"),
        (("frozen", None), "结果公开以后才有更正"),
        (("published", 2), "第 2 次更正正在办理"),
    ],
)
def test_refusals_to_open(given: tuple[str, int | None], words: str) -> None:
    assert words in (logic.refusal_to_open(*given) or "")


def test_it_is_opened_after_publication_one_at_a_time() -> None:
    assert logic.refusal_to_open("published", None) is None


@pytest.mark.parametrize("refusal", [logic.refusal_to_change, logic.refusal_to_drop])
def test_changing_and_dropping_end_with_the_signature(refusal: object) -> None:
    assert refusal(True, False) is None  # type: ignore[operator]
    assert "没有在办的更正" in refusal(False, False)  # type: ignore[operator]
    assert "已经签发" in refusal(True, True)  # type: ignore[operator]


def test_what_is_missing_comes_in_the_order_in_which_it_is_done() -> None:
    facts = logic.Facts()
    told = []
    for done in ({"sheet": True}, {"is_latest": True}, {"changed": True}, {"signed_off": True}):
        told.append(logic.missing(facts)[0].what)
        facts = replace(facts, **done)
    assert logic.missing(facts) == []
    assert told == [
        "还没有计算更正计分表",
        "更正计分表之后又有新记录，要按最新记录重算",
        "更正计分表与已公开的结果一样",
        "更正计分表没有第二人签发",
    ]
    [hole] = logic.missing(replace(facts, open_cells=3))
    assert "3 格没有依据" in hole.what


def _sign(**given: object) -> str | None:
    facts: dict[str, object] = {
        "stage": "published",
        "correction": True,
        "has_sheet": True,
        "prepared_by": Who("1"),
        "opened_by": Who("3"),
        "already": False,
        "voided": False,
        "is_latest": True,
        "open_appeals": 0,
        "open_cells": 0,
        "unchanged": False,
    }
    signer, typed = str(given.pop("signer", "2")), str(given.pop("typed_year", "2025"))
    made = Facts(**(facts | given))  # type: ignore[arg-type]
    return refusal_to_sign_off(made, signer=Who(signer)) or refusal_of_year(2025, typed)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"correction": False}, "立更正"),
        ({"has_sheet": False}, "在“更正”点“计算更正计分表”"),
        ({"is_latest": False}, "又有新记录"),
        ({"unchanged": True}, "与已公开的结果一样"),
        ({"voided": True}, "已经作废"),
        ({"open_rulings": 1}, "1 件审定改分待第二人确认"),
        ({"open_cells": 2}, "还差 2 格"),
        ({"signer": "1"}, "须由第二人办理"),
        ({"signer": "3"}, "更正是您立的"),
        ({"typed_year": "2024"}, "请输入年份 2025"),
        ({"already": True}, "已经签发"),
    ],
)
def test_the_signature_on_a_correction_has_the_same_doors(given: dict[str, object], words: str) -> None:
    assert words in (_sign(**given) or "")


def test_the_second_person_signs_it() -> None:
    assert _sign() is None
