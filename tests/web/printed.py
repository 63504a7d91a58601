"""What a reader of a page, table or paper sees together: each sentence with the record (row, list entry, paragraph) it stands in."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import docx
import lxml.html
from lxml.etree import _Element
from python_calamine import CalamineWorkbook

# An entry that a reader takes as one: what stands elsewhere in it explains its numbers.
RECORDS: Final = frozenset({"tr", "li", "dl", "details", "figure", "fieldset", "article"})
BLOCKS: Final = RECORDS | {
    "p", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "figcaption", "summary", "option", "label",
    "legend", "text", "title", "desc", "button", "a", "div", "section", "main", "body", "header", "footer", "nav",
}  # fmt: skip
_TELLING: Final = ("title", "aria-label", "alt", "placeholder", "content", "data-tip")
_UNREAD: Final = frozenset({"script", "style", "template"})
_SENTENCE: Final = re.compile(r"[^。；;\n]*[。；;\n]?")
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HANDED_IN: Final = "application/octet-stream"  # what somebody else wrote
PAPER: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Printed:
    """One sentence and the record in which it stands."""

    sentence: str
    record: str


def printed(kind: str, body: bytes) -> Iterator[Printed]:
    """Everything that can be read in a body of that media type."""
    readers = {
        "text/html": _html, "text/csv": _csv, "application/json": _json, SHEET: _sheet, PAPER: _paper,
        "application/zip": _zip, "text/plain": _text, "text/markdown": _text, "application/atom+xml": _text, "text/css": _text, HANDED_IN: _nothing,
    }  # fmt: skip
    yield from readers[kind](body)


def _nothing(_body: bytes) -> Iterator[Printed]:
    yield from ()


def _sentences(text: str, record: str) -> Iterator[Printed]:
    yield from (Printed(one, record) for one in _SENTENCE.findall(text) if one.strip())


def _html(body: bytes) -> Iterator[Printed]:
    page = lxml.html.fromstring(body.decode())
    for node in page.iter():
        if not isinstance(node.tag, str) or node.tag in _UNREAD:
            continue
        record = None
        for name in _TELLING:
            if node.get(name):
                record = record or _record(node)
                yield from _sentences(node.get(name), record)
        if node.tag in BLOCKS and (text := _own(node)).strip():
            yield from _sentences(text, record or _record(node))


def _own(node: _Element) -> str:
    """The running text of a block without the blocks in it."""
    parts = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str) and child.tag not in BLOCKS and child.tag not in _UNREAD:
            parts.append(_own(child))
        elif isinstance(child.tag, str) and child.tag in BLOCKS:
            parts.append("\n")
        parts.append(child.tail or "")
    return "".join(parts)


def _whole(node: _Element, outer: bool = True) -> str:
    """The text of a record without the records in it, which speak of other things."""
    parts = [node.text or ""]
    for child in node:
        inner = (
            not isinstance(child.tag, str)
            or child.tag in _UNREAD
            or child.tag in ("li", "details", "tr", "article")
        )
        parts.append("" if inner else _whole(child, outer=False))
        parts.append(child.tail or "")
    return " ".join(parts)


def _record(node: _Element) -> str:
    found: _Element | None = node
    while found is not None and found.tag not in RECORDS:
        found = found.getparent()
    if found is None:
        return ""
    return _whole(found) + (_heads(node) if found.tag == "tr" else "")


def _heads(node: _Element) -> str:
    """The caption and the heading of the column in which a cell stands."""
    cell: _Element | None = node
    while cell is not None and cell.tag not in ("td", "th"):
        cell = cell.getparent()
    if cell is None:
        return ""
    place = sum(1 for _ in cell.itersiblings("td", "th", preceding=True))
    table = next(cell.iterancestors("table"), None)
    if table is None:
        return ""
    head = table.find("thead/tr")
    cells = [] if head is None else list(head)
    named = [] if place >= len(cells) else [cells[place]]
    caption = table.find("caption")
    return " ".join(one.text_content() for one in (*named, *([] if caption is None else [caption])))


def _rows(rows: list[list[str]]) -> Iterator[Printed]:
    """A table: a cell stands with its row and with the heading of its column; lines of one cell speak for the file."""
    head = rows[0] if rows else []
    for row in rows:
        whole = " ".join(row)
        for place, cell in enumerate(row):
            yield from _sentences(cell, f"{whole} {head[place] if place < len(head) else ''}")


def _csv(body: bytes) -> Iterator[Printed]:
    yield from _rows(list(csv.reader(io.StringIO(body.decode("utf-8-sig")))))


def _sheet(body: bytes) -> Iterator[Printed]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    for name in book.sheet_names:
        yield from _rows([[str(one) for one in row] for row in book.get_sheet_by_name(name).to_python()])


def _paper(body: bytes) -> Iterator[Printed]:
    document = docx.Document(io.BytesIO(body))
    for paragraph in document.paragraphs:
        yield from _sentences(paragraph.text, "")
    for table in document.tables:
        yield from _rows([[cell.text for cell in row.cells] for row in table.rows])


def _text(body: bytes) -> Iterator[Printed]:
    for line in body.decode().splitlines():
        yield from _sentences(line, line if line.startswith("|") else "")


def _json(body: bytes) -> Iterator[Printed]:
    def walk(value: Any, record: str) -> Iterator[Printed]:
        if isinstance(value, dict):
            whole = " ".join(f"{key} {one}" for key, one in value.items() if not isinstance(one, dict | list))
            for key, one in value.items():
                yield Printed(str(key), whole)
                yield from walk(one, whole)
        elif isinstance(value, list):
            for one in value:
                yield from walk(one, record)
        elif value is not None:
            yield from _sentences(str(value), record)

    yield from walk(json.loads(body), "")


def _zip(body: bytes) -> Iterator[Printed]:
    """A bundle. ``results.json`` is what ``score`` prints, a format without marks: the sources of its numbers stand in the
    ``dictionary.md`` and the rulebook beside it.
    """
    kinds = {"csv": "text/csv", "json": "application/json", "md": "text/markdown"}
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        for name in files.namelist():
            kind = kinds.get(name.rpartition(".")[2])
            if kind and name != "results.json":
                yield from printed(kind, files.read(name))
