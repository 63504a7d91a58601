"""CSV that somebody else wrote: a quote that is not closed or a comma too many is refused with its row, never guessed at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

# One cell; a quote that is never closed swallows the file into one.
MAX_CELL: Final = 128 * 1024


class CsvFault(ValueError):
    """A table that cannot be read: the line of the file where the row begins (from 1), what is wrong, what to do."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(f"第 {line} 行：{message}。{remedy}")
        self.line, self.message, self.remedy = line, message, remedy


def rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line of the file where it begins. Raises ``CsvFault``."""
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True
    )
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _fault(begins, str(error)) from None
        if len(cells) > 1 or (cells and cells[0].strip()):
            yield begins, cells


def _fault(line: int, said: str) -> CsvFault:
    if "field larger" in said:
        return CsvFault(line, f"有一格超过 {MAX_CELL // 1024} KB", "核对引号是否成对，或缩短这一格")
    if "unexpected end" in said:
        return CsvFault(line, "引号没有成对，后面的行都被吞进一格", "补上或删去这个引号")
    if "expected after" in said:
        return CsvFault(line, "引号后面还有字", "文字里的引号写两遍，含逗号、引号的文字整格加引号")
    return CsvFault(line, "不是能读的 CSV", "用表格软件重新另存为 CSV")
