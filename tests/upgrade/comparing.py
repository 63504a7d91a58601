"""Compare what a release kept with what an upgrade made of it: every table, every row, every column."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

Row = Mapping[str, Any]
MOST: Final = 5  # differences told of one table
REMEDY: Final = "办法：迁移不能丢改已存的内容；确属有意的变化写进 tests/upgrade/intended.py，注明理由"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table by their keys; ``guarded`` says that triggers refuse to change or remove them."""

    columns: tuple[str, ...]
    rows: Mapping[tuple[Any, ...], Row]
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Intended:
    """What an upgrade changes on purpose; every entry carries its reason.

    ``values``: (table, column) to the reason and the function that gives the new value of an old row.
    ``gone``: a table or ``table.column`` that is no longer kept. ``grows``: tables to which the upgrade adds rows itself.
    ``apart``: tables that are the database's own book-keeping and not compared.
    """

    values: Mapping[tuple[str, str], tuple[str, Callable[[Row], Any]]] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    grows: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)


def differences(
    before: Mapping[str, Table], after: Mapping[str, Table], intended: Intended | None = None
) -> list[str]:
    """What of ``before`` is lost, changed or newly invented in ``after``, in words; later tables and columns are welcome."""
    intended = intended or Intended()
    found: list[str] = []
    for name, old in before.items():
        if name in intended.gone or name in intended.apart:
            continue
        if name not in after:
            found.append(f"表 {name} 没有了（原有 {len(old.rows)} 行）")
            continue
        told = list(_in_table(name, old, after[name], intended))
        found += told[:MOST]
        if len(told) > MOST:
            found.append(f"表 {name} 另有 {len(told) - MOST} 处不同")
    return [f"{one}。{REMEDY}" for one in found]


def _in_table(name: str, old: Table, new: Table, intended: Intended) -> Iterable[str]:
    if old.guarded and not new.guarded:
        yield f"表 {name} 原来只增不改，升级后触发器没有了（SQLite 重建表会丢触发器，迁移里要重新加上）"
    columns = [one for one in old.columns if f"{name}.{one}" not in intended.gone]
    for column in columns:
        if column not in new.columns:
            yield f"表 {name} 的列 {column} 没有了"
    kept = [one for one in columns if one in new.columns]
    for key, row in old.rows.items():
        if key not in new.rows:
            yield f"表 {name} 少了一行 {_key(key)}：{_short(dict(row))}"
            continue
        for column in kept:
            reason, change = intended.values.get((name, column), ("", None))
            wanted = change(row) if change else row[column]
            if new.rows[key][column] != wanted:
                yield (
                    f"表 {name} 行 {_key(key)} 列 {column}：升级前 {_short(row[column])}，"
                    f"升级后 {_short(new.rows[key][column])}"
                    + (f"，应为 {_short(wanted)}（{reason}）" if change else "")
                )
    if name not in intended.grows:
        for key in new.rows.keys() - old.rows.keys():
            yield f"表 {name} 多了一行 {_key(key)}：升级不应凭空添内容"


def _key(key: tuple[Any, ...]) -> str:
    return "、".join(str(part) for part in key)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:150]}…（共 {len(text)} 字符）"


def read_sqlite(path: Path) -> dict[str, Table]:
    """Every table of a SQLite file."""
    connection = sqlite3.connect(path)
    try:
        names = _column(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {name: _sqlite_table(connection, name) for name in names}
    finally:
        connection.close()


def _sqlite_table(connection: sqlite3.Connection, name: str) -> Table:
    facts = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    columns = tuple(str(fact[1]) for fact in facts)
    keys = [str(fact[1]) for fact in sorted(facts, key=lambda fact: fact[5]) if fact[5]] or list(columns)
    rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
    events = _column(
        connection,
        f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{name}'",
    )
    guarded = all(any(f"BEFORE {act} ON" in sql for sql in events) for act in ("UPDATE", "DELETE"))
    return _table(columns, keys, rows, guarded)


def read_postgres(url: str) -> dict[str, Table]:
    """Every table of a PostgreSQL database; one outside ``public`` is named with its schema."""
    import psycopg  # noqa: PLC0415 - only where a server is

    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            " AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        ).fetchall()
        return {
            name if schema == "public" else f"{schema}.{name}": _postgres_table(connection, schema, name)
            for schema, name in names
        }


def _postgres_table(connection: Any, schema: str, name: str) -> Table:
    where = f'"{schema}"."{name}"'
    found = connection.execute(f"SELECT * FROM {where}")
    columns = tuple(one.name for one in found.description)
    rows = found.fetchall()
    keys = [
        row[0]
        for row in connection.execute(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
            " AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND i.indrelid = %s::regclass ORDER BY 1",
            (where,),
        )
    ]
    acts = {
        row[0]
        for row in connection.execute(
            "SELECT event_manipulation FROM information_schema.triggers"
            " WHERE event_object_schema = %s AND event_object_table = %s AND action_timing = 'BEFORE'",
            (schema, name),
        )
    }
    return _table(columns, keys or list(columns), rows, acts >= {"UPDATE", "DELETE"})


def _table(columns: tuple[str, ...], keys: list[str], rows: Iterable[Any], guarded: bool) -> Table:
    places = [columns.index(key) for key in keys]
    by_key = {
        tuple(str(row[place]) for place in places): dict(zip(columns, row, strict=True)) for row in rows
    }
    return Table(columns, by_key, guarded)


def _column(connection: sqlite3.Connection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query)]
