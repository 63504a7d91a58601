"""One serve, one intake on a folder: the system's lock, gone with its process."""

import errno
import json
import signal
import subprocess
import sys

import pytest

from kaoping.support import locks

HOLDER = "import sys; from pathlib import Path; from kaoping.support import locks; lock = locks.take(Path(sys.argv[1]), locks.SERVE, '服务'); print('held', flush=True); sys.stdin.read()"


def test_a_second_one_is_refused_in_words_and_a_killed_holder_leaves_nothing(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(locks.Locked) as refused:
            locks.take(tmp_path, locks.SERVE, "服务")
        assert f"进程 {holder.pid}" in str(refused.value) and "恢复到另一个目录" in str(refused.value)
        locks.take(tmp_path, locks.INTAKE, "收卷进程").release()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    locks.take(tmp_path, locks.SERVE, "服务").release()


def test_who_cannot_say_that_it_holds_the_folder_does_not_hold_it(tmp_path, monkeypatch):
    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(locks.json, "dumps", full)
    with pytest.raises(OSError, match="No space") as refused:
        locks.take(tmp_path, locks.SERVE, "服务")
    monkeypatch.undo()
    locks.take(tmp_path, locks.SERVE, "服务").release()
    assert refused.tb is not None, "kept until here, and with it everything that the failure went through"


def test_a_starting_one_waits_for_one_that_is_ending(tmp_path, monkeypatch):
    first = locks.take(tmp_path, locks.INTAKE, "收卷进程")
    monkeypatch.setattr(locks.clock, "wait", lambda _seconds: first.release())
    second = locks.take(tmp_path, locks.INTAKE, "收卷进程", patience=60)
    assert second.token != first.token
    second.release()


def test_who_belongs_to_another_serve_does_not_go_on(tmp_path, monkeypatch):
    monkeypatch.delenv(locks.BELONGS_TO, raising=False)
    lock = locks.take(tmp_path, locks.SERVE, "服务")
    locks.refuse_orphan(tmp_path)  # started by hand
    monkeypatch.setenv(locks.BELONGS_TO, lock.token)
    locks.refuse_orphan(tmp_path)
    lock.release()
    later = locks.take(tmp_path, locks.SERVE, "服务")
    with pytest.raises(locks.Locked, match="另一个 kaoping serve"):
        locks.refuse_orphan(tmp_path)
    later.release()
    assert json.loads((tmp_path / locks.SERVE).read_text())["token"] == later.token


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(locks.Locked, match="属主"):
        locks.take(tmp_path / "none", locks.SERVE, "服务")
