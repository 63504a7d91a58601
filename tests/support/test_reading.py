"""Hostile files take down the child that reads them, never the process that serves."""

import threading
from dataclasses import replace

import pytest

from kaoping.support import reading
from kaoping.support.reading import LIMITS, NotRead, read
from tests.support import reading_victims as victims

SHORT = replace(LIMITS, wall=1.5, cpu=0, start=4.0)


def test_plain_values_go_and_come():
    assert read(victims.echo, {"a": [1, 2.5, "字", b"\x00"]}) == {"a": [1, 2.5, "字", b"\x00"]}
    assert read(victims.dates) == victims.dates()
    assert read(victims.echo, b"x" * (9 << 20)) == b"x" * (9 << 20)


def test_a_child_stays_warm_and_knows_neither_settings_nor_django(monkeypatch):
    monkeypatch.setenv("KAOPING_SECRET_KEY", "secret")
    assert read(victims.pid) == read(victims.pid)
    names, django = read(victims.environment)
    assert (set(names) <= {"PYTHONPATH", "LC_ALL", "LC_CTYPE"}, django) == (True, [])


@pytest.mark.parametrize(
    ("does", "cause"),
    [
        (victims.spin, {"time"}),
        (victims.hang, {"time"}),
        (victims.eat, {"memory"}),
        (victims.abort, {"died"}),
        (victims.crash, {"died"}),
        (victims.leave, {"died"}),
        (victims.fail, {"error"}),
        (victims.evil, {"died"}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_whatever_a_file_does_is_told_in_words_and_the_next_file_is_read(does, cause):
    with pytest.raises(NotRead) as unread:
        read(does, limits=SHORT)
    assert unread.value.cause in cause
    assert str(unread.value) == reading.CAUSES[unread.value.cause]
    assert read(victims.echo, "next") == "next"


def test_an_answer_has_a_size(monkeypatch):
    with pytest.raises(NotRead) as unread:
        read(victims.large, limits=replace(LIMITS, answer=1 << 20))
    assert unread.value.cause == "memory"


def test_a_child_can_neither_speak_into_the_protocol_nor_write_a_file(tmp_path):
    assert read(victims.chatter) == "said"
    with pytest.raises(NotRead):
        read(victims.write_file, str(tmp_path / "x"))
    assert not (tmp_path / "x").exists() or not (tmp_path / "x").read_bytes()


def test_a_child_makes_room_after_its_readings(monkeypatch):
    monkeypatch.setattr(reading, "READINGS", 2)
    reading.close()
    assert len({read(victims.pid) for _ in range(6)}) == 3


def test_several_threads_read_at_one_time_and_who_waits_too_long_is_told():
    found = []

    def work(number):
        found.append(read(victims.echo, number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8))
    pool = reading._pool()
    for _ in range(reading.CHILDREN):
        pool.turns.acquire()
    try:
        with pytest.raises(NotRead) as unread:
            read(victims.echo, 1, limits=replace(LIMITS, queue=0.01))
    finally:
        for _ in range(reading.CHILDREN):
            pool.turns.release()
    assert unread.value.cause == "busy"
