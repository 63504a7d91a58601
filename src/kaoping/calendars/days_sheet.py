"""The days of an arrangement as a declared sheet: what its columns are, and the lines of a file that people write by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from kaoping.foreign import strict_csv
from kaoping.foreign.sheet import Column, Sheet
from kaoping.foreign.sheet.headings import ABOVE, known_in, names_of
from kaoping.foreign.sheet.texts import delimiter_of

LONGEST_NAME: Final = 40
LONGEST_SOURCE: Final = 200


def writable(text: str, longest: int) -> bool:
    """One line of text without control characters, which would reach terminals and papers."""
    return len(text) <= longest and text.isprintable()


def _no_line(longest: int) -> Callable[[str], str | None]:
    """The refusal of a text that is not one line of so many signs."""
    words = f"应为一行文字，不超过 {longest} 个字"
    return lambda text: None if writable(text, longest) else words


ARRANGEMENT: Final = Sheet(
    "放假安排",
    (
        Column(
            "date",
            ("日期", "date"),
            "date",
            required=True,
            filled=True,
            remedy="应为日期，如 2027-01-01，数字用半角。",
        ),
        Column(
            "working",
            ("上班", "working", "是否上班", "上班或放假"),
            "yes-no",
            required=True,
            filled=True,
            words=dict.fromkeys(("true", "1", "是", "上班", "补班"), True)
            | dict.fromkeys(("false", "0", "否", "放假", "休息"), False),
            remedy="应写“上班”或“放假”。",
        ),
        Column("name", ("名称", "name", "节日"), lines=True, refusal=_no_line(LONGEST_NAME)),
        Column("source", ("依据", "source"), lines=True, refusal=_no_line(LONGEST_SOURCE)),
    ),
    row="",
    unknown=None,
)


def lines_of(text: str) -> list[tuple[int, list[str]]]:
    """The lines that hold anything. Too few cells with Chinese commas in them are read as they were meant.

    Without a heading the columns stand in their order; one is put above them, as line 0. Raises ``CsvFault``.
    """
    known = ARRANGEMENT.headings
    rows = strict_csv.rows(text, delimiter_of(text, known))
    numbered = [(number, row) for number, row in rows if any(map(str.strip, row))]
    tops = [_parted(row) for _number, row in numbered[:ABOVE]]
    width = len(max(tops, key=lambda row: known_in(names_of(row, known), known), default=[]))
    lines = [
        (number, parted if len(row) < width == len(parted := _parted(row)) else row)
        for number, row in numbered
    ]
    # What begins with a figure is meant for a day, also one that the calendar does not have.
    if lines and lines[0][1][0].strip()[:1].isdigit():
        names = [one.heading for one in ARRANGEMENT.columns]
        lines.insert(0, (0, names[: len(lines[0][1])]))
    return lines


def _parted(row: Sequence[str]) -> list[str]:
    return [part for cell in row for part in cell.split("，")]
