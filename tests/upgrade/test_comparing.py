"""The comparison itself: it says what is lost, changed or invented, and is silent about what was added."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.upgrade.comparing import Intended, Table, differences, read_sqlite

OLD = {
    "case": Table(("id", "text"), {("1",): {"id": 1, "text": "甲"}, ("2",): {"id": 2, "text": "乙"}}, True)
}


def case(rows: dict[int, dict[str, object]], columns: tuple[str, ...] = ("id", "text"), guarded: bool = True):
    return {"case": Table(columns, {(str(key),): {"id": key, **row} for key, row in rows.items()}, guarded)}


SAME = {1: {"text": "甲"}, 2: {"text": "乙"}}


def test_later_tables_and_columns_are_welcome() -> None:
    later = case({key: {**row, "target": ""} for key, row in SAME.items()}, ("id", "text", "target"))
    assert differences(OLD, {**later, "new": Table(("id",), {("1",): {"id": 1}})}) == []


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({}, "表 case 没有了（原有 2 行）"),
        (case({1: {"text": "甲"}}), "少了一行 2"),
        (case({1: {"text": "甲"}, 2: {"text": "丙"}}), "行 2 列 text：升级前 '乙'，升级后 '丙'"),
        (case({1: {}, 2: {}}, ("id",)), "列 text 没有了"),
        (case({**SAME, 3: {"text": "丁"}}), "多了一行 3"),
        (case(SAME, guarded=False), "触发器没有了"),
    ],
)
def test_what_is_lost_changed_or_invented_is_named(after: dict[str, Table], words: str) -> None:
    (told,) = differences(OLD, after)
    assert words in told
    assert "tests/upgrade/intended.py" in told


def test_many_differences_are_counted() -> None:
    rows = {n: {"text": str(n)} for n in range(9)}
    old = case(rows)
    told = differences(old, case({n: {"text": ""} for n in rows}))
    assert len(told) == 6
    assert "另有 4 处不同" in told[-1]


def test_what_is_intended_is_compared_with_what_was_intended() -> None:
    wish = Intended(
        values={("case", "text"): ("改为大写", lambda row: f"{row['text']}！")}, gone={"b": "不用了"}
    )
    assert differences(OLD, case({1: {"text": "甲！"}, 2: {"text": "乙！"}}), wish) == []
    (told,) = differences(OLD, case({1: {"text": "甲！"}, 2: {"text": "乙"}}), wish)
    assert "应为 '乙！'（改为大写）" in told


def test_a_file_is_read_with_keys_and_guards(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); INSERT INTO a VALUES (7, 'x');"
            "CREATE TRIGGER u BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;"
        )
    assert not read_sqlite(path)["a"].guarded
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TRIGGER d BEFORE DELETE ON a BEGIN SELECT RAISE(ABORT, 'no'); END")
    assert read_sqlite(path)["a"] == Table(("id", "t"), {("7",): {"id": 7, "t": "x"}}, True)
