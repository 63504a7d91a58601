"""Read a SQLite file, also where nothing can be written. No Django: the intake asks too."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


def writable(path: Path) -> bool:
    """Whether the file and its folder can be written; SQLite keeps its journals beside the file."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def address(path: Path) -> str:
    """The URI to read ``path`` with.

    A file with write-ahead log needs that log's index, which cannot be made in a folder that takes no write. Where no
    log lies beside the file nobody has it open, and it is read as a file that does not change.
    """
    kind = "mode=rw"
    if not writable(path):
        kind = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    return f"file:{quote(str(path))}?{kind}"
