"""A body is whole, in time and of a size, or it is refused in words; nothing of it stays behind."""

import asyncio
import gc
import weakref

import pytest

from kaoping.front import body as module
from kaoping.front.body import BodyRefused, Gone, Limits, Spool, collect

QUICK = Limits(window_seconds=0.2, silent_seconds=0.05, in_memory=10)


def sender(*parts, pause=0.0, then=None):
    """Gives the parts one after another, then hangs (or sends ``then``)."""
    left = list(parts)

    async def receive():
        await asyncio.sleep(pause)
        if left:
            part = left.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(left) or then is None}
        if then:
            return then
        return await asyncio.Event().wait()

    return receive


def whole(*parts):
    return sender(*parts, then={"type": "http.disconnect"})


def took(receive, most=100, stated=None, limits=QUICK, spool=None):
    async def go():
        found = await collect(receive, most=most, stated=stated, limits=limits, spool=spool)
        try:
            return found.file.read(), found.size
        finally:
            found.close()

    return asyncio.run(go())


def test_parts_are_put_together_in_memory_or_in_a_file():
    assert took(whole(b"abc", b"def")) == (b"abcdef", 6)
    assert took(whole(b"a" * 9, b"b" * 50)) == (b"a" * 9 + b"b" * 50, 59)
    assert took(whole(b"")) == (b"", 0)


def test_silence_ends_it():
    with pytest.raises(BodyRefused) as refused:
        took(sender(b"abc"))
    assert refused.value.status == 408 and "再提交一次" in str(refused.value)


def test_dripping_ends_it_though_there_is_never_silence():
    with pytest.raises(BodyRefused) as refused:
        took(sender(*[b"a"] * 1000, pause=0.01), most=10_000)
    assert refused.value.status == 408


def test_what_arrives_fast_enough_may_take_longer_than_the_deadline(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.clock, "monotonic", lambda: now[0])

    async def receive():
        now[0] += 1
        left[0] -= 1
        return {"type": "http.request", "body": b"x" * 64 * 1024, "more_body": left[0] > 0}

    left = [100]
    _content, size = took(receive, most=10**8, limits=Limits(30, 10))
    assert size == 100 * 64 * 1024 and now[0] == 100


@pytest.mark.parametrize("stated", [101, 10**12])
def test_a_size_that_is_promised_too_large_is_refused_and_nothing_is_kept(stated, monkeypatch):
    monkeypatch.setattr(module.Body, "_add", None)
    with pytest.raises(BodyRefused) as refused:
        took(whole(b"a" * 50, b"b" * 51), stated=stated)
    assert refused.value.status == 413
    with pytest.raises(BodyRefused) as refused:
        took(sender(b"a"), stated=stated)
    assert refused.value.status == 413, "nor is it waited for beyond the deadline"


def test_what_is_too_large_has_no_time_beyond_the_deadline():
    with pytest.raises(BodyRefused) as refused:
        took(sender(*[b"a" * 1000] * 1000, pause=0.01))
    assert refused.value.status == 413


def test_of_what_is_not_to_be_kept_nothing_is_there():
    async def go():
        spool = Spool(100)
        found = await collect(
            whole(b"a" * 20, b"a" * 20), most=1000, keep=30, stated=None, limits=QUICK, spool=spool
        )
        assert (found.size, found.file.read(), spool.held) == (0, b"", 0)
        found.close()
        kept = await collect(whole(b"a" * 30), most=1000, keep=30, stated=None, limits=QUICK)
        assert kept.size == 30
        kept.close()

    asyncio.run(go())


def test_a_size_that_grows_too_large_is_refused_whatever_was_promised():
    with pytest.raises(BodyRefused) as refused:
        took(whole(b"a" * 60, b"a" * 60), stated=5)
    assert refused.value.status == 413


def test_who_leaves_is_no_refusal():
    with pytest.raises(Gone):
        took(sender(then={"type": "http.disconnect"}))


def test_all_bodies_together_are_bounded_and_give_their_place_back():
    spool = Spool(100)

    async def go():
        first = await collect(whole(b"a" * 60), most=1000, stated=None, limits=QUICK, spool=spool)
        with pytest.raises(BodyRefused) as refused:
            await collect(whole(b"a" * 60), most=1000, stated=None, limits=QUICK, spool=spool)
        assert refused.value.status == 503 and (spool.held, spool.of) == (60, {"": 60})
        first.close()
        first.close()
        assert spool.held == 0
        (await collect(whole(b"a" * 60), most=1000, stated=None, limits=QUICK, spool=spool)).close()

    asyncio.run(go())
    assert (spool.held, spool.of, spool.arriving) == (0, {}, set())


