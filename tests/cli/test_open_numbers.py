"""What the commands print of a rulebook: every number of its author's own bears its mark on the same line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kaoping.cli.main import main
from tests.campaigns.numbered_rulebook import FILES, NUMBERS

Call = Callable[..., str]
PROPOSED = re.compile("|".join(rf"(?<![\d.]){re.escape(one)}(?!\d)" for one in NUMBERS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two versions of the rulebook, and a year of one unit."""
    changed = {"rubric.yaml": FILES["rubric.yaml"].replace("37.37", "36.37").replace("31.31", "32.31")}
    for name, files in {"book": FILES, "other": FILES | changed}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text, encoding="utf-8")
    at = "2025-06-01T00:00:00+08:00"
    given: list[tuple[str, str, str, Any]] = [
        ("K1.1", "reviewer", "level", "fair"),
        ("K1.2", "reviewer", "level", "good"),
        ("K3.3", "register", "count", 2),
        ("S5.1", "ballot", "tally", {"question": "q1", "options": {"a": 40, "b": 6, "c": 4}}),
        ("D1", "register", "count", 2),
        ("B1", "register", "count", 2),
    ]
    lines = [
        json.dumps(
            {"id": item, "unit": "E", "item": item, "check": None, "target": None, "source": source, "observed_at": at,
             "recorded_at": at, "kind": kind, "value": value, "reason": None, "artefacts": [], "by": None, "act": None,
             "supersedes": None}
        )
        for item, source, kind, value in given
    ]  # fmt: skip
    (tmp_path / "o.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "u.csv").write_text("code,name,kind,group\nE,教育局,department,市级部门\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*args: object) -> str:
        assert main([*map(str, args)]) == 0
        return capsys.readouterr().out

    return run


def unmarked(text: str) -> list[str]:
    return [line for line in text.splitlines() if PROPOSED.search(line) and "待核" not in line]


def test_the_tree_the_difference_and_the_explanation(folder: Path, call: Call) -> None:
    tree = call("rulebook", "show", folder / "book")
    assert "68.68 分　待核" in tree, "a branch's points are no surer than those below it"
    difference = call("rulebook", "diff", folder / "book", folder / "other")
    year = ("--units", folder / "u.csv", "--year", "2025", "--as-of", "2026-01-10")
    explained = call("score", folder / "book", folder / "o.jsonl", *year, "--explain", "E")
    totals = call("score", folder / "book", folder / "o.jsonl", *year, "--csv", folder / "t.csv")
    table = (folder / "t.csv").read_text(encoding="utf-8-sig")
    for text in (tree, difference, explained, totals, table):
        assert PROPOSED.search(text)
        assert unmarked(text) == []


def nodes(tree: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for one in tree:
        yield one
        yield from nodes(one["children"])


def test_the_same_as_json_says_where_each_number_comes_from(folder: Path, call: Call) -> None:
    tree = json.loads(call("rulebook", "show", folder / "book", "--json"))
    assert {one["confidence"] for one in nodes(tree)} == {"proposed"}
    rows = json.loads(call("rulebook", "diff", folder / "book", folder / "other", "--json"))
    assert {one["code"] for one in rows} == {"K1.1", "K1.2"}
    assert {(one["before_confidence"], one["after_confidence"]) for one in rows} == {("proposed", "proposed")}
