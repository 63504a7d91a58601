"""The documents of the project: which there are, their command blocks, their links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_BLOCK: Final = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FENCED: Final = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK: Final = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
_EXPECTED: Final = re.compile(r"\s+# 退出码 (\d)$")


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a document and the exit code it promises (0, or ``# 退出码 1`` behind it)."""

    document: str
    line: int
    text: str
    code: int = 0

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.document}:{self.line}"


def documents(root: Path = ROOT) -> list[Path]:
    """The README and everything under ``docs``."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def commands(path: Path, root: Path = ROOT) -> list[Command]:
    """Every line of the ``console`` blocks; a backslash at its end goes on with the next line."""
    text = path.read_text(encoding="utf-8")
    found: list[Command] = []
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(1)) + 1
        waiting, begun = "", line
        for number, row in enumerate(block[1].splitlines(), start=line):
            if not waiting:
                begun = number
            waiting += row
            if waiting.endswith("\\"):
                waiting = waiting[:-1] + " "
                continue
            stripped = waiting.strip()
            waiting = ""
            if stripped and not stripped.startswith("#"):
                expected = _EXPECTED.search(stripped)
                code = int(expected[1]) if expected else 0
                found.append(Command(str(path.relative_to(root)), begun, _EXPECTED.sub("", stripped), code))
    return found


def links(path: Path) -> Iterator[str]:
    """Targets of links and images, outside of code."""
    yield from _LINK.findall(_FENCED.sub("", path.read_text(encoding="utf-8")))


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    text = _FENCED.sub("", path.read_text(encoding="utf-8"))
    heads = re.findall(r"^#{1,6} (.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
