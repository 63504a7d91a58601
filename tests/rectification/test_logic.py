from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.rectification import logic
from kaoping.rectification.logic import Proof, closing_proof, refusal_to_close

SERVED = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
proofs = st.lists(
    st.builds(
        Proof,
        st.sampled_from(["monitor", "retest", "visit", "draw", "office", "register"]),
        st.sampled_from(["met", "not_met"]),
        st.integers(-200, 200).map(lambda hours: SERVED + timedelta(hours=hours)),
    ),
    max_size=6,
)


def at(hours):
    return SERVED + timedelta(hours=hours)


@given(proofs)
@settings(max_examples=60, deadline=None)
def test_nothing_closes_without_a_pass_after_service(given_proofs):
    found = closing_proof(given_proofs, SERVED)
    if found is None:
        assert refusal_to_close("served", given_proofs, SERVED)
    else:
        assert found.value == "met" and found.at >= SERVED and found.source in logic.CLOSING
        assert all(one.at <= found.at for one in given_proofs)
        assert refusal_to_close("served", given_proofs, SERVED) is None


@pytest.mark.parametrize(
    ("given_proofs", "words"),
    [
        ([Proof("monitor", "not_met", at(-50))], "须有一次通过的复测"),
        ([Proof("monitor", "not_met", at(-50)), Proof("retest", "met", at(-1))], "时间在下发之后"),
        ([Proof("retest", "met", at(2)), Proof("retest", "not_met", at(5))], "最近一次复测没有通过"),
    ],
)
def test_the_missing_condition_is_said(given_proofs, words):
    assert words in refusal_to_close("served", given_proofs, SERVED)


def test_a_fault_mended_before_service_needs_no_order():
    mended = [Proof("monitor", "not_met", at(-50)), Proof("visit", "met", at(-5), "孙检")]
    assert refusal_to_close("draft", mended, None) is None
    assert "还没有下发" in refusal_to_close("draft", mended[:1], None)


def test_overdue_begins_after_24_00():
    due = date(2025, 3, 31)
    last = datetime(2025, 3, 31, 16, 0, tzinfo=UTC)  # 24:00 in Beijing
    assert not logic.overdue("served", due, last)
    assert logic.overdue("served", due, last + timedelta(seconds=1))
    assert not logic.overdue("answered", due, last + timedelta(days=9))


def test_one_fault_is_check_or_item_and_place():
    assert logic.fault_of("P-05", "K3.4.p", "http://x/") == logic.fault_of("P-05", None, "http://x/")
    assert logic.fault_of(None, "K4.3.p", "place:大厅") != logic.fault_of(None, "K4.3.p", "place:窗口")
    assert len(logic.fault_of("P-05", None, "http://x/" + "a" * 900)) == 600


@pytest.mark.parametrize(
    ("source", "value", "check", "opens"),
    [
        ("monitor", "not_met", "P-05", True),
        ("visit", "not_met", None, True),
        ("draw", "not_met", None, True),
        ("register", "not_met", None, False),
        ("register", "not_met", "P-05", True),
        ("retest", "not_met", "P-05", False),
        ("monitor", "undecided", "P-05", False),
        ("office", "not_met", None, False),
    ],
)
def test_what_opens_a_case(source, value, check, opens):
    assert logic.opens_case(source, "verdict", value, check) is opens


def test_a_failed_look_sends_it_back():
    assert logic.state_after("answered", Proof("retest", "not_met", SERVED)) == "served"
    assert logic.state_after("answered", Proof("retest", "met", SERVED)) == "answered"


@pytest.mark.parametrize(
    ("state", "text", "proof", "words"),
    [
        ("draft", "改了", True, "还没有下发"),
        ("closed", "改了", True, "已经结案"),
        ("served", " ", True, "写明改了什么"),
        ("served", "改了", False, "请附一份材料"),
    ],
)
def test_an_answer_is_refused_in_words(state, text, proof, words):
    assert words in logic.refusal_to_answer(state, text, proof)
    assert logic.refusal_to_answer("answered", "又改了", True) is None
