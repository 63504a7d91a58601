"""Known once for all: refuse at once, ask first after a pause, one asker at a time."""

from hypothesis import given
from hypothesis import strategies as st

from kaoping.evaluation.ballotbox.breaker import ASK_FIRST, CLOSED, PAUSE_SECONDS, REFUSE, Breaker


def test_the_way_round():
    breaker = Breaker()
    assert breaker.before(0) == CLOSED
    breaker.failed(0)
    assert breaker.before(0.5) == REFUSE
    assert breaker.before(1.1) == ASK_FIRST
    assert breaker.before(1.2) == REFUSE, "one asks, the others are not kept waiting"
    breaker.failed(1.5)
    assert breaker.before(2.0) == REFUSE
    assert breaker.before(2.6) == ASK_FIRST
    breaker.answered()
    assert breaker.before(2.7) == CLOSED


def test_an_asker_that_never_came_back_is_not_waited_for():
    breaker = Breaker()
    breaker.failed(0)
    assert breaker.before(1.1) == ASK_FIRST
    assert breaker.before(3.2) == ASK_FIRST


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from(["before", "failed", "answered"])), max_size=40))
def test_while_it_is_open_nothing_goes_through_and_it_can_always_close(steps):
    breaker, now, opened = Breaker(), 0.0, None
    for pause, what in steps:
        now += pause
        if what == "failed":
            breaker.failed(now)
            opened = now
        elif what == "answered":
            breaker.answered()
            opened = None
        else:
            found = breaker.before(now)
            assert (found == CLOSED) == (opened is None)
            assert found != ASK_FIRST or now - opened >= PAUSE_SECONDS
    breaker.answered()
    assert breaker.before(now) == CLOSED
