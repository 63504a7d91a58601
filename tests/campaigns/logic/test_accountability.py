"""责任追究: governments must state it, others may; a statement carries numbers and sources, never a guess."""

import pytest

from kaoping.campaigns.logic.accountability import NONE, OMITTED, SOME, must_state, refusal_to_state, sentence


def given(**more):
    return {"kind": "department", "cases": None, "ways": "", "authority": "", **more}


@pytest.mark.parametrize("kind", ["government", "district_government", "township"])
def test_a_government_cannot_leave_it_out(kind):
    assert must_state(kind)
    assert "第五十条" in (refusal_to_state(OMITTED, **given(kind=kind)) or "")
    assert refusal_to_state(NONE, **given(kind=kind)) is None


def test_other_organs_may_leave_it_out():
    assert not must_state("department") and not must_state("subdistrict")
    assert refusal_to_state(OMITTED, **given()) is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "请填件次"),
        ({"cases": 0, "ways": "通报", "authority": "机关"}, "请填件次"),
        ({"cases": 1, "ways": " ", "authority": "机关"}, "方式"),
        ({"cases": 1, "ways": "通报", "authority": ""}, "机关和文书"),
    ],
)
def test_cases_come_with_number_way_and_source(more, words):
    assert words in (refusal_to_state(SOME, **given(**more)) or "")


@pytest.mark.parametrize("choice", [NONE, OMITTED])
@pytest.mark.parametrize("more", [{"cases": 2}, {"ways": "通报"}, {"authority": "机关"}])
def test_what_was_typed_is_not_dropped_because_of_another_choice(choice, more):
    assert "请清空这三栏" in (refusal_to_state(choice, **given(**more)) or "")
    assert refusal_to_state(choice, **given(ways=" ")) is None


def test_what_is_printed():
    none = {"choice": NONE, "cases": None, "ways": "", "authority": ""}
    assert sentence(none, 2025) == "2025年没有发生因政府信息公开工作被追究责任的情况。"
    assert sentence({**none, "choice": OMITTED}, 2025) == ""
    some = {"choice": SOME, "cases": 2, "ways": "责令检查。", "authority": "某机关〔2025〕1号"}
    assert sentence(some, 2025).endswith("被追究责任2件次，责令检查（依据：某机关〔2025〕1号）。")
