"""An offered table laid out by its declaration: its heading found, every cell read, everything that is wrong named at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final

from kaoping.foreign.sheet.cells import Wrong, read_cell, shown, text_of
from kaoping.foreign.sheet.declaration import Sheet
from kaoping.foreign.sheet.headings import find_heading, heading_of
from kaoping.foreign.sheet.rows import Fault, Head, Offered, Place, Row, Rows, letters

_CLOSE: Final = 0.7
# So many columns are named in one sentence.
_NAMED: Final = 8
_QUOTE: Final = "含逗号的文字要整格加引号"


def lay_out(offered: Offered, sheet: Sheet) -> Rows:
    """Read an offered table. Never raises: what is wrong with a cell, a row or the whole stands in the answer."""
    if not offered.lines:
        below = f"；以下{sheet.row}" if sheet.row else ""
        words = f"第一行写列名：{'、'.join(one.heading for one in sheet.columns)}{below}。"
        return Rows(
            faults=(Fault(Place(offered.sheet), "", "没有内容", words),),
            notes=offered.notes,
        )
    at, names = find_heading(offered.lines, sheet.headings, sheet.required)
    number, headings = offered.lines[at]
    written = [heading_of(cell) for cell in headings]
    called = {one.key: one.heading for one in sheet.columns}
    where = {name: (column, called[name]) for column, name in enumerate(names) if name in called}
    head = Head(offered.sheet, number, where, {name: written[at] for name, (at, _called) in where.items()})
    faults = [*_wrong_headings(sheet, head, names, written)]
    notes = [*offered.notes, *_notes(sheet, at, head, names, written)]
    if faults:
        return Rows(head, (), tuple(faults), tuple(notes))
    body = [(number, cells) for number, cells in offered.lines[at + 1 :] if list(cells) != list(headings)]
    whole = _wrong_whole(sheet, head, len(body))
    if whole is not None:
        return Rows(head, (), (whole,), tuple(notes))
    return _read(sheet, head, names, body, notes)


def _read(
    sheet: Sheet,
    head: Head,
    names: Sequence[str],
    body: Sequence[tuple[int, Sequence[Any]]],
    notes: Sequence[str],
) -> Rows:
    rows, faults, beside = [], [], []
    for number, cells in body:
        shifted = [*_shifted(sheet, head, names, number, cells)]
        if shifted:
            faults += shifted
            rows.append(_row(sheet, head, names, number, cells, read=False)[0])
            continue
        beside += [
            Place(head.sheet, number, column)
            for column, name in enumerate(names[: len(cells)])
            if not name and text_of(cells[column])
        ]
        row, wrong = _row(sheet, head, names, number, cells)
        rows.append(row)
        faults += wrong
    return Rows(head, tuple(rows), tuple(faults), (*notes, *_beside(beside)))


def _row(
    sheet: Sheet, head: Head, names: Sequence[str], number: int, cells: Sequence[Any], *, read: bool = True
) -> tuple[Row, list[Fault]]:
    """One row. A row whose cells stand in wrong columns is shown and not ``read``."""
    given = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=False))
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in sheet.columns if read else ():
        if column.key in given:
            try:
                values[column.key] = read_cell(column, given[column.key])
            except Wrong as wrong:
                place = head.place(number, column.key)
                faults.append(Fault(place, column.key, wrong.message, wrong.remedy))
    texts = {key: text_of(given[key]) for key in head.columns}
    extra = {
        name: text for name, cell in given.items() if name and name not in texts and (text := text_of(cell))
    }
    return Row(number, values, texts, extra, head, read and not faults), faults


def _wrong_headings(
    sheet: Sheet, head: Head, names: Sequence[str], written: Sequence[str]
) -> Iterator[Fault]:
    """Columns that are missing, that stand twice, that are not known where none but the declared may stand."""
    place = Place(head.sheet, head.number, heading="列名")
    for column in sheet.columns:
        if column.required and column.key not in names:
            others = "、".join(f"“{one}”" for one in column.headings)
            words = (
                f"请加一列，列名写{'' if len(column.headings) == 1 else ' '}{others.replace('、', ' 或 ')}。"
            )
            near = _near(column.heading, [name for name in written if name], column.headings)
            if near:
                words = f"“{shown(near)}”是不是它？是的话，列名改成“{column.heading}”；不是的话，{words}"
            yield Fault(place, column.key, f"缺“{column.heading}”这一列", words)
        if names.count(column.key) > 1:
            twice = [letters(at) for at, name in enumerate(names) if name == column.key]
            words = f"在 {'、'.join(twice)} 列；请删去一列，合并的列名请取消合并。"
            yield Fault(place, column.key, f"“{column.heading}”这一列出现了两次", words)
    if sheet.unknown is None:
        known = "、".join(one.heading for one in sheet.columns)
        for at, name in _unknown(sheet, names):
            yield Fault(
                Place(head.sheet, head.number, at),
                "",
                f"不认识“{shown(name)}”这一列",
                f"可用的列名是{known}。",
            )


def _notes(sheet: Sheet, at: int, head: Head, names: Sequence[str], written: Sequence[str]) -> Iterator[str]:
    if at:
        yield f"表头在第 {head.number} 行，上面的 {at} 行是标题或说明，没有读。"
    if sheet.unknown is None:
        return
    absent = [one.heading for one in sheet.columns if one.key not in names]
    unknown = [
        (f"{letters(column)} 列“{shown(name)}”", written[column]) for column, name in _unknown(sheet, names)
    ]
    if unknown:
        more = f"等 {len(unknown)} 列" if len(unknown) > _NAMED else ""
        yield f"{'、'.join(place for place, _name in unknown[:_NAMED])}{more}不认识，{sheet.unknown}。"
    for place, name in unknown:
        if near := _near(name, absent, ()):
            yield f"{place}是不是“{near}”？是的话请改列名。"


def _unknown(sheet: Sheet, names: Sequence[str]) -> list[tuple[int, str]]:
    keys = {one.key for one in sheet.columns}
    return [(at, name) for at, name in enumerate(names) if name and name not in keys]


def _near(name: str, others: Sequence[str], besides: Sequence[str]) -> str:
    """The one of ``others`` that ``name`` is likely meant by, '' without one."""
    found = get_close_matches(name, [one[:40] for one in others if one not in besides], n=1, cutoff=_CLOSE)
    return found[0] if found else ""


def _wrong_whole(sheet: Sheet, head: Head, rows: int) -> Fault | None:
    place = Place(head.sheet, head.number, heading="列名")
    if not rows and sheet.row:
        return Fault(place, "", "列名下面没有内容", f"请从下一行起{sheet.row}。")
    if sheet.most_rows and rows > sheet.most_rows:
        return Fault(
            Place(head.sheet), "", f"有 {rows} 行，一次最多 {sheet.most_rows} 行", "请拆成几个文件。"
        )
    return None


def _shifted(
    sheet: Sheet, head: Head, names: Sequence[str], number: int, cells: Sequence[Any]
) -> Iterator[Fault]:
    """Cells beyond the last heading, or under none: a comma too many has moved what comes after it."""
    beyond = [at for at in range(len(names), len(cells)) if text_of(cells[at])]
    if len(cells) > len(names) and (beyond or not sheet.loose_ends):
        place = Place(head.sheet, number, beyond[0] if beyond else None)
        what = f"“{shown(text_of(cells[beyond[0]]))}”上面没有列名" if beyond else "末尾多了一格"
        message = f"有 {len(cells)} 格，列名只有 {len(names)} 列，{what}"
        yield Fault(place, "", message, f"请删去多余的格；{_QUOTE}。")
        return
    if sheet.beside:
        return
    for at, name in enumerate(names[: len(cells)]):
        if not name and (text := text_of(cells[at])):
            yield Fault(
                Place(head.sheet, number, at),
                "",
                f"“{shown(text)}”在没有列名的列里",
                f"请给那一列写上列名，或清空这一格；{_QUOTE}。",
            )


def _beside(places: Sequence[Place]) -> Iterator[str]:
    if places:
        more = f" 等 {len(places)} 格" if len(places) > 1 else ""
        yield f"{places[0]}{more}在没有列名的列里，没有读。"
