from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kaoping.support import logic
from kaoping.support.logic import Holder

NOW = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
HOLDERS = st.builds(
    Holder,
    host=WORDS,
    place=st.text("0123456789abcdef", min_size=16, max_size=16),
    pid=st.integers(1, 2**22),
    begun=st.integers(0, 2**63).map(str),
)


@given(HOLDERS)
def test_a_signature_fits_its_column_and_is_read_back(holder):
    text = holder.text()
    assert len(text) <= 80
    seen = logic.read_holder(text)
    assert (seen.place, seen.pid, seen.begun) == (holder.place, holder.pid, holder.begun)


@given(st.text(max_size=90))
def test_any_other_signature_never_counts_as_gone(text):
    holder = logic.read_holder(text)
    assert holder is None or (holder.place and holder.begun and holder.pid >= 0)


def test_signatures_that_say_too_little():
    for text in ("", "w1", "demo", "host  12 34", "host place 12 ", "host place -1 5", "host-1234"):
        assert logic.read_holder(text) is None, text


@given(HOLDERS, st.text(max_size=20), st.none() | st.text(max_size=5))
def test_only_a_worker_of_this_very_place_can_be_known_to_be_gone(holder, here, begun):
    gone = logic.surely_gone(holder, here, begun)
    assert not gone or here == holder.place
    assert not logic.surely_gone(holder, holder.place, "")  # cannot be told
    assert not logic.surely_gone(holder, holder.place, holder.begun)  # it runs
    assert logic.surely_gone(holder, holder.place, None)  # there is no such process
    assert logic.surely_gone(holder, holder.place, holder.begun + "1")  # another one has its number
    assert not logic.surely_gone(Holder(holder.host, "", holder.pid, holder.begun), "", None)


@given(st.integers(-2, 20))
def test_a_failure_is_tried_again_later_and_given_up_at_the_last_attempt(attempts):
    again = logic.after_failure(attempts, NOW)
    if attempts >= logic.MAX_ATTEMPTS:
        assert (again.state, again.due_at) == (logic.FAILED, None)
    else:
        assert again.state == logic.WAITING and again.due_at >= NOW
        later = logic.after_failure(attempts + 1, NOW)
        assert later.due_at is None or later.due_at >= again.due_at


@given(st.integers(1, 20))
def test_a_job_whose_workers_vanish_gets_as_many_attempts_as_one_that_fails(attempts):
    assert logic.taken_too_often(attempts) == (attempts > logic.MAX_ATTEMPTS)


def test_a_lease_outlives_several_renewals():
    assert 3 * logic.RENEW_EVERY < logic.LEASE <= timedelta(seconds=60)


@given(st.sampled_from(["tick", "proof", "both", "other"]))
def test_a_proof_is_kept_for_ever_and_a_tick_for_the_shortest_time(name):
    kept = logic.keep_for(name, ticking={"tick", "both"}, proofs={"proof", "both"})
    wanted = {"tick": logic.KEEP_TICKS, "other": logic.KEEP_DONE, "proof": None, "both": None}
    assert kept == wanted[name]
    assert logic.KEEP_TICKS < logic.KEEP_DONE


SECONDS = st.floats(0, 10**7, allow_nan=False)


@given(SECONDS, st.floats(-500, 500))
def test_a_clock_that_agrees_with_the_machines_count_is_trusted(passed, drift):
    """Slewing by less than ten minutes is no jump, as long as somebody looked."""
    passed = min(passed, 599 - drift)
    before = logic.Look(NOW, 1000.0, "boot")
    now = logic.Look(NOW + timedelta(seconds=max(passed + drift, 0)), 1000.0 + max(passed, 0), "boot")
    assert logic.jump_between(before, now) is None


@given(st.floats(601, 10**8), SECONDS)
def test_more_than_ten_minutes_ahead_of_the_count_is_a_jump(ahead, passed):
    before = logic.Look(NOW, 1000.0, "boot")
    now = logic.Look(NOW + timedelta(seconds=passed + ahead), 1000.0 + passed, "boot")
    jump = logic.jump_between(before, now)
    assert jump.kind == logic.FORWARD and abs(jump.seconds - ahead) <= 1


@given(st.floats(0.01, 10**8), st.sampled_from(["boot", "other boot", ""]))
def test_back_by_any_amount_is_a_jump(back, place):
    before = logic.Look(NOW, 1000.0, "boot")
    jump = logic.jump_between(before, logic.Look(NOW - timedelta(seconds=back), 2000.0, place))
    assert jump is not None and jump.kind == logic.BACK


def test_behind_the_count_is_a_jump_back_though_wall_time_went_on():
    before = logic.Look(NOW, 1000.0, "boot")
    jump = logic.jump_between(before, logic.Look(NOW + timedelta(seconds=5), 1000.0 + 7200, "boot"))
    assert jump == logic.Jump(logic.BACK, 7195)


def test_a_time_without_looks_is_a_stop_and_a_quick_restart_is_none():
    before = logic.Look(NOW, 90000.0, "boot")
    weekend, moment = timedelta(days=2), timedelta(minutes=2)
    assert logic.jump_between(before, logic.Look(NOW + weekend, 5.0, "other")).kind == logic.STOPPED
    same = logic.Look(NOW + weekend, 90000.0 + weekend.total_seconds(), "boot")
    assert logic.jump_between(before, same).kind == logic.STOPPED
    assert logic.jump_between(before, logic.Look(NOW + moment, 5.0, "other")) is None
    assert logic.jump_between(before, logic.Look(NOW + moment, 90120.0, "boot")) is None
    assert logic.jump_between(None, logic.Look(NOW, 5.0, "boot")) is None
