"""Every line of the audit log goes to the log server that the setting names, and no act waits for it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import AuditEntry
from kaoping.support import syslog
from kaoping.support.environment import SettingError

Committed = Callable[..., AbstractContextManager[Any]]
AT = datetime.fromisoformat("2026-01-05T09:00:00+08:00")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Committed) -> Committed:
    """A transaction that comes to its end; the test's own never does."""
    return django_capture_on_commit_callbacks


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A log server on loopback, named by the setting."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(5)
        monkeypatch.setenv(syslog.SETTING, f"udp://127.0.0.1:{listening.getsockname()[1]}")
        yield listening


def received(server: socket.socket) -> str:
    return server.recv(65535).decode()


@pytest.mark.django_db
def test_a_line_arrives_with_its_digest_as_rfc_5424(server: socket.socket, committed: Committed) -> None:
    with committed(execute=True):
        record_act(SYSTEM, "sign_in", "person", "7", "某人 登录。\n第二行", now=AT)
    text = received(server)
    # Facility 13 (log audit), severity 6 (informational).
    found = re.fullmatch(r"<110>1 (\S+) (\S+) kaoping (\d+) sign_in - \ufeff(.*)", text)
    assert found is not None, text
    assert found[1] == "2026-01-05T01:00:00.000000Z"
    line = json.loads(found[4])
    entry = AuditEntry.objects.get()
    assert (line["digest"], line["number"], line["sentence"]) == (entry.digest, 1, "某人 登录。\n第二行")
    assert "\n" not in found[4], "one line, whatever the sentence holds"


@pytest.mark.django_db
def test_what_is_undone_was_never_sent(server: socket.socket, committed: Committed) -> None:
    with committed(execute=True):
        with pytest.raises(RuntimeError), transaction.atomic():
            record_act(SYSTEM, "sign_in", "person", "7", "没有发生。", now=AT)
            raise RuntimeError
        record_act(SYSTEM, "sign_out", "person", "7", "发生了。", now=AT)
    assert "发生了" in received(server)


@pytest.mark.django_db
@pytest.mark.parametrize("setting", ["udp://127.0.0.1:1", "udp://nowhere.invalid:514", "/nowhere/log"])
def test_a_server_that_is_away_stops_no_act(
    monkeypatch: pytest.MonkeyPatch, committed: Committed, setting: str
) -> None:
    monkeypatch.setenv(syslog.SETTING, setting)
    with committed(execute=True):
        record_act(SYSTEM, "sign_in", "person", "7", "长" * 40_000, now=AT)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_local_socket_takes_it_too(
    monkeypatch: pytest.MonkeyPatch, committed: Committed, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.settimeout(5)
        monkeypatch.setenv(syslog.SETTING, str(path))
        with committed(execute=True):
            record_act(SYSTEM, "sign_in", "person", "7", "某人 登录。", now=AT)
        assert "某人 登录。" in listening.recv(65535).decode()


def test_a_server_that_is_named_no_more_is_let_go_of(
    server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(5)
        before = sockets()
        syslog.send(AT, "sign_in", "第一行")
        monkeypatch.setenv(syslog.SETTING, f"udp://127.0.0.1:{other.getsockname()[1]}")
        syslog.send(AT, "sign_in", "第二行")
        syslog.send(AT, "sign_in", "第三行")
        assert received(server).endswith("第一行")
        assert received(other).endswith("第二行") and received(other).endswith("第三行")
        assert len(sockets() - before) <= 1


def sockets() -> set[tuple[str, str]]:
    """The sockets of this process."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add((entry.name, str(entry.readlink())))
    return {one for one in found if one[1].startswith("socket:")}


@pytest.mark.parametrize("setting", ["10.0.0.9", "tcp://10.0.0.9:514", "udp://", "udp://a:xyz", "udp://[::1"])
def test_an_address_that_is_none_is_refused_in_words(setting: str) -> None:
    with pytest.raises(SettingError, match=syslog.SETTING):
        syslog.address(setting)


def test_the_port_has_a_default() -> None:
    assert syslog.address("udp://10.0.0.9") == ("10.0.0.9", 514)
    assert syslog.address("/dev/log") == "/dev/log"
