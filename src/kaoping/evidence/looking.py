"""Look through an offered file for 密级 marks and programs. Runs in the limited child (``support.reading``); no Django.

Everything that can be read is read, whatever its name: all parts of office files (text, notes, comments, properties,
headers, shapes, embedded files), archives within archives and their members' names, PDF pages, properties, notes and
attachments, the old compound formats. What cannot be read through – pictures, encrypted or damaged parts, unknown
compression, more than the limits – is said in ``unread``; it is neither clean nor marked.
"""

from __future__ import annotations

import io
import lzma
import struct
import time
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import olefile
import pypdfium2
from pypdfium2 import raw as pdfium
from python_calamine import CalamineWorkbook

from kaoping.evidence.decoding import decodings, rtf_text, stripped, wide_texts
from kaoping.evidence.encoded import (
    encoded_words,
    hidden_bytes,
    in_other_code,
    is_locked,
    is_message,
    message_parts,
    unquoted,
)
from kaoping.evidence.marks import mark_in_name, may_hold, secrecy_mark, starred_mark
from kaoping.patterns import linear

MAX_DEPTH: Final = 5
MAX_PARTS: Final = 20_000
MAX_PART: Final = 48 * 1024 * 1024
MAX_TEXT: Final = 192 * 1024 * 1024
MAX_PAGES: Final = 3_000
# Processor seconds after which the look ends by itself and says so; the child's own limit is the net below it.
SECONDS: Final = 6.0

PICTURES: Final = "图片或扫描页"
ENCRYPTED: Final = "加了密的部分"
DAMAGED: Final = "损坏或读不懂的部分"
COMPRESSION: Final = "用了不认识的压缩方式的部分"
OLD: Final = "旧格式（DOC、XLS、PPT、WPS）里读不全的部分"
BINARY: Final = "不是文字的部分"
CODED: Final = "用了读不出的编码的部分"
LIMITS: Final = "太大或太多，没有查完的部分"

