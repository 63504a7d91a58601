"""A small sound year in files, and what somebody might put in the place of each of them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tests.standards.making import ABOUT, RUBRIC, TIMETABLE

QUESTIONNAIRE = """\
id: q
version: "1"
questions:
  - id: q1
    dimension: A
    kind: single
    options:
      - {code: good, label: 好, counts_as: satisfied}
      - {code: bad, label: 差, counts_as: dissatisfied}
"""
CASE = """\
year: 2025
as_of: "2026-01-10T00:00:00+08:00"
units:
  - {code: U, kind: department}
observations:
  - {unit: U, item: B, source: register, observed_at: "2025-03-01T09:00:00+08:00", kind: points, value: "30"}
expect:
  U: {items: {B: "30"}}
"""
UNITS = "code,name,kind,parent,leading_department,valid_from,valid_to,successor\nU,甲局,department,,,,,\n"
LINE: dict[str, Any] = {
    "id": "o1",
    "unit": "U",
    "item": "B",
    "check": None,
    "source": "register",
    "observed_at": "2025-03-01T09:00:00+08:00",
    "recorded_at": "2025-03-01T09:00:00+08:00",
    "kind": "points",
    "value": "30",
    "reason": "按登记",
    "artefacts": [],
    "by": None,
    "supersedes": None,
}
BALLOT: dict[str, Any] = {"id": "b1", "unit": "U", "stratum": None, "answers": {"q1": "good"}}
PAGE = "<html><head><title>甲</title></head><body>文</body></html>"


class Year:
    """The files, each sound until it is replaced by text, bytes or something that is no file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put("book/about.yaml", ABOUT)
        self.put("book/rubric.yaml", RUBRIC)
        self.put("book/timetable.yaml", TIMETABLE)
        self.put("book/cases/one.yaml", CASE)
        self.put("units.csv", UNITS)
        self.put("o.jsonl", json.dumps(LINE, ensure_ascii=False) + "\n")
        self.put("b.jsonl", json.dumps(BALLOT) + "\n")
        self.put("q.yaml", QUESTIONNAIRE)
        self.put("page.html", PAGE)

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def instead(self, name: str, kind: str) -> Path:
        """Put a ``folder``, ``pipe``, ``ring``, ``device`` or nothing (``gone``) where a file was."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        if kind == "folder":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "ring":
            path.symlink_to(path.name)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        return path

    def command(self, name: str, *more: object) -> list[str]:
        """The words of a command over these files."""
        at = self.folder
        span = ["--units", at / "units.csv", "--year", "2025", "--as-of", "2026-01-10"]
        words: Sequence[object] = {
            "check-rulebook": ["rulebook", "check", at / "book"],
            "show-rulebook": ["rulebook", "show", at / "book"],
            "diff-rulebook": ["rulebook", "diff", at / "book", "changzhou-2020"],
            "score": ["score", at / "book", at / "o.jsonl", *span],
            "bundle": ["bundle", at / "book", at / "o.jsonl", *span, "--out", at / "out.zip"],
            "tally": ["tally", at / "b.jsonl", "--questionnaire", at / "q.yaml"],
            "facts": ["facts", at / "page.html", "--url", "http://www.example.gov.cn/a.html"],
            "verify": ["verify", at / "out.zip"],
            "check": ["check", at / "crawl", "--as-of", "2025-11-30"],
            "restore": ["restore", at / "backup.zip", "--data", at / "restored"],
        }[name]
        return [str(word) for word in (*words, *more)]


@contextmanager
def in_time(seconds: int = 30) -> Iterator[None]:
    """Fail instead of hanging."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"still waiting after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
