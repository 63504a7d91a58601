"""What hangs is started again as what dies is, and starting again backs off."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.cli import processes
from kaoping.cli.liveness import (
    COMING_UP,
    HEALTHY_AFTER,
    PULSE,
    SILENCE,
    Pulse,
    Watch,
    Web,
    failures_after,
    give_sign,
    pause_before_restart,
)
from kaoping.cli.processes import Process


def test_silence_is_a_hang_but_coming_up_takes_its_time():
    watch = Watch(started=0.0)
    assert not watch.hangs(COMING_UP)
    assert watch.hangs(COMING_UP + 1)
    watch.last_sign = 50.0
    assert not watch.hangs(50.0 + SILENCE)
    assert watch.hangs(50.0 + SILENCE + 1)


def test_pauses_grow_and_are_capped():
    assert [pause_before_restart(n) for n in range(10)] == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert pause_before_restart(10_000) == 60


@given(st.lists(st.floats(0, 100), max_size=30))
def test_who_ran_well_begins_at_nothing_again(runs):
    failures = 0
    for ran in runs:
        before, failures = failures, failures_after(failures, ran)
        assert failures == (1 if ran >= HEALTHY_AFTER else before + 1)
        assert 0 <= pause_before_restart(failures) <= 60


@pytest.mark.parametrize(("status", "lives"), [(200, True), (503, True), (400, True), (500, False)])
def test_any_answer_is_a_sign_of_life_but_stuck(status, lives):
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    assert Web("127.0.0.1", server.server_port, "/health/").seen() is lives
    thread.join()
    server.server_close()


def test_nobody_there_is_no_sign():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert not Web("127.0.0.1", port, "/").seen()


def test_a_pulse_goes_through_the_pipe(monkeypatch):
    before = sorted(os.listdir("/proc/self/fd"))
    pulse = Pulse()
    pulse.begin()
    monkeypatch.setenv(PULSE, pulse.begin()[PULSE])
    assert not pulse.seen()
    give_sign()
    give_sign()
    assert pulse.seen() and not pulse.seen()
    pulse.end()
    assert sorted(os.listdir("/proc/self/fd")) == before
    assert not pulse.seen(), "a last look after the end"


def test_without_anybody_who_listens_a_sign_harms_nothing(monkeypatch):
    monkeypatch.delenv(PULSE, raising=False)
    give_sign()
    monkeypatch.setenv(PULSE, "987")
    give_sign()


def sleeper(sign=None):
    one = Process("甲", [sys.executable, "-c", "import time; time.sleep(600)"], sign=sign)
    one.start()
    return one


class Silent:
    """Never a sign of life."""

    def begin(self):
        return {}

    def inherited(self):
        return ()

    def seen(self):
        return False

    def end(self):
        pass


@pytest.fixture
def now(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(processes.clock, "monotonic", lambda: clock[0])
    return clock


def end(one):
    one._watching.close()
    os.killpg(one.handle.pid, signal.SIGKILL)
    one.handle.wait()


def test_a_child_that_hangs_is_killed_told_and_started_again(now, capfd):
    one = sleeper(Silent())
    first = one.handle.pid
    one.watch.last_sign = 1050.0
    now[0] = 1051.0
    one.look()
    assert one.handle.pid == first
    now[0] = 1050.0 + SILENCE + 1
    one.look()
    one.look()
    assert one.handle.pid != first and one.handle.poll() is None
    assert "甲 没有应答，已经强制停下" in capfd.readouterr().err
    end(one)


def test_a_stopped_child_is_started_again(now):
    one = sleeper(Silent())
    first = one.handle.pid
    os.kill(first, signal.SIGSTOP)
    now[0] += COMING_UP + 1
    one.look()
    one.look()
    assert one.handle.pid != first
    end(one)


def test_a_child_that_dies_at_once_is_started_after_longer_and_longer_pauses(now, capfd):
    one = Process("甲", [sys.executable, "-c", "raise SystemExit(3)"])
    one.start()
    pauses = []
    for _ in range(4):
        one.handle.wait()
        one.look()
        pauses.append(one.due_at - now[0])
        now[0] = one.due_at - 0.01
        dead = one.handle
        one.look()
        assert one.handle is dead or not pauses[-1]
        now[0] = (one.due_at or now[0]) + 0.01
        one.look()
        assert one.handle is not dead
    assert pauses == [0, 1, 2, 4]
    said = capfd.readouterr().err
    assert "甲 退出（3），重新启动" in said and "连续第 4 次" in said and "4 秒后重新启动" in said
    one.handle.wait()


def test_without_a_sign_only_death_is_noticed(now):
    one = sleeper()
    now[0] += 10**6
    first = one.handle.pid
    one.look()
    assert one.handle.pid == first
    end(one)


def test_a_log_on_a_full_disk_stops_nobody(monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(processes.sys, "stderr", full)
        processes.tell("甲 退出")
        with contextlib.suppress(OSError):
            full.close()


def test_the_addresses_are_told_when_everybody_answers(now):
    one, other = sleeper(Silent()), sleeper()
    assert other.has_answered()
    assert not one.has_answered()
    one.watch.last_sign = 1001.0
    assert one.has_answered()
    for each in (one, other):
        end(each)