# fmt: off
_PROGRAMS: Final = frozenset((
    "exe", "dll", "scr", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "wsf",
    "wsh", "hta", "msi", "msp", "lnk", "pif", "cpl", "jar", "apk", "ipa", "sh", "reg",
    "chm", "deb", "rpm", "appx", "dmg", "iso", "drv", "ocx", "gadget", "docm", "xlsm", "pptm",
))
# fmt: on
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x00\x00", b"RIFF",
    b"\x00\x00\x01\x00", b"\x00\x00\x00\x0cJXL", b"\x00\x00\x00\x0cjP",
)  # fmt: skip
_ARCHIVES: Final = (
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"LZIP",
)
_DOCUMENTS: Final = (b"PK\x03\x04", b"%PDF-", _OLE, b"{\\rtf", b"MZ\x90\x00")
_TEXTS: Final = (".txt", ".csv", ".html", ".htm", ".xml", ".rels", ".json", ".md")
_IMAGE_TAG: Final = linear(r"(?i)<img[\s>]|data:image/")
_PDF_LITERAL: Final = linear(r"(?s)\(((?:[^()\\]|\\.)*)\)")
_PDF_HEX: Final = linear(r"<([0-9a-fA-F\s]{8,})>")
_PDF_OCTAL: Final = linear(r"(?s)\\([0-7]{1,3}|.)")
_PDF_IMAGE: Final = linear(r"/Subtype\s*/Image\b")
_SECRET: Final = tuple((name, "密".encode(name)) for name in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"))
# A text without these and without the sign of secrecy holds no mark under its markup.
_ESCAPES_SIGN: Final = ("&", "\\", "%")
# Decoded from a text and neither a text nor a document: a checksum or a signature when it is short.
_SHORT: Final = 4096
_SHORTEST: Final = 64
_STREAM: Final = b"stream"


class _Enough(Exception):
    """A mark or a program was found, or the limits are used up."""


@dataclass
class _Look:
    """What was found so far."""

    mark: str = ""
    program: str = ""
    unread: dict[str, None] = field(default_factory=dict)
    parts: int = 0
    text: int = 0
    began: float = field(default_factory=time.process_time)

    def tick(self, size: int, parts: int = 0) -> None:
        """Count what is read. Raises ``_Enough`` when the limits are used up."""
        self.parts += parts
        self.text += size
        if self.parts > MAX_PARTS or self.text > MAX_TEXT or time.process_time() - self.began > SECONDS:
            self.unread[LIMITS] = None
            raise _Enough

    def found(self, mark: str | None) -> None:
        """Raises ``_Enough`` when there is a mark."""
        if mark:
            self.mark = mark
            raise _Enough

    def texts(self, texts: Iterable[str]) -> None:
        """Look at texts as they stand."""
        for one in texts:
            self.tick(len(one))
            self.found(secrecy_mark(one))

    def markup(self, content: bytes) -> None:
        """Look at a text that may hold markup, in whatever encoding."""
        for text in decodings(content):
            if may_hold(text) or any(sign in text for sign in _ESCAPES_SIGN):
                self.texts(stripped(text))
            else:
                self.tick(len(text))
            if _IMAGE_TAG.search(text):
                self.unread[PICTURES] = None

    def names(self, names: Iterable[str]) -> None:
        """Look at names of members and files."""
        for one in names:
            self.found(mark_in_name(one))


def look(name: str, content: bytes) -> dict[str, Any]:
    """``mark`` and ``program`` (empty when there is none) and ``unread``: what could not be looked at, in words."""
    found = _Look()
    try:
        found.names([name])
        _any(found, name, content, 0)
    except _Enough:
        pass
    return {"mark": found.mark, "program": found.program, "unread": list(found.unread)}


def _any(found: _Look, name: str, content: bytes, depth: int) -> None:
    """One file or part, by what it is and not by what it is called."""
    found.tick(0, 1)
    if depth > MAX_DEPTH:
        found.unread[LIMITS] = None
        return
    if _is_program(name, content):
        found.program = _clean_name(name)[-60:] or "程序"
        raise _Enough
    head = content[:1100]
    if b"%PDF-" in head:
        _pdf(found, content, depth)
    elif content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or (
        b"PK\x03\x04" in head and zipfile.is_zipfile(io.BytesIO(content))
    ):
        _zip(found, content, depth)
    elif content.startswith(_OLE):
        _ole(found, content, depth)
    elif content.lstrip()[:5] == b"{\\rtf":
        found.texts([rtf_text(content)])
        if b"\\pict" in content:
            found.unread[PICTURES] = None
        if b"\\objdata" in content or b"\\datastore" in content:
            found.unread[BINARY] = None
    elif (
        content.startswith(_PICTURES)
        or head[4:12] in (b"ftypheic", b"ftypavif", b"ftypmif1")
        or b" EMF" in head[:60]
    ):
        found.unread[PICTURES] = None
        _raw(found, content)
    elif content.startswith(_ARCHIVES):
        found.unread[COMPRESSION] = None
        _raw(found, content)
    elif name.lower().endswith(_TEXTS) or _is_text(content):
        _text(found, content, depth)
    else:
        found.unread[BINARY] = None
        _raw(found, content)
        _inside(found, name, content, depth)


def _text(found: _Look, content: bytes, depth: int) -> None:
    """A text as it stands, and what stands in it in another form."""
    found.markup(content)
    text = next(decodings(content))
    if is_locked(text):
        found.unread[ENCRYPTED] = None
    if in_other_code(text):
        found.unread[CODED] = None
    found.texts(encoded_words(text))
    plain = unquoted(text)
    if plain:
        found.markup(plain)
    if is_message(content):
        _message(found, content, depth)
    elif is_message(ascii_text := text.encode("ascii", errors="replace")):  # in UTF-16
        _message(found, ascii_text, depth)
    for part in hidden_bytes(text):
        _hidden(found, part, depth)


def _message(found: _Look, content: bytes, depth: int) -> None:
    """A mail or a web archive, part by part."""
    try:
        for part in message_parts(content):
            found.tick(len(part.content), 1)
            found.names([part.name])
            if not part.decoded:
                found.unread[CODED] = None
            if part.charset:
                try:
                    found.texts(stripped(part.content.decode(part.charset, errors="replace")))
                except (LookupError, ValueError):
                    found.unread[CODED] = None
            if part.content != content:
                _any(found, part.name, part.content, depth + 1)
    except ValueError:
        found.unread[DAMAGED] = None


def _hidden(found: _Look, content: bytes, depth: int) -> None:
    """Bytes that a text may hold as base64: a document, a text, or nothing."""
    found.tick(len(content))
    if len(content) >= _SHORTEST and (
        content.startswith((*_DOCUMENTS, *_PICTURES, *_ARCHIVES)) or _is_text(content)
    ):
        _any(found, "", content, depth + 1)
        return
    if any(sign in content for _name, sign in _SECRET):
        for text in decodings(content):
            found.texts(stripped(text))
    if len(content) >= _SHORT:
        found.unread[BINARY] = None


def _is_program(name: str, content: bytes) -> bool:
    clean = _clean_name(name)
    suffix = clean.rpartition(".")[2].lower() if "." in clean else ""
    if suffix in _PROGRAMS or content.startswith(
        (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
    ):
        return True
    if content.startswith(b"MZ\x90\x00"):
        return True
    if content.startswith(b"MZ"):
        at = int.from_bytes(content[60:64], "little")
        return content[at : at + 2] in (b"PE", b"NE", b"LE", b"LX") or b"This program" in content[:600]
    return False


def _clean_name(name: str) -> str:
    """The last part of a path as a system would read it: no invisible signs, no blanks or dots at its end."""
    visible = "".join(sign for sign in name if sign.isprintable()).replace("\\", "/")
    return visible.rstrip("/").rpartition("/")[2].rstrip(" .")


def _is_text(content: bytes) -> bool:
    """Whether the bytes read as text: hardly any control sign, in one-byte or two-byte form."""
    piece = content[:20_000]
    if piece.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    odd = sum(1 for sign in piece if sign < 32 and sign not in (9, 10, 12, 13, 26, 27))
    if odd * 50 <= len(piece):
        return True
    for encoding in ("utf-16-le", "utf-16-be"):
        text = piece[: len(piece) // 2 * 2].decode(encoding, errors="replace")
        good = sum(
            1 for sign in text if sign in "\r\n\t" or " " <= sign <= "~" or "\u3000" <= sign <= "\u9fff"
        )
        if good * 10 >= len(text) * 9:
            return True
    return False


def _raw(found: _Look, content: bytes) -> None:
    """Bytes that are no text: only a mark with its star means something there (descriptions inside pictures)."""
    found.tick(len(content))
    for encoding, sign in _SECRET:
        at, left = -1, 5_000
        while left and (at := content.find(sign, at + 1)) >= 0:
            left -= 1
            for start in (max(at - 24, 0), max(at - 23, 0)):
                found.found(starred_mark(content[start : at + 24].decode(encoding, errors="replace")))


def _inside(found: _Look, name: str, content: bytes, depth: int) -> None:
    """A file wrapped in a few bytes, as programs embed them."""
    for sign in _DOCUMENTS:
        at = content.find(sign, 1, 64 * 1024)
        if at > 0:
            _any(found, "", content[at:], depth + 1)


# ZIP: archives, OOXML, OFD, ODF


def _zip(found: _Look, content: bytes, depth: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found.texts(
                [archive.comment.decode("utf-8", "replace"), archive.comment.decode("gb18030", "replace")]
            )
            members = archive.infolist()
            for info in members:
                found.tick(0)
                found.names(_names(info))
                if not info.is_dir() and _is_program(info.filename, b""):
                    found.program = _clean_name(info.filename)[-60:]
                    raise _Enough
            # Texts first: when the limits end the look, the likelier places were looked at.
            for info in sorted(members, key=lambda one: _rank(one.filename)):
                if not info.is_dir():
                    _member(found, archive, info, depth)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, OverflowError):
        found.unread[DAMAGED] = None
        _raw(found, content)


def _member(found: _Look, archive: zipfile.ZipFile, info: zipfile.ZipInfo, depth: int) -> None:
    if info.flag_bits & 0x1:
        found.unread[ENCRYPTED] = None
        return
    part = bytearray()
    try:
        with archive.open(info) as handle:
            while piece := handle.read(1 << 20):
                found.tick(0)
                part += piece
                if len(part) > MAX_PART:
                    found.unread[LIMITS] = None
                    break
    except NotImplementedError:
        found.unread[COMPRESSION] = None
        return
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError, lzma.LZMAError):
        found.unread[DAMAGED] = None
    _any(found, info.filename, bytes(part), depth + 1)


def _names(info: zipfile.ZipInfo) -> list[str]:
    """A member's name; without the flag for UTF-8 it is in the encoding of the machine that packed it."""
    names = [info.filename]
    if not info.flag_bits & 0x800:
        try:
            kept = info.filename.encode("cp437")
        except UnicodeEncodeError:
            return names
        for encoding in ("gb18030", "utf-8", "big5hkscs"):
            names.append(kept.decode(encoding, errors="replace"))
    if info.comment:
        names += [info.comment.decode("utf-8", "replace"), info.comment.decode("gb18030", "replace")]
    return [part for name in names for part in name.replace("\\", "/").split("/") if part]


def _rank(name: str) -> int:
    lower = name.lower()
    if lower.endswith((".xml", ".rels", ".txt", ".csv", ".html", ".htm")):
        return 0
    return 2 if lower.endswith((".jpg", ".jpeg", ".png", ".emf", ".wmf", ".gif", ".ttf", ".odttf")) else 1


# Compound files: DOC, XLS, PPT, WPS, embedded objects


def _ole(found: _Look, content: bytes, depth: int) -> None:
    found.unread[OLD] = None
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            paths = compound.listdir(streams=True, storages=False)
            names = {path[-1] for path in paths}
            if names & {"EncryptedPackage", "EncryptionInfo"}:
                found.unread[ENCRYPTED] = None
            found.names(part for path in paths for part in path)
            for path in paths:
                stream = compound.openstream(path).read(MAX_PART)
                found.tick(0)
                if _holds_text(path[-1], stream):
                    found.texts(wide_texts(stream))
                else:
                    _raw(found, stream)
                if path[-1].startswith("\x05"):
                    _properties(found, stream)
                if not path[-1].startswith(("WordDocument", "1Table", "0Table")):
                    _wrapped(found, stream, depth)
    except _Enough:
        raise
    except Exception:  # a damaged compound file fails in many ways
        found.unread[DAMAGED] = None
        found.texts(wide_texts(content))
        return
    if names & {"Workbook", "Book"}:
        _workbook(found, content)


def _holds_text(name: str, stream: bytes) -> bool:
    """Whether a bare word on a line means something there: pictures hold every pair of signs sooner or later."""
    return name in ("WordDocument", "PowerPoint Document", "CONTENTS") or len(stream) < 1 << 18


def _properties(found: _Look, stream: bytes) -> None:
    """Strings of a property set: code page texts end with a zero byte."""
    for encoding in ("gb18030", "utf-8"):
        found.texts(["\n".join(stream.decode(encoding, errors="replace").split("\x00"))])


def _wrapped(found: _Look, stream: bytes, depth: int) -> None:
    if stream.startswith((b"PK\x03\x04", b"%PDF-", _OLE, b"{\\rtf")):
        _any(found, "", stream, depth + 1)
    else:
        _inside(found, "", stream, depth)


def _workbook(found: _Look, content: bytes) -> None:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found.texts(workbook.sheet_names)
        for number in range(len(workbook.sheet_names)):
            for row in workbook.get_sheet_by_index(number).iter_rows():
                found.texts(["\n".join(str(cell) for cell in row if isinstance(cell, str))])
    except _Enough:
        raise
    except Exception:  # the reader's own errors are of many kinds
        found.unread[DAMAGED] = None


# PDF


def _pdf(found: _Look, content: bytes, depth: int) -> None:
    _pdf_strings(found, content)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        encrypted = "password" in str(error).lower() or "security" in str(error).lower()
        found.unread[ENCRYPTED if encrypted else DAMAGED] = None
        return
    try:
        _pdf_document(found, document, depth)
    finally:
        document.close()


def _pdf_document(found: _Look, document: Any, depth: int) -> None:
    found.texts(document.get_metadata_dict().values())
    try:
        found.texts(one.get_title() for one in document.get_toc())
    except pypdfium2.PdfiumError:
        found.unread[DAMAGED] = None
    for number in range(document.count_attachments()):
        attached = document.get_attachment(number)
        found.names([attached.get_name()])
        try:
            _any(found, attached.get_name(), bytes(attached.get_data()), depth + 1)
        except pypdfium2.PdfiumError:
            found.unread[DAMAGED] = None
    if len(document) > MAX_PAGES:
        found.unread[LIMITS] = None
    if not len(document):
        found.unread[DAMAGED] = None
    for number in range(min(len(document), MAX_PAGES)):
        try:
            _pdf_page(found, document[number])
        except pypdfium2.PdfiumError:
            found.unread[DAMAGED] = None


def _pdf_page(found: _Look, page: Any) -> None:
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    found.texts([text.replace("\ufffe", "")])
    if not text.strip() and pdfium.FPDFPage_CountObjects(page) > 0:
        found.unread[PICTURES] = None
    if "\x00" in text or "\ufffd" in text:  # a font that does not say which signs it draws
        found.unread[DAMAGED] = None
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        for key in (b"Contents", b"T", b"Subj", b"V", b"DA", b"TU"):
            size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
            buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
            pdfium.FPDFAnnot_GetStringValue(note, key, buffer, size)
            found.texts([bytes(buffer).decode("utf-16-le", errors="replace").rstrip("\x00")])
        pdfium.FPDFPage_CloseAnnot(note)
    text_page.close()
    page.close()


def _pdf_strings(found: _Look, content: bytes) -> None:
    """Strings as they stand in the file and in its compressed streams: properties, XMP, forms, notes, object streams."""
    found.tick(len(content))
    _strings(found, content)
    if _PDF_IMAGE.search(content.decode("latin-1")):
        found.unread[PICTURES] = None
    at = 0
    while (at := content.find(_STREAM, at)) >= 0:
        start = at + len(_STREAM)
        if content[at - 3 : at] == b"end":
            at = start
            continue
        start += 2 if content[start : start + 2] == b"\r\n" else 1
        end = content.find(b"endstream", start)
        end = end if end >= 0 else len(content)
        piece = content[start:end]
        at = max(end, start)
        if content[start : start + 1] in b"\x78\x58\x68\x08\x18\x28\x38\x48":
            try:
                piece = zlib.decompressobj().decompress(piece, 8 << 20)
            except zlib.error:
                continue
            found.tick(len(piece))
            if b"BT" in piece[:4000] and b"Tf" in piece[:4000]:
                continue  # drawn text: read by page
            _strings(found, piece)
        if b"<x:xmpmeta" in piece or b"<rdf:RDF" in piece or b"<?xpacket" in piece or b"<xdp" in piece:
            found.markup(piece)


def _strings(found: _Look, content: bytes) -> None:
    text = content.decode("latin-1")
    said: list[str] = []
    for one in _PDF_LITERAL.finditer(text):
        inner = _PDF_OCTAL.sub(_octal, one.group(1)) if "\\" in one.group(1) else one.group(1)
        said += _pdf_text(inner.encode("latin-1", errors="replace"))
    if "<" in text:
        for one in _PDF_HEX.finditer(text):
            digits = "".join(one.group(1).split())
            said += _pdf_text(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    found.texts(["\n".join(said)])


_ESCAPES: Final = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "\n": ""}


def _octal(found: Any) -> str:
    sign = str(found.group(1))
    return chr(int(sign, 8) & 0xFF) if sign[0] in "01234567" else _ESCAPES.get(sign, sign)


def _pdf_text(content: bytes) -> list[str]:
    if len(content) < 4 or content.isascii():
        return []
    if content.startswith((b"\xfe\xff", b"\xff\xfe")):
        return [content.decode("utf-16", errors="replace")]
    return [content.decode(name, errors="ignore") for name in ("utf-8", "gb18030", "utf-16-be")]
