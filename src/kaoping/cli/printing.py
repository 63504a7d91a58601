"""The one door to the terminal: whatever a command prints passes here, so that no text of a file can steer it.

``main`` puts the door before both streams; commands go on to ``print``. JSON stays JSON: an escaped sign is written as JSON
writes it. What stands in one line or one cell goes through ``visible`` besides, so that a name cannot forge a line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from kaoping.foreign.visible import harmless, visible

__all__ = ["guarded_output", "visible"]


class _Door:
    """A text stream that shows control signs instead of sending them; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text``, harmless and within the stream's encoding."""
        shown = harmless(text)
        encoding = self._stream.encoding or "utf-8"
        if not shown.isascii() and encoding.lower().replace("-", "") != "utf8":
            shown = shown.encode(encoding, "backslashreplace").decode(encoding)
        return self._stream.write(shown)

    def writelines(self, texts: Iterator[str]) -> None:
        """Write each."""
        for text in texts:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def guarded_output() -> Iterator[None]:
    """Both streams behind the door, and back again afterwards."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast(TextIO, _Door(out)), cast(TextIO, _Door(err))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
