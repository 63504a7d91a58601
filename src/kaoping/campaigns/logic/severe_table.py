"""A table of 单项否决、重大减分, one a row, as an office keeps it; every refused cell is named by sheet and cell. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from kaoping.campaigns.logic.severe import Fault, Given, Line, Rules, read
from kaoping.foreign.sheet.headings import find_heading

COLUMNS: Final[dict[str, str]] = {
    "单位代码": "unit",
    "事项": "item",
    "取值": "value",
    "认定日期": "on",
    "文号": "document",
    "认定事实": "reason",
    "附件": "file",
}
MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: what it says, the line that it makes or null, and its faults as sentences with their cells."""

    number: int
    given: Given
    line: Line | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Every row in order, and what is wrong with the file as a whole."""

    rows: tuple[Row, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """How many rows are not taken."""
        return sum(1 for one in self.rows if one.line is None)

    @property
    def good(self) -> bool:
        """Whether the whole of it can be proposed: all rows or none."""
        return bool(self.rows) and not self.faults and not self.refused


def read_rows(
    sheet: str, lines: Sequence[tuple[int, Sequence[Any]]], rules: Rules, *, files: Collection[str]
) -> Reading:
    """Read a table. ``sheet`` is the name of its worksheet, '' for CSV; ``files`` the names of the attached documents."""
    if not lines:
        return Reading(faults=(f"没有内容。第一行写列名：{'、'.join(COLUMNS)}。",))
    at, names = find_heading(lines, {name: name for name in COLUMNS}, tuple(COLUMNS))
    first, headings = lines[at]
    wrong = [
        f"{place(sheet, first)}：缺“{name}”这一列，请照模板补上。" for name in COLUMNS if name not in names
    ]
    wrong += [
        f"{place(sheet, first)}：“{name}”这一列出现了两次，请删去一列。"
        for name in COLUMNS
        if names.count(name) > 1
    ]
    body = [(number, cells) for number, cells in lines[at + 1 :] if list(cells) != list(headings)]
    if not wrong and not body:
        wrong.append(f"{place(sheet, first)}：列名下面没有内容，一行写一件。")
    if len(body) > MOST_ROWS:
        wrong.append(f"有 {len(body)} 行，一次最多 {MOST_ROWS} 行，请拆成几个文件。")
    if wrong:
        return Reading(faults=tuple(wrong))
    taken = set(rules.standing)
    made = []
    for number, cells in body:
        row = _row(sheet, number, names, cells, replace(rules, standing=taken), files)
        if row.line is not None:
            taken.add(row.line.key)
        made.append(row)
    return Reading(tuple(made), tuple(_unused(made, files)))


def place(sheet: str, number: int, column: int | None = None, name: str = "") -> str:
    """A cell as people find it: 表“台账”C5（文号）; a CSV has no sheets and no letters."""
    if not sheet:
        return f"第 {number} 行" + (f"“{name}”" if name else "")
    cell = f"{letters(column)}{number}" if column is not None else f"第 {number} 行"
    return f"表“{sheet}”{cell}" + (f"（{name}）" if name else "")


def letters(column: int) -> str:
    """The letters of a column counted from 0: A … Z, AA …"""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _row(
    sheet: str,
    number: int,
    names: Sequence[str],
    cells: Sequence[Any],
    rules: Rules,
    files: Collection[str],
) -> Row:
    texts = {COLUMNS[name]: _text(cell) for name, cell in zip(names, cells, strict=False) if name in COLUMNS}
    given = Given(**{field: texts.get(field, "") for field in COLUMNS.values()})
    line, faults = read(given, rules)
    if given.file and given.file not in files:
        line = None
        faults = [
            *faults,
            Fault(
                "file", f"没有附上“{given.file[:60]}”这份文件；请在“认定或通报的文件”里一起选上，文件名要一致"
            ),
        ]
    extra = [
        f"{place(sheet, number, column)}：没有列名，请删去这一格，或整格加引号。"
        for column in range(len(names), len(cells))
        if _text(cells[column])
    ]
    where = {COLUMNS[name]: (column, name) for column, name in enumerate(names) if name in COLUMNS}
    told = [f"{place(sheet, number, *where[one.field])}：{one.message}。" for one in faults]
    return Row(number, given, None if extra else line, (*told, *extra))


def _unused(rows: Sequence[Row], files: Collection[str]) -> list[str]:
    named = {one.given.file for one in rows}
    return [
        f"附了“{name[:60]}”，表里没有一行写它；请在“附件”一列写明，或不要附。"
        for name in files
        if name not in named
    ]


def _text(cell: Any) -> str:
    """A cell as text. A number of a spreadsheet that is whole is written whole."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip() if cell is not None else ""
