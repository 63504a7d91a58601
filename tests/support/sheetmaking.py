"""XLSX files of every sort, made for tests: by a library, or by hand where a library would not write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(fill: Callable[[Any], None]) -> bytes:
    """A workbook that ``fill`` wrote."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    fill(made)
    made.close()
    return out.getvalue()


def table(*rows: list[Any]) -> bytes:
    """One sheet with these rows."""

    def fill(made: Any) -> None:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return book(fill)


def by_hand(
    sheet: str, *, target: str = "worksheets/sheet1.xml", more: dict[str, bytes] | None = None
) -> bytes:
    """A workbook with one sheet whose XML is ``sheet``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{_DOCUMENT}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="{target}"/></Relationships>',
        )
        archive.writestr(target[1:] if target.startswith("/") else f"xl/{target}", sheet)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def cells(*places: str) -> str:
    """The XML of a sheet with a 1 in each place."""
    inside = "".join(f'<row><c r="{place}"><v>1</v></c></row>' for place in places)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData></worksheet>'
