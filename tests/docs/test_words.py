"""The words of ``docs/reference/words.md``: no screen, message, rulebook or document says what its left column forbids."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.docs.documents import ROOT, documents

TABLE: Final = ROOT / "docs/reference/words.md"
SOURCE: Final = ROOT / "src/kaoping"
EVERYWHERE: Final = "各处"
_CELL: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where a forbidden word may stand: inside ``phrase``, in ``place`` (a file of the project, or everywhere)."""

    word: str
    phrase: str
    place: str
    reason: str


def rows(heading: str) -> list[list[str]]:
    """The rows of the table under ``heading``, cell by cell."""
    text = TABLE.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip())[1:-1]] for line in lines]


WRONG: Final = {row[0]: row[1] for row in rows("不写和写")}
ALLOWED: Final = [Allowed(*row) for row in rows("可以写的")]


def faults(text: str, place: str) -> list[str]:
    """Forbidden words of a text and what to write instead."""
    found = []
    for word, right in WRONG.items():
        inside = [one for one in ALLOWED if one.word == word and one.place in (EVERYWHERE, place)]
        safe = [(at.start(), at.end()) for one in inside for at in re.finditer(re.escape(one.phrase), text)]
        for at in re.finditer(re.escape(word), text):
            if not any(start <= at.start() and at.end() <= end for start, end in safe):
                near = text[max(0, at.start() - 12) : at.end() + 12].replace("\n", " ")
                found.append(f"{place}：“{near}” 写作 {right}")
    return found


def literals(path: Path) -> Iterator[str]:
    """Every text of a module, docstrings and pieces of f-strings among them; names and comments are code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def texts() -> list[tuple[Path, str]]:
    """What people read: pages, messages, rulebooks and their cases, documents."""
    made = []
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            made.append((path, "\n".join(literals(path))))
    for pattern in ("*.html", "*.js", "*.yaml", "*.txt", "*.md"):
        made += [(path, path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob(pattern))]
    prose = [path for path in (*documents(), ROOT / "CHANGELOG.md") if path != TABLE]
    made += [(path, path.read_text(encoding="utf-8")) for path in prose]
    made += [(path, path.read_text(encoding="utf-8")) for path in sorted((ROOT / "docs").rglob("*.json"))]
    return made


def test_the_table_reads() -> None:
    assert WRONG["裁定"].startswith("审定") and len(WRONG) == len(rows("不写和写"))
    assert all(len(row) == 3 and all(row) for row in rows("不写和写"))
    assert all(one.reason and one.word in WRONG and one.word in one.phrase for one in ALLOWED)


@pytest.mark.parametrize(
    ("text", "place", "wrong"),
    [
        ("专家裁定", "src/kaoping/a.py", 1),
        ("考核办法第七条", "src/kaoping/a.py", 0),
        ("请联系考核办，依考核办法办理", "src/kaoping/a.py", 1),
        ("受理机构", "src/kaoping/crawling/guide.py", 0),
        ("受理机构", "src/kaoping/web/a.py", 1),
    ],
)
def test_the_walk_sees_a_word_unless_its_phrase_is_allowed_there(text: str, place: str, wrong: int) -> None:
    assert len(faults(text, place)) == wrong


def test_everything_people_read_keeps_to_the_table() -> None:
    found = [fault for path, text in texts() for fault in faults(text, path.relative_to(ROOT).as_posix())]
    assert found == []


def test_every_exception_is_used() -> None:
    """An exception that nothing needs any more goes."""
    read = [(path.relative_to(ROOT).as_posix(), text) for path, text in texts()]
    idle = [
        one.phrase
        for one in ALLOWED
        if not any(one.phrase in text for place, text in read if one.place in (EVERYWHERE, place))
        and one.phrase not in WRONG[one.word]
    ]
    assert idle == []
