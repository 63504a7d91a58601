"""Stored bytes, named by their SHA-256. Writing the same bytes twice stores them once; nothing is overwritten."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# The folder beside the store for sealed bytes; backups leave it out and say so.
SEALED: Final = "sealed"


def write_durably(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` whole or not at all, on the disk before the name leads to it; what stood there is replaced.

    Several at once do not meet: the last one stands. The folder has to be there.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with temporary.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


class FileStore:
    """A folder of content-addressed files: ``ab/cdef…``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Store ``content`` durably and return its SHA-256 in hexadecimal."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, content)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes, or null when they were destroyed or never stored."""
        path = self._path(digest)
        return path.read_bytes() if path.is_file() else None

    def verify(self, digest: str) -> bool:
        """Whether the stored bytes still have this digest."""
        content = self.get(digest)
        return content is not None and hashlib.sha256(content).hexdigest() == digest

    def destroy(self, digest: str) -> None:
        """Remove the bytes, sealed ones too; the digest and the recorded act stay elsewhere."""
        self._path(digest).unlink(missing_ok=True)
        self._sealed(digest).unlink(missing_ok=True)

    def seal(self, digest: str) -> None:
        """Put the bytes beside the store, where nothing reads and no backup looks. Twice is once."""
        if self._path(digest).is_file():
            self._sealed(digest).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path(digest).chmod(0o400)
            self._path(digest).replace(self._sealed(digest))

    def unseal(self, digest: str) -> None:
        """Put sealed bytes back."""
        if self._sealed(digest).is_file():
            self._path(digest).parent.mkdir(parents=True, exist_ok=True)
            self._sealed(digest).chmod(0o644)
            self._sealed(digest).replace(self._path(digest))

    def digests(self) -> Iterator[str]:
        """Every stored digest, in order."""
        for path in sorted(self.root.glob("??/*")):
            if not path.name.startswith("."):
                yield path.parent.name + path.name

    def _sealed(self, digest: str) -> Path:
        self._path(digest)  # refuses what is no digest
        return self.root.parent / SEALED / digest

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
            raise ValueError("校验值应为 64 位十六进制")
        return self.root / digest[:2] / digest[2:]
