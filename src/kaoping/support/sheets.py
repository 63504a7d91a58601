"""Rows of an offered table, CSV or XLSX, with their line numbers. Nothing is interpreted here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000


class SheetError(ValueError):
    """A file that is no readable table: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}。{remedy}")
        self.message, self.remedy = message, remedy


def read_lines(filename: str, content: bytes) -> list[tuple[int, list[Any]]]:
    """Lines that hold something, each with its number in the file. Raises ``SheetError``."""
    if len(content) > MAX_BYTES:
        raise SheetError("超过 10 MB", "请拆成几个文件。")
    try:
        lines = list(_xlsx(content) if filename.lower().endswith(".xlsx") else _csv(content))
    except (CalamineError, csv.Error, UnicodeDecodeError):
        raise SheetError("读不出来", "请另存为 CSV（UTF-8）或 XLSX 后再选。") from None
    if len(lines) > MAX_ROWS:
        raise SheetError(f"超过 {MAX_ROWS} 行", "请拆成几个文件。")
    return lines


def _csv(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, list(cells)


def _xlsx(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        if any(cell not in ("", None) for cell in cells):
            yield number, list(cells)
