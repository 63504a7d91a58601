"""One process of a kind on one data folder, by a lock of the operating system that ends with the process.

No Django: the ballot intake uses this too.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from kaoping.foreign.failures import in_words
from kaoping.support import clock

SERVE: Final = ".serve.lock"
INTAKE: Final = ".intake.lock"
# Set by `kaoping serve` for the processes that it starts: which serve they belong to.
BELONGS_TO: Final = "KAOPING_SERVE"
_PAUSE: Final = 0.1


class Locked(RuntimeError):
    """Somebody else holds the folder; the message says who and what to do."""


@dataclass(slots=True)
class Lock:
    """A held lock; ``token`` tells this holding from every other. Letting go of it twice is harmless."""

    token: str
    _file: IO[str]

    def release(self) -> None:
        """Let go."""
        self._file.close()


def take(folder: Path, name: str, what: str, *, patience: float = 0.0) -> Lock:
    """Hold ``folder`` for ``what`` (as people call it); waits ``patience`` seconds for one that is just ending.

    Raises ``Locked``. The file stays, the lock does not: it is the system's and ends with the process.
    """
    try:
        file = (folder / name).open("a+", encoding="utf-8")
    except OSError as error:
        raise Locked(f"{folder / name} 打不开（{in_words(error)}）。办法：核对数据目录的属主和磁盘") from None
    lock = Lock(secrets.token_hex(8), file)
    try:
        _hold(file, folder, what, clock.monotonic() + patience)
        file.seek(0)
        file.truncate()
        file.write(json.dumps({"pid": os.getpid(), "token": lock.token}))
        file.flush()
    except BaseException:
        lock.release()
        raise
    return lock


def _hold(file: IO[str], folder: Path, what: str, until: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if clock.monotonic() >= until:
                raise Locked(
                    f"数据目录 {folder} 已有{what}在运行{_holder(file)}。办法：先停下那一个；要另开一份，先备份，再恢复到另一个目录"
                ) from None
            clock.wait(_PAUSE)


def orphaned(folder: Path) -> bool:
    """Whether this process was started by a ``kaoping serve`` that no longer holds ``folder``. One started by hand never is."""
    mine = os.environ.get(BELONGS_TO)
    if not mine:
        return False
    try:
        return bool(json.loads((folder / SERVE).read_text(encoding="utf-8"))["token"] != mine)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def refuse_orphan(folder: Path) -> None:
    """Raises ``Locked`` when another ``kaoping serve`` has the folder now."""
    if orphaned(folder):
        raise Locked(f"数据目录 {folder} 现在由另一个 kaoping serve 使用，本进程不再继续。")


def _holder(file: IO[str]) -> str:
    try:
        file.seek(0)
        return f"（进程 {json.loads(file.read())['pid']}）"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
