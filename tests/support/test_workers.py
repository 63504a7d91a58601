import os
import subprocess
import sys
from dataclasses import replace

import pytest

from kaoping.support import logic, workers

SIGN = "from kaoping.support import workers; print(workers.myself().text(), flush=True); input()"


@pytest.fixture
def other():
    """Another process of this machine, and its signature."""
    with subprocess.Popen(
        [sys.executable, "-c", SIGN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, process.stdout.readline().strip()
        process.kill()


needs_proc = pytest.mark.skipif(not workers.place(), reason="no /proc: leases decide there")


@needs_proc
def test_a_living_worker_is_not_gone_and_a_killed_one_is(other):
    process, signature = other
    assert logic.read_holder(signature).pid == process.pid
    assert not workers.surely_gone(signature)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and nobody has asked after it yet
    assert workers.surely_gone(signature)
    process.wait()
    assert workers.surely_gone(signature)


@needs_proc
def test_a_process_that_got_the_number_of_a_dead_one_is_another(other):
    _process, signature = other
    before = replace(logic.read_holder(signature), begun="1")
    assert workers.surely_gone(before.text())


@needs_proc
def test_a_worker_of_another_machine_or_container_is_never_known_to_be_gone(other):
    process, signature = other
    elsewhere = replace(logic.read_holder(signature), place="0" * 16).text()
    process.kill()
    process.wait()
    assert not workers.surely_gone(elsewhere)


def test_what_cannot_be_told_is_not_gone(monkeypatch, tmp_path):
    me = workers.myself().text()
    monkeypatch.setattr(workers, "PROC", tmp_path)
    assert workers.place() == ""
    assert workers.begun(os.getpid()) == ""
    assert not workers.surely_gone(me)
    assert not workers.surely_gone("w1")


def test_a_foreign_users_process_is_taken_for_alive(monkeypatch):
    def refuse(_pid, _signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert workers.begun(12345) == ""
