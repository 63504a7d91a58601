"""A folder on a small disk of its own that can be filled and freed again. Needs root (a memory file system is mounted)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
