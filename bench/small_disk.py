"""A folder on a small disk of its own that can be filled and freed again. Needs root (a memory file system is mounted)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from kaoping.support.storage import cannot_store

T = TypeVar("T")
_FILLER: Final = "filler"
_PART: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """``folder`` is the whole disk."""

    folder: Path

    def fill(self) -> None:
        """Until not one byte more can be written."""
        with (self.folder / _FILLER).open("ab", buffering=0) as file:
            part = _PART
            while part:
                try:
                    file.write(b"\0" * part)
                except OSError:
                    part //= 4

    def free(self) -> None:
        """Room again."""
        (self.folder / _FILLER).unlink(missing_ok=True)


def when_there_is_room(write: Callable[[], T]) -> T:
    """Call ``write`` until it is not refused for want of room: what people do, for what the bench writes by itself.

    Raises what it raises for another reason, or still after two minutes: then the folder itself is gone.
    """
    end = time.monotonic() + 120
    while True:
        try:
            return write()
        except Exception as error:
            if not cannot_store(error) or time.monotonic() > end:
                raise
            time.sleep(0.3)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk | None]:
    """Mount one at ``folder``; null where this user may not."""
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform != "linux" or os.geteuid() != 0:
        yield None
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
