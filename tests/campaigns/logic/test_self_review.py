"""The form's gaps, its receipt, and when a judgement looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.beijing import BEIJING
from kaoping.campaigns.logic import self_review as logic
from kaoping.campaigns.logic.self_review import Given
from kaoping.scoring.organised import OrganisedYear

START = datetime(2024, 12, 1, tzinfo=BEIJING)
END = datetime(2025, 12, 1, tzinfo=BEIJING)


def test_a_claim_needs_a_reason_and_an_item_a_level() -> None:
    lacks = logic.gaps(
        [("K1", "组织"), ("K2", "制度"), ("K3", "公开")],
        [Given("K1", "good", False, "", 0), Given("K2", "", True, " ", 0)],
    )
    assert lacks == ["K2 制度：申请不涉及，要写明理由", "K3 公开：没有选档次"]
    words = logic.refusal_to_submit(lacks)
    assert words is not None
    assert words.startswith("还有 2 项没有填完，不能提交")


def test_a_locked_form_says_who_opens_it() -> None:
    assert "点“退回”" in (logic.refusal_to_write("self_review", "submitted") or "")
    assert logic.refusal_to_write("self_review", "returned") is None
    assert "现在是“综合评定”" in (logic.refusal_to_write("review", "draft") or "")


def test_the_receipt_speaks_of_content_and_instant() -> None:
    first = logic.receipt(OrganisedYear("G1", 2025), "U1", [Given("K1", "good", False, "", 1)], START)
    assert first == logic.receipt(OrganisedYear("G1", 2025), "U1", [Given("K1", "good", False, "", 1)], START)
    assert first != logic.receipt(OrganisedYear("G1", 2025), "U1", [Given("K1", "fair", False, "", 1)], START)
    assert first.startswith("ZC2025-")


@given(st.integers(-800, 800))
@settings(max_examples=40, deadline=None)
def test_a_judgement_lies_inside_its_period(days: int) -> None:
    now = START + timedelta(days=days, hours=5)
    seen = logic.observed_instant(now, START, END)
    assert START <= seen < END
    if START <= now < END:
        assert seen == now
