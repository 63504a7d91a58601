"""Nobody who floods the queue stands before somebody who came once, and the one who fills it is turned away."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kaoping.front.fair import FairQueue, Visitor, network_of

VISITORS = st.builds(Visitor, st.sampled_from("abc"), st.sampled_from(["", "x", "y"]))


def drained(queue):
    found = []
    while (one := queue.take()) is not None:
        found.append(one)
    return found


def test_a_flood_does_not_stand_before_somebody_else():
    queue = FairQueue(100)
    for number in range(50):
        queue.put(Visitor("flood"), ("flood", number))
    queue.put(Visitor("citizen"), ("citizen", 0))
    assert queue.take() == ("flood", 0)
    assert queue.take() == ("citizen", 0)


def test_behind_one_address_browsers_take_turns():
    queue = FairQueue(100)
    for number in range(50):
        queue.put(Visitor("proxy", ""), ("flood", number))
    queue.put(Visitor("proxy", "session"), ("official", 0))
    assert [queue.take(), queue.take()] == [("flood", 0), ("official", 0)]


def test_a_full_queue_turns_away_the_latest_of_who_fills_it():
    queue = FairQueue(3)
    for number in range(3):
        assert queue.put(Visitor("flood"), ("flood", number)) is None
    assert queue.put(Visitor("citizen"), ("citizen", 0)) == ("flood", 2)
    assert queue.put(Visitor("flood"), ("flood", 9)) == ("flood", 9)
    assert ("citizen", 0) in drained(queue)


def test_who_left_is_not_called():
    queue = FairQueue(3)
    queue.put(Visitor("a"), "one")
    queue.put(Visitor("a"), "two")
    assert queue.discard("one") and not queue.discard("one")
    assert drained(queue) == ["two"] and len(queue) == 0


@given(st.integers(1, 6), st.lists(st.one_of(VISITORS, st.none()), max_size=60))
def test_nothing_is_lost_or_doubled_and_the_bound_holds(bound, steps):
    queue, put, gone = FairQueue(bound), [], []
    for number, visitor in enumerate(steps):
        if visitor is None:
            taken = queue.take()
            gone += [] if taken is None else [taken]
        else:
            put.append(number)
            pushed = queue.put(visitor, number)
            gone += [] if pushed is None else [pushed]
        assert len(queue) <= bound
    assert sorted(gone + drained(queue)) == put


@given(st.lists(VISITORS, min_size=1, max_size=30))
def test_one_visitor_is_served_in_order_and_no_address_twice_while_another_waits(visitors):
    queue = FairQueue(100)
    for number, visitor in enumerate(visitors):
        queue.put(visitor, (visitor, number))
    served = drained(queue)
    for visitor in set(visitors):
        mine = [number for who, number in served if who == visitor]
        assert mine == sorted(mine)
    waiting = Counter(visitor.address for visitor in visitors)
    before = None
    for who, _number in served:
        others = sum(count for address, count in waiting.items() if address != who.address)
        assert who.address != before or not others
        waiting[who.address] -= 1
        before = who.address


def test_one_client_is_an_address_or_a_network_of_which_everybody_has_all():
    assert network_of("192.0.2.1") == "192.0.2.1" and network_of("") == ""
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") != network_of("2001:db8:0:1::1")
    assert network_of("no:address") == "no:address"
