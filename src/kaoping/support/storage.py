"""Can this installation store anything now? Room on the disk, whether a write works, and which failures mean "not now".

No Django: the intake asks too.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kaoping.support import clock

FULL: Final = "磁盘已满"
READ_ONLY: Final = "数据目录不能写"
# Below this many bytes a database cannot be trusted to finish what it begins.
LEAST_FREE: Final = 8 * 1024 * 1024
# Below this many bytes people are warned.
WARN_FREE: Final = 200 * 1024 * 1024
_PROBE: Final = 64 * 1024
_KEEP_SECONDS: Final = 2.0

_ERRNO: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
_SQLITE: Final = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
}  # fmt: skip
_WORDS: Final = {
    errno.EACCES: READ_ONLY, errno.EPERM: READ_ONLY, errno.EROFS: READ_ONLY, errno.ENOSPC: FULL, errno.EDQUOT: FULL,
}  # fmt: skip
_WORDS_OF_SQLITE: Final = {
    sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_CANTOPEN: READ_ONLY, sqlite3.SQLITE_FULL: FULL,
}  # fmt: skip
# Classes of SQLSTATE: connection lost, resources used up, server going down, system error; and the one for read-only.
_SQLSTATE: Final = ("08", "53", "57P", "58", "25006")


@dataclass(frozen=True, slots=True)
class Room:
    """What a look at the data folder found: bytes free, and why nothing can be stored (empty when it can)."""

    free: int
    trouble: str


def glance(folder: Path) -> Room:
    """What the file system says of itself, without writing."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return Room(0, READ_ONLY)
    free = found.f_bavail * found.f_frsize
    if found.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return Room(free, READ_ONLY)
    return Room(free, FULL if free < LEAST_FREE else "")


def look(folder: Path) -> Room:
    """The same, and a small file is written and removed at once: quotas and broken disks show only then."""
    found = glance(folder)
    if found.trouble:
        return found
    path = folder / f".write-probe-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        path.write_bytes(b"\0" * _PROBE)
    except OSError as error:
        return Room(found.free, FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else READ_ONLY)
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
    return found


class Watched:
    """The last look at a folder, repeated when it is older than two seconds: pages ask on every request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Path, tuple[float, Room]] = {}

    def room(self, folder: Path) -> Room:
        """What was found lately."""
        with self._lock:
            at, room = self._seen.get(folder, (float("-inf"), Room(0, "")))
            if clock.monotonic() - at > _KEEP_SECONDS:
                room = look(folder)
                self._seen[folder] = (clock.monotonic(), room)
            return room


_watched: Final = Watched()


def room(folder: Path) -> Room:
    """What was found lately in ``folder``."""
    return _watched.room(folder)


def cannot_store(error: BaseException) -> bool:
    """Whether a failure means that storing is impossible for now: a full disk, a read-only folder, a database that is
    away or busy. The same act may be tried again later.
    """
    return any(_not_now(one) for one in _causes(error))


def refused(error: BaseException) -> tuple[str, str]:
    """Which of ``READ_ONLY`` and ``FULL`` a failed write ran into, and at which path where the system said so.

    Two empty texts for any other failure.
    """
    for one in _causes(error):
        word = _word(one)
        if word:
            named = getattr(one, "filename", None)
            return word, str(named) if isinstance(named, str | os.PathLike) else ""
    return "", ""


def _word(error: BaseException) -> str:
    code, state = getattr(error, "sqlite_errorcode", None), getattr(error, "sqlstate", None)
    if isinstance(error, OSError):
        # Without a path it is something else that was not allowed, such as a low port.
        return _WORDS.get(error.errno or 0, "") if error.filename or error.errno in _ERRNO else ""
    if isinstance(code, int):
        return _WORDS_OF_SQLITE.get(code & 0xFF, "")
    return {"25006": READ_ONLY, "53100": FULL}.get(state, "") if isinstance(state, str) else ""


def _not_now(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _ERRNO:
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in _SQLITE
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_SQLSTATE)
    # psycopg says nothing more when there was no server to say it.
    return type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