def timed(now, parts):
    """``parts`` of (seconds, bytes), then silence; ``now`` is the clock."""
    left = list(parts)

    async def receive():
        if not left:
            return await asyncio.Event().wait()
        seconds, size = left.pop(0)
        now[0] += seconds
        return {"type": "http.request", "body": b"x" * size, "more_body": True}

    return receive


@pytest.fixture
def now(monkeypatch):
    found = [0.0]
    monkeypatch.setattr(module.clock, "monotonic", lambda: found[0])
    return found


def test_who_sends_much_at_first_and_then_drips_is_cut_off_like_who_drips_from_the_beginning(now):
    spool = Spool(10**8)
    with pytest.raises(BodyRefused) as refused:
        took(timed(now, [(1, 10**7), *[(1, 1)] * 1000]), most=10**8, limits=Limits(), spool=spool)
    assert refused.value.status == 408 and now[0] == 1 + 30 and spool.held == 0


def test_nobody_has_longer_than_the_longest_form_needs(now):
    with pytest.raises(BodyRefused) as refused:
        took(timed(now, [(1, 20_000)] * 5000), most=10**9, limits=Limits(), spool=Spool(10**9))
    assert refused.value.status == 408 and now[0] == 20 * 60


def test_no_client_takes_more_than_its_share():
    spool = Spool(100, 50)

    async def one(client, size):
        return await collect(
            whole(b"a" * size), most=1000, stated=None, limits=QUICK, spool=spool, client=client
        )

    async def go():
        first = await one("a", 40)
        with pytest.raises(BodyRefused) as refused:
            await one("a", 11)
        assert refused.value.status == 503 and "前一份" in str(refused.value) and spool.held == 40
        (await one("b", 50)).close()
        first.close()
        (await one("a", 50)).close()

    asyncio.run(go())
    assert (spool.held, spool.of) == (0, {})


def test_who_drips_gives_way_when_room_is_needed_and_who_sends_does_not(now):
    spool = Spool(100)
    limits = Limits(slowest=1, window_seconds=30, in_memory=10)

    async def go():
        hears, go_on = asyncio.Event(), asyncio.Event()

        async def slow():
            if not hears.is_set():
                hears.set()
                return {"type": "http.request", "body": b"x" * 60, "more_body": True}
            await go_on.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def other():
            found = await collect(
                whole(b"a" * 60), most=1000, stated=None, limits=limits, spool=spool, client="b"
            )
            found.close()

        dripping = asyncio.create_task(
            collect(slow, most=1000, stated=None, limits=limits, spool=spool, client="a")
        )
        await hears.wait()
        await asyncio.sleep(0)
        with pytest.raises(BodyRefused) as refused:
            await other()
        assert refused.value.status == 503 and spool.held == 60, "it sent just now"
        now[0] += 6
        await other()
        go_on.set()
        with pytest.raises(BodyRefused) as refused:
            await dripping
        assert refused.value.status == 408

    asyncio.run(go())
    assert (spool.held, spool.arriving) == (0, set())


def test_what_has_arrived_whole_never_gives_way(now):
    spool = Spool(100)

    async def go():
        first = await collect(whole(b"a" * 60), most=1000, stated=None, limits=QUICK, spool=spool, client="a")
        now[0] += 1000
        with pytest.raises(BodyRefused):
            await collect(whole(b"a" * 60), most=1000, stated=None, limits=QUICK, spool=spool, client="b")
        assert first.file.read() == b"a" * 60
        first.close()

    asyncio.run(go())


def test_a_full_disk_is_said_in_words(monkeypatch):
    class Full:
        def seek(self, _place):
            pass

        def write(self, _part):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    monkeypatch.setattr(module.tempfile, "SpooledTemporaryFile", lambda **_: Full())
    with pytest.raises(BodyRefused) as refused:
        took(whole(b"a"))
    assert refused.value.status == 503 and "存不下" in str(refused.value)


@pytest.mark.parametrize("stated", [None, 1_000])
def test_a_refusal_leaves_nothing_that_holds_the_connection(stated):
    """The server closes a connection when nothing speaks of it any more: it must not wait for the collector of rings."""
    seen = []

    async def one():
        receive = sender(b"x" * 60, b"x" * 60, then={"type": "http.request", "body": b"", "more_body": False})
        seen.append(weakref.ref(receive))
        try:
            await collect(receive, most=100, stated=stated, limits=QUICK)
        except BodyRefused as refused:
            return refused.status
        return None

    async def go():
        status = await one()
        return status, seen[0]()

    gc.disable()
    try:
        assert asyncio.run(go()) == (413, None)
    finally:
        gc.enable()
