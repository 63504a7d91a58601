"""A look at an XLSX as a stream, before anything of it is built: how far its cells reach, how large it unpacks.

Libraries make a dense table of whatever lies between the first cell and the last; two cells in opposite corners, 1.4 kB of
file, then ask for 500 GB. What is asked here costs a few MB whatever the file says. Needs neither Django nor the database,
so that a child process can call it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from kaoping.foreign.opening import BROKEN_ZIP
from kaoping.foreign.sheet import letters

MAX_MEMBERS: Final = 1_000
MAX_UNPACKED: Final = 64 * 1024 * 1024
MAX_MERGES: Final = 10_000
# So many places are named in one sentence; the reader says "and more" after them.
NAMED: Final = 5
_CHUNK: Final = 64 * 1024
_WORKBOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_BROKEN: Final = (*BROKEN_ZIP, expat.ExpatError)


class SheetError(ValueError):
    """A file that is no readable table: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}。{remedy}")
        self.message, self.remedy = message, remedy

    def __reduce__(self) -> tuple[type[SheetError], tuple[str, str]]:
        """Both parts, so that it comes whole out of a child process."""
        return SheetError, (self.message, self.remedy)


@dataclass(slots=True)
class Part:
    """What one sheet holds: how many cells with content, which hidden rows (from 1) have some, which columns (from 0) are hidden.

    ``errors`` are the first cells whose formula came to nothing (#N/A) or was never computed; a reader finds them empty.
    """

    cells: int = 0
    errors: list[str] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a table may reach. ``cells`` counts the rectangle from A1, which is what a reader builds."""

    rows: int
    columns: int
    cells: int


def refuse_unreadable(content: bytes) -> None:
    """Refuse by name what is no table of ours, from the first bytes: XLS, ET, ODS, XLSB, files with a password."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise SheetError(
            "是 XLS、ET 或设了密码的文件，不收", "请去掉密码，另存为 XLSX 或 CSV（UTF-8）后再选。"
        )
    if (
        content.startswith((b"%PDF", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"))
        or b"<html" in content[:512].lower()
    ):
        raise SheetError("不是表格文件", "请另存为 XLSX 或 CSV（UTF-8）后再选。")


def is_zip(content: bytes) -> bool:
    """Whether these bytes begin as a ZIP does, whatever the file is called."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def inspect(content: bytes, limits: Limits) -> dict[str, Part]:
    """Refuse an XLSX that would not fit, in words; what its sheets hold, by their names. Raises ``SheetError``.

    Looked at: number and unpacked size of the members, as they are and not as they say; entities; the farthest cell that
    holds something in any sheet (formats without a value do not count); the number of merged ranges; what is hidden.
    """
    found = _Found()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise SheetError(f"里面有 {len(members)} 个文件，不像表格", "请另存为 XLSX 后再选。")
            _refuse_other_kinds({info.filename for info in members})
            left = MAX_UNPACKED
            for info in members:
                left = _member(archive, info, left, limits, found)
        return found.by_sheet()
    except SheetError:
        raise
    except _BROKEN:
        raise SheetError("读不出来", "请用表格软件打开，另存为 XLSX 或 CSV（UTF-8）后再选。") from None


def _refuse_other_kinds(names: set[str]) -> None:
    if any(name.lower() == _WORKBOOK for name in names):
        return
    if "mimetype" in names or "content.xml" in names:
        raise SheetError("是 ODS 文件，不收", "请另存为 XLSX 或 CSV（UTF-8）后再选。")
    if any(name.lower().startswith("word/") for name in names):
        raise SheetError("是 Word 文件，不收", "请把表格复制到表格软件，另存为 XLSX。")
    if any(name.lower().endswith(".bin") and name.lower().startswith("xl/") for name in names):
        raise SheetError("是 XLSB 文件，不收", "请另存为 XLSX 或 CSV（UTF-8）后再选。")
    raise SheetError("不是 XLSX 文件", "请另存为 XLSX 或 CSV（UTF-8）后再选。")


@dataclass(slots=True)
class _Found:
    """Members by their path, and which of them the workbook calls which sheet."""

    parts: dict[str, Part] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)

    def by_sheet(self) -> dict[str, Part]:
        paths = {name: self.targets.get(link, "") for name, link in self.sheets.items()}
        return {name: self.parts[path] for name, path in paths.items() if path in self.parts}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, limits: Limits, found: _Found) -> int:
    """Read one member through; the bytes that the others may still unpack to."""
    # What a member says of its size is the stranger's word: it is read to its real end, or until it is too much.
    info.file_size = left + 2 * _CHUNK
    name = info.filename.lower()
    look = _Look(limits, name, found) if name.endswith((".xml", ".rels")) else None
    for chunk in _chunks(archive, info):
        left -= len(chunk)
        if left < 0:
            raise SheetError(
                f"解开后超过 {MAX_UNPACKED // 1024 // 1024} MB，不打开",
                "请删去图片和多余的工作表，或拆成几个文件。",
            )
        if look is not None:
            look.feed(chunk)
    if look is not None:
        look.end()
        found.parts[name] = look.part
    return left


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


@dataclass(slots=True)
class _Look:
    """What one XML member says of cells, while it runs by."""

    limits: Limits
    member: str
    found: _Found
    part: Part = field(default_factory=Part)
    row: int = 0
    column: int = 0
    unseen: bool = False
    error: bool = False
    formula: bool = False
    height: int = 0
    width: int = 0
    merges: int = 0
    parser: Any = field(default=None)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, chunk: bytes) -> None:
        self.parser.Parse(chunk, False)

    def end(self) -> None:
        self.parser.Parse(b"", True)
        if self.formula:
            self._names_error()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("c", "row") and self.formula:
            self._names_error()
        if tag == "c":
            place = attributes.get("r")
            self.row, self.column = _place(place) if place else (self.row, self.column + 1)
            self.error, self.formula = attributes.get("t") == "e", False
        elif tag == "f":
            self.formula = True
        elif tag in ("v", "is"):
            self._holds()
        elif tag == "row":
            given = attributes.get("r", "")
            self.row, self.column = (int(given) if given.isdecimal() and len(given) < 9 else self.row + 1), 0
            self.unseen = _hidden(attributes, "ht")
        elif tag == "col" and _hidden(attributes, "width"):
            self.part.columns.update(_span(attributes, self.limits.columns))
        elif tag == "mergeCell":
            self.merges += 1
            if self.merges > MAX_MERGES:
                raise SheetError(f"合并的单元格超过 {MAX_MERGES} 处", "请取消合并，每格填写内容。")
        elif tag == "Relationship":
            _refuse_odd_target(attributes)
            if self.member == _LINKS:
                self.found.targets[attributes.get("Id", "")] = _path(attributes.get("Target", ""))
        elif tag == "sheet" and self.member == _WORKBOOK:
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.found.sheets[attributes.get("name", "")] = link

    def _holds(self) -> None:
        self.height, self.width = max(self.height, self.row), max(self.width, self.column)
        self.part.cells += 1
        if self.unseen:
            self.part.rows.add(self.row)
        self.formula = False
        if self.error:
            self._names_error()
        if self.height > self.limits.rows:
            raise SheetError(
                f"有内容的单元格到了第 {self.height} 行，超过 {self.limits.rows} 行",
                "请删去表格下方多余的内容，或拆成几个文件。",
            )
        if self.width > self.limits.columns:
            raise SheetError(
                f"有内容的单元格到了第 {self.width} 列，超过 {self.limits.columns} 列",
                "请删去表格右边多余的内容。",
            )
        if max(self.part.cells, self.height * self.width) > self.limits.cells:
            raise SheetError(f"超过 {self.limits.cells:,} 格", "请删去多余的行和列，或拆成几个文件。")

    def _names_error(self) -> None:
        """The cell that was just looked at has a formula without a value."""
        self.formula = False
        if len(self.part.errors) <= NAMED:
            self.part.errors.append(f"{letters(self.column - 1)}{self.row}")


def _refuse_doctype(*_: Any) -> None:
    raise SheetError("含有实体定义，不打开", "请用表格软件打开，另存为 XLSX 后再选。")


def _refuse_odd_target(attributes: dict[str, str]) -> None:
    """A sheet under a name that is not looked into here would be read without having been asked."""
    if attributes.get("Type", "").rpartition("/")[2] in (
        "worksheet",
        "sharedStrings",
        "styles",
    ) and not attributes.get("Target", "").lower().endswith(".xml"):
        raise SheetError("读不出来", "请用表格软件打开，另存为 XLSX 或 CSV（UTF-8）后再选。")


def _hidden(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or a column is not to be seen: said so, or of no height or width."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) in ("0", "0.0")


def _span(attributes: dict[str, str], most: int) -> range:
    """The columns from 0 that one ``col`` speaks of, as far as a table may reach."""
    first, last = attributes.get("min", ""), attributes.get("max", "")
    if not (first.isdecimal() and last.isdecimal() and len(first) < 9 and len(last) < 9):
        return range(0)
    return range(int(first) - 1, min(int(last), most))


def _path(target: str) -> str:
    """The member that a link of the workbook means: from the folder of the workbook, or from the top."""
    target = target.lower()
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _place(text: str) -> tuple[int, int]:
    """Row and column, from 1, of ``AB12``. Raises ``ValueError``."""
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 4 and 0 < len(digits) < 9):
        raise ValueError(text)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(digits), column
