from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.monitoring import logic
from kaoping.monitoring.logic import Seen, counters, state_after

START = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
looks = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["met", "not_met", "undecided", "not_applicable"])),
    max_size=12,
    unique_by=lambda pair: pair[0],
)


def seen(*pairs):
    return [Seen(START + timedelta(hours=hours), outcome) for hours, outcome in pairs]


@pytest.mark.parametrize(
    ("pairs", "state"),
    [
        ([(0, "not_met"), (24, "not_met"), (48, "not_met")], "ready"),
        ([(0, "not_met"), (24, "not_met"), (47, "not_met")], "suspected"),
        ([(0, "not_met"), (72, "not_met")], "suspected"),
        ([(0, "not_met"), (24, "undecided"), (48, "undecided"), (72, "not_met")], "suspected"),
        ([(0, "not_met"), (24, "undecided"), (48, "not_met"), (72, "not_met")], "ready"),
        ([(0, "not_met"), (24, "not_met"), (30, "met"), (48, "not_met")], "suspected"),
        ([(0, "not_met"), (24, "not_met"), (48, "not_met"), (72, "met")], "cleared"),
    ],
)
def test_the_confirmation_line(pairs, state):
    assert state_after("suspected", seen(*pairs)) == state


@given(looks)
@settings(max_examples=60, deadline=None)
def test_could_not_tell_never_changes_anything(pairs):
    told = [pair for pair in pairs if pair[1] in ("met", "not_met")]
    assert counters(seen(*pairs)) == counters(seen(*told))


@given(looks, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_runs_are_told_does_not_matter(pairs, random):
    mixed = list(pairs)
    random.shuffle(mixed)
    assert counters(seen(*mixed)) == counters(seen(*pairs))


@given(looks)
@settings(max_examples=60, deadline=None)
def test_no_machine_confirms_and_a_pass_always_clears(pairs):
    assert state_after("suspected", seen(*pairs)) in ("suspected", "ready", "cleared")
    assert state_after("confirmed", [*seen(*pairs), Seen(START + timedelta(hours=500), "met")]) == "cleared"
    if any(outcome == "not_met" for _hours, outcome in pairs):
        with_failure = [*seen(*pairs), Seen(START + timedelta(hours=500), "not_met")]
        assert state_after("confirmed", with_failure) == "confirmed"


def test_what_is_missing_is_said():
    assert counters(seen((0, "not_met"))).missing() == "还差 2 次失败，首末两次失败须相隔 48 小时以上"
    assert counters(seen((0, "not_met"), (50, "not_met"), (60, "not_met"))).missing() == ""


@pytest.mark.parametrize(
    ("states", "wanted", "words"),
    [
        ({}, [], "没有选中"),
        ({}, [7], "没有编号为 7"),
        ({1: "suspected"}, [1], "还没有到确认线"),
        ({1: "confirmed"}, [1], "已经确认或已消除"),
    ],
)
def test_a_batch_is_refused_in_words(states, wanted, words):
    assert words in logic.refusal_to_confirm(states, wanted)
    assert logic.refusal_to_confirm({1: "ready"}, [1]) is None


def at(hours):
    return START + timedelta(hours=hours)


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from(("gone", "met", "not_met", "undecided"))), max_size=12
    )
)
def test_a_page_is_gone_only_after_two_answers_far_enough_apart_with_no_page_between(seen):
    found = logic.absence(logic.Seen(at(hours), outcome) for hours, outcome in seen)
    ordered = sorted(seen, key=lambda one: one[0])
    tail = []
    for hours, outcome in ordered:
        tail = [*tail, hours] if outcome == "gone" else []
    assert found.times == len(tail)
    assert found.reached == (len(tail) >= 2 and tail[-1] - tail[0] >= 48) == (found.missing() == "")
    for state in logic.FINDING_STATES:
        allowed = logic.refusal_to_remove(state, found) is None
        assert allowed == (found.reached and state in logic.OPEN)


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(("gone", "not_met", "undecided")))))
def test_a_page_that_is_gone_neither_confirms_nor_clears_anything(seen):
    with_gone = [logic.Seen(at(hours), outcome) for hours, outcome in seen]
    without = [one for one in with_gone if one.outcome != "gone"]
    assert logic.counters(with_gone) == logic.counters(without)
    if any(one.outcome == "not_met" for one in without):
        for state in ("suspected", "ready", "confirmed"):
            assert logic.state_after(state, with_gone) == logic.state_after(state, without)


def test_a_task_for_a_person_after_as_many_broken_runs():
    assert not logic.is_stuck([]) and not logic.is_stuck([True]) and not logic.is_stuck([False, True])
    assert logic.is_stuck([True, True]) and not logic.is_stuck([True, False, True])
