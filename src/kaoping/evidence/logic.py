"""Decisions of the ledger, pure: what may be recorded and which files are refused."""

from __future__ import annotations

import re
from typing import Final

# 密级 marks: 绝密／机密／秘密 with ★ or a term, alone on a line; and 工作秘密 / 内部资料 marks at a line's start.
_MARKS: Final = re.compile(
    r"(?m)^[\s　]*(?:(?:绝\s*密|机\s*密|秘\s*密)(?:\s*★.{0,12})?[\s　]*$|工作秘密(?:\s*★.{0,12})?[\s　]*$)"
    r"|(?:绝密|机密|秘密)\s*★"
)
ALLOWED_TYPES: Final[dict[str, str]] = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".html": "text/html",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".zip": "application/zip",
}
_SIGNATURES: Final[dict[str, bytes]] = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".zip": b"PK\x03\x04",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
}
MAX_BYTES: Final = 50 * 1024 * 1024


def secrecy_mark(text: str) -> str | None:
    """The 密级 mark that ``text`` bears, or null. Running prose that merely speaks of secrets bears none."""
    found = _MARKS.search(text)
    return found.group(0).strip() if found else None


def refusal_of_file(name: str, content: bytes) -> str | None:
    """Why a file cannot be stored, in words with the remedy, or null when it can (type, size, signature)."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in ALLOWED_TYPES:
        return f"“{name}”的类型不收。请换成 {'、'.join(sorted(ALLOWED_TYPES))} 之一。"
    if not content:
        return f"“{name}”是空文件。请检查后重新选取。"
    if len(content) > MAX_BYTES:
        return f"“{name}”超过 50 MB。请拆成几个文件。"
    signature = _SIGNATURES.get(suffix)
    if signature and not content.startswith(signature):
        return f"“{name}”的内容与扩展名 {suffix} 不符。请确认文件没有损坏或改名。"
    return None
