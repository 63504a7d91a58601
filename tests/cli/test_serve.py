"""``kaoping serve``: the whole process tree on loopback; what dies comes back, and stopping stops all."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench.ports import free_ports

from kaoping.cli.commands import serve
from kaoping.cli.errors import InputError
from kaoping.cli.liveness import Pulse
from kaoping.cli.main import main
from tests.cli.running import environment

NAMES = {"收卷": 2, "内网": 0, "外网": 1}


def answer(port: int, path: str) -> int:
    """The HTTP status, 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def until(condition: Callable[[], bool], seconds: float = 40) -> bool:
    """Whether ``condition`` comes true in time: these are other processes, so real time passes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def group_of(port_option: str) -> list[int]:
    """Process groups whose command line holds ``--port <number>``."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            port = words[words.index(b"--port") + 1] if b"--port" in words and b"granian" in words else b""
            if port == port_option.encode():
                found.add(os.getpgid(int(entry.name)))
    return sorted(found)


@pytest.fixture
def served(data, tmp_path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """A running installation: its process, its first port, the file of what it says."""
    port, said = free_ports(3), tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kaoping", "serve", "--data", str(data()), "--port", str(port)],
            env=environment(),
            stdout=out,
            stderr=out,
        )
    yield process, port, said
    process.kill()
    process.wait(20)


@pytest.mark.slow
def test_all_four_run_come_back_when_killed_and_stop_together(served) -> None:
    process, port, said = served
    faces = {port: "/health/", port + 1: "/", port + 2: "/health"}
    for number, path in faces.items():
        assert until(lambda: answer(number, path) == 200), said.read_text()  # noqa: B023
    assert until(lambda: f"http://127.0.0.1:{port}/" in said.read_text())
    assert until(lambda: answer(port, "/health/") == 200)
    assert answer(port, "/desk/register/") == 302, "strangers are sent to the sign-in page"
    for name, offset in NAMES.items():
        [group] = group_of(str(port + offset))
        os.killpg(group, signal.SIGKILL)
        assert until(lambda: f"{name} 退出" in said.read_text()), name  # noqa: B023
    for number, path in faces.items():
        assert until(lambda: answer(number, path) == 200), said.read_text()  # noqa: B023
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not any(listening(number) for number in faces)
    assert not any(group_of(str(port + offset)) for offset in NAMES.values())


@pytest.mark.slow
def test_when_the_parent_is_killed_nobody_is_left_behind(served) -> None:
    process, port, said = served
    assert until(lambda: answer(port, "/health/") == 200), said.read_text()
    assert until(lambda: listening(port + 1) and listening(port + 2))
    process.kill()
    process.wait(20)
    assert until(lambda: not any(listening(number) for number in (port, port + 1, port + 2)))


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_busy_port_is_refused_in_words(tmp_path, offset) -> None:
    port = free_ports(3)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", port + offset))
        busy.listen()
        with pytest.raises(InputError) as refused:
            serve.serve(tmp_path, "127.0.0.1", port)
    assert f"端口 {port + offset} 不能用" in str(refused.value) and "PORT=" in str(refused.value)


@pytest.mark.parametrize("words", [(), ("--build-only",)])
def test_a_demonstration_asks_for_its_ports_before_it_builds(tmp_path, capsys, words) -> None:
    port = free_ports(4)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", port + 3))
        busy.listen()
        assert main(["demo", "--data", str(tmp_path / "d"), "--port", str(port), *words]) == 2
    assert f"端口 {port + 3} 不能用" in capsys.readouterr().err
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("port", [0, 65534, 99999])
def test_a_port_that_is_none_is_refused(tmp_path, port) -> None:
    with pytest.raises(InputError, match="65533"):
        serve.serve(tmp_path, "127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "kaoping.example"])  # noqa: S104
def test_a_demonstration_is_served_on_loopback_only(tmp_path, host) -> None:
    (tmp_path / "demo.json").write_text("{}")
    with pytest.raises(InputError, match="本机回环"):
        serve.serve(tmp_path, host, 8000)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_loopback_goes_by_several_names(host) -> None:
    assert serve._is_loopback(host)


def test_no_folder_is_bad_input(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    assert main(["serve", "--data", str(tmp_path / "none")]) == 2
    assert "kaoping init" in capsys.readouterr().err


def test_both_faces_and_the_worker_know_the_same_folder_and_intake(tmp_path) -> None:
    made = serve.processes(tmp_path, "127.0.0.1", 9000)
    assert [one.name for one in made] == ["收卷", "内网", "外网", "后台任务"]
    assert {one.environment["KAOPING_DATA"] for one in made} == {str(tmp_path)}
    assert {one.environment["KAOPING_INTAKE"] for one in made} == {"127.0.0.1:9002"}
    assert "127.0.0.1" in made[0].command, "the intake is never offered beyond loopback"


def test_an_ipv6_host_is_written_with_brackets(tmp_path) -> None:
    made = serve.processes(tmp_path, "::1", 9000)
    assert made[0].environment["KAOPING_OUTSIDE_URL"] == "http://[::1]:9001"


def test_every_process_shows_that_it_lives(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KAOPING_HOSTS", ".kaoping.example,other.example")
    intake, inside, outside, worker = serve.processes(tmp_path, "0.0.0.0", 9000)  # noqa: S104
    assert (intake.sign.port, intake.sign.path) == (9002, "/alive")
    assert [(one.sign.port, one.sign.path) for one in (inside, outside)] == [
        (9000, "/health/"),
        (9001, "/health/"),
    ]
    assert {one.sign.asked_as for one in (inside, outside)} == {"kaoping.example"}
    assert isinstance(worker.sign, Pulse)


@pytest.mark.slow
def test_what_hangs_comes_back_as_what_dies_does(served) -> None:
    process, port, said = served
    faces = {port: "/health/", port + 1: "/health/", port + 2: "/alive"}
    for number, path in faces.items():
        assert until(lambda: answer(number, path) == 200), said.read_text()  # noqa: B023
    groups = [group for offset in NAMES.values() for group in group_of(str(port + offset))]
    assert len(groups) == 3
    for group in [*groups, *workers_of(process)]:
        os.killpg(group, signal.SIGSTOP)
    for name in (*NAMES, "后台任务"):
        assert until(lambda: f"{name} 没有应答" in said.read_text(), 180), name  # noqa: B023
    for number, path in faces.items():
        assert until(lambda: answer(number, path) == 200), said.read_text()  # noqa: B023


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Process groups of the workers that ``process`` started."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if b"work" in words and parent == process.pid:
                    found.add(os.getpgid(int(entry.name)))
    return sorted(found)
