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
