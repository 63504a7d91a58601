"""Lines to a log server of the network, where the setting ``KAOPING_SYSLOG`` names one: RFC 5424, without waiting.

A server that is away never stops an act: the line stands in the database and its chain shows what the server lacks.
"""

from __future__ import annotations

import os
import socket
import threading
from datetime import UTC, datetime
from logging import INFO, Formatter, LogRecord, getLogger
from logging.handlers import SysLogHandler
from typing import Final
from urllib.parse import urlsplit

from kaoping.support import environment

SETTING: Final = "KAOPING_SYSLOG"
_PORT: Final = 514
_log = getLogger(__name__)


class _Quiet(SysLogHandler):
    """A failed line is a warning in our own log, never a trace on the error output."""

    append_nul = False

    def handleError(self, record: LogRecord) -> None:
        """Say so; the setting stays."""
        _log.warning("syslog %s: 一行没有送出（%s）", SETTING, record.name)


def address(setting: str) -> str | tuple[str, int]:
    """A socket's path, or host and port of ``udp://host:port``. Raises ``SettingError``."""
    if setting.startswith("/"):
        return setting
    try:
        parts = urlsplit(setting)
        port = parts.port or _PORT
    except ValueError:
        parts, port = urlsplit(""), _PORT
    if parts.scheme != "udp" or not parts.hostname:
        raise environment.SettingError(f"{SETTING} 应形如 udp://10.0.0.9:514 或 /dev/log")
    return parts.hostname, port


def in_rfc5424(at: datetime, message_id: str, message: str) -> str:
    """Everything behind the priority: version, instant, host, program, process, kind, no structured data, UTF-8 text."""
    instant = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"1 {instant} {socket.gethostname() or '-'} kaoping {os.getpid()} {message_id} - \ufeff{message}"


def send(at: datetime, message_id: str, message: str) -> None:
    """One line, if the setting is made. Never raises for a server that is away."""
    setting = environment.read(SETTING)
    if not setting:
        return
    try:
        handler = _handler(setting)
    except OSError as error:  # a name that is not known now may be later
        _log.warning("syslog %s: %s", SETTING, error)
        return
    record = LogRecord(message_id, INFO, "", 0, in_rfc5424(at, message_id, message), None, None)
    handler.handle(record)


# At most one: the server that the setting names, once there was a line for it.
_open: dict[str, SysLogHandler] = {}
_opening: Final = threading.Lock()


def _handler(setting: str) -> SysLogHandler:
    kept = _open.get(setting)
    if kept is not None:
        return kept
    # Facility 13 is the audit log's. A name is looked up here, which may take long: nobody waits for somebody else's.
    made = _Quiet(address(setting), facility=13)
    made.setFormatter(Formatter("%(message)s"))
    with _opening:
        unwanted = [made] if setting in _open else [*_open.values()]
        if setting not in _open:
            _open.clear()
            _open[setting] = made
        kept = _open[setting]
    for one in unwanted:
        one.close()
    return kept
