"""Text of an offered file, as far as it can be read without running anything: for the look for 密级 marks."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

_LIMIT: Final = 20 * 1024 * 1024
_PARTS: Final = re.compile(r"(word/(document|header\d*|footer\d*)|xl/sharedStrings)\.xml$")
_BREAKS: Final = re.compile(r"</w:p>|</si>|<w:br/>")
_TAGS: Final = re.compile(r"<[^>]{0,2000}>")


def readable_text(name: str, content: bytes) -> str:
    """The text of TXT, CSV, HTML, DOCX, XLSX (and of such files inside ZIP); empty for pictures and scans."""
    suffix = name.rsplit(".", 1)[-1].lower()
    if suffix in ("txt", "csv", "html"):
        return _TAGS.sub("\n", _decode(content))
    if suffix in ("docx", "xlsx", "zip"):
        return _zipped(content, nested=suffix == "zip")
    if suffix == "pdf":
        return _pdf(content)
    return ""


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _zipped(content: bytes, *, nested: bool) -> str:
    texts: list[str] = []
    left = _LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist()[:500]:
                if info.file_size > left:
                    continue
                if nested and info.filename.lower().endswith((".txt", ".csv", ".html", ".docx", ".xlsx")):
                    inner = archive.read(info)
                    left -= len(inner)
                    texts.append(readable_text(info.filename, inner))
                elif not nested and _PARTS.search(info.filename):
                    part = archive.read(info)
                    left -= len(part)
                    texts.append(_TAGS.sub("", _BREAKS.sub("\n", part.decode("utf-8", errors="replace"))))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return "\n".join(texts)
    return "\n".join(texts)


def _pdf(content: bytes) -> str:
    """Only the plain strings of a PDF's information dictionary and XMP; page text is not unpacked."""
    found = re.findall(rb"\((?:[^()\\]|\\.){1,200}\)", content[:200_000])
    return "\n".join(one[1:-1].decode("utf-8", errors="ignore") for one in found[:500])
