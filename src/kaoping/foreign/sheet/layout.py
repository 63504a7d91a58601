"""An offered table laid out by its declaration: its heading found, every cell read, everything that is wrong named at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final

from kaoping.foreign.sheet.cells import Wrong, read_cell, shown, text_of
from kaoping.foreign.sheet.declaration import Column, Sheet
from kaoping.foreign.sheet.headings import find_heading, heading_of
from kaoping.foreign.sheet.rows import Fault, Head, Offered, Place, Row, Rows, letters

_CLOSE: Final = 0.7
# So many columns are named in one sentence; so much of a name is compared with those that are known.
_NAMED: Final = 8
_COMPARED: Final = 40
_QUOTE: Final = "含逗号的文字要整格加引号"


def lay_out(offered: Offered, sheet: Sheet) -> Rows:
    """Read an offered table. Never raises: what is wrong with a cell, a row or the whole stands in the answer."""
    if not offered.lines:
        below = f"；以下{sheet.row}" if sheet.row else ""
        words = f"第一行写列名：{'、'.join(one.heading for one in sheet.columns)}{below}。"
        return Rows(faults=(Fault(Place(offered.sheet), "", "没有内容", words),), notes=offered.notes)
    at, names = find_heading(offered.lines, sheet.headings, sheet.required)
    number, headings = offered.lines[at]
    table = _Table(sheet, offered.sheet, number, names, [heading_of(cell) for cell in headings])
    notes = [*offered.notes, *_titles(number, at), *table.unknown_columns()]
    body = [(number, cells) for number, cells in offered.lines[at + 1 :] if list(cells) != list(headings)]
    faults = [*table.wrong_headings()] or [*table.wrong_whole(len(body))]
    if faults:
        return Rows(table.head, (), tuple(faults), tuple(notes))
    rows: list[Row] = []
    beside: list[Place] = []
    for number, cells in body:
        shifted = [*table.shifted(number, cells)]
        row, wrong = table.row(number, cells, read=not shifted)
        rows.append(row)
        faults += [*shifted, *wrong]
        if not shifted:
            beside += table.under_no_heading(number, cells)
    return Rows(table.head, tuple(rows), tuple(faults), (*notes, *_beside(beside)))


def _titles(number: int, above: int) -> Iterator[str]:
    if above:
        yield f"表头在第 {number} 行，上面的 {above} 行是标题或说明，没有读。"


def _beside(places: Sequence[Place]) -> Iterator[str]:
    if places:
        more = f" 等 {len(places)} 格" if len(places) > 1 else ""
        yield f"{places[0]}{more}在没有列名的列里，没有读。"


def _near(name: str, others: Sequence[str]) -> str:
    """The one of ``others`` that ``name`` is likely meant for, '' without one."""
    short = [one[:_COMPARED] for one in others]
    found = get_close_matches(name[:_COMPARED], short, n=1, cutoff=_CLOSE)
    return found[0] if found else ""


@dataclass(frozen=True)
class _Table:
    """A declaration and the row of names that was found for it: ``names`` by key where they are known, ``written`` as they stand."""

    sheet: Sheet
    title: str
    number: int
    names: Sequence[str]
    written: Sequence[str]

    @cached_property
    def head(self) -> Head:
        """What every place of the table is said by."""
        called = {one.key: one.heading for one in self.sheet.columns}
        found = {name: at for at, name in enumerate(self.names) if name in called}
        return Head(
            self.title,
            self.number,
            {name: (at, called[name]) for name, at in found.items()},
            {name: self.written[at] for name, at in found.items()},
        )

    def unknown(self) -> list[tuple[int, str]]:
        """The columns that are not declared."""
        keys = {one.key for one in self.sheet.columns}
        return [(at, name) for at, name in enumerate(self.names) if name and name not in keys]

    def place(self, number: int, column: int | None = None) -> Place:
        """A cell, or a row, without the name of its column."""
        return Place(self.title, number, column)

    def wrong_headings(self) -> Iterator[Fault]:
        """Columns that are missing, that stand twice, that are not known where none but the declared may stand."""
        place = Place(self.title, self.number, heading="列名")
        for column in self.sheet.columns:
            if column.required and column.key not in self.names:
                yield Fault(place, column.key, f"缺“{column.heading}”这一列", self._to_add(column))
            if self.names.count(column.key) > 1:
                twice = [letters(at) for at, name in enumerate(self.names) if name == column.key]
                words = f"在 {'、'.join(twice)} 列；请删去一列，合并的列名请取消合并。"
                yield Fault(place, column.key, f"“{column.heading}”这一列出现了两次", words)
        if self.sheet.unknown is None:
            known = "、".join(one.heading for one in self.sheet.columns)
            for at, name in self.unknown():
                there = self.place(self.number, at)
                yield Fault(there, "", f"不认识“{shown(name)}”这一列", f"可用的列名是{known}。")

    def _to_add(self, column: Column) -> str:
        """What to do about a column that is missing: another one may be meant for it."""
        names = " 或 ".join(f"“{one}”" for one in column.headings)
        near = _near(column.heading, [self.written[at] for at, _name in self.unknown()])
        if not near:
            return f"请加一列，列名写{names}。"
        return f"“{shown(near)}”是不是它？是的话，列名改成“{column.heading}”；不是的话，请加一列，列名写{names}。"

    def unknown_columns(self) -> Iterator[str]:
        """What becomes of the columns that are not declared, and what each was likely meant for."""
        unknown = self.unknown()
        if self.sheet.unknown is None or not unknown:
            return
        called = [f"{letters(at)} 列“{shown(name)}”" for at, name in unknown]
        more = f"等 {len(called)} 列" if len(called) > _NAMED else ""
        yield f"{'、'.join(called[:_NAMED])}{more}不认识，{self.sheet.unknown}。"
        twice = {name: [letters(at) for at, one in unknown if one == name] for _at, name in unknown}
        for name, places in twice.items():
            if len(places) > 1:
                yield f"“{shown(name)}”这一列在 {'、'.join(places)} 列都有，只留最后一列。"
        absent = [one.heading for one in self.sheet.columns if one.key not in self.names]
        for words, (at, _name) in zip(called, unknown, strict=True):
            if near := _near(self.written[at], absent):
                yield f"{words}是不是“{near}”？是的话请改列名。"

    def wrong_whole(self, rows: int) -> Iterator[Fault]:
        """Too few rows, or too many."""
        most = self.sheet.most_rows
        if not rows and self.sheet.row:
            place = Place(self.title, self.number, heading="列名")
            yield Fault(place, "", "列名下面没有内容", f"请从下一行起{self.sheet.row}。")
        if most and rows > most:
            yield Fault(Place(self.title), "", f"有 {rows} 行，一次最多 {most} 行", "请拆成几个文件。")

    def row(self, number: int, cells: Sequence[Any], *, read: bool) -> tuple[Row, list[Fault]]:
        """One row. One whose cells stand in wrong columns is shown and not ``read``."""
        given = dict(zip(self.names, [*cells, *[""] * (len(self.names) - len(cells))], strict=False))
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for column in self.sheet.columns if read else ():
            if column.key in given:
                try:
                    values[column.key] = read_cell(column, given[column.key])
                except Wrong as wrong:
                    place = self.head.place(number, column.key)
                    faults.append(Fault(place, column.key, wrong.message, wrong.remedy))
        texts = {key: text_of(given[key]) for key in self.head.columns}
        others = {name: text_of(cell) for name, cell in given.items() if name and name not in texts}
        extra = {name: text for name, text in others.items() if text}
        return Row(number, values, texts, extra, self.head, read and not faults), faults

    def shifted(self, number: int, cells: Sequence[Any]) -> Iterator[Fault]:
        """Cells beyond the last heading, or under none: a comma too many has moved what comes after it."""
        width = len(self.names)
        beyond = [at for at in range(width, len(cells)) if text_of(cells[at])]
        if len(cells) > width and (beyond or not self.sheet.loose_ends):
            what = f"“{shown(text_of(cells[beyond[0]]))}”上面没有列名" if beyond else "末尾多了一格"
            message = f"有 {len(cells)} 格，列名只有 {width} 列，{what}"
            there = self.place(number, beyond[0] if beyond else None)
            yield Fault(there, "", message, f"请删去多余的格；{_QUOTE}。")
        elif not self.sheet.beside:
            for place in self.under_no_heading(number, cells):
                text = shown(text_of(cells[place.column or 0]))
                words = f"请给那一列写上列名，或清空这一格；{_QUOTE}。"
                yield Fault(place, "", f"“{text}”在没有列名的列里", words)

    def under_no_heading(self, number: int, cells: Sequence[Any]) -> list[Place]:
        """Cells with words in a column without a name."""
        return [
            self.place(number, at)
            for at, name in enumerate(self.names[: len(cells)])
            if not name and text_of(cells[at])
        ]
