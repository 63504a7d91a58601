"""Codes: what names a unit, an item, a question, an option. Two that look equal must be equal."""

from __future__ import annotations

import unicodedata
from typing import Final

from kaoping.patterns import linear

LONGEST: Final = 80
_BLANKS: Final = "\t\n\r\v\f"
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_MARKUP: Final = frozenset("<>&\"'`\\/|*?")
_RULEBOOK: Final = linear(r"[\p{L}\p{N}][\p{L}\p{N}._-]*")


def code_fault(code: str) -> str | None:
    """Why a text cannot be a code, in words; null when it can.

    Letters and digits of any script and signs between them; no blanks, nothing that is not seen, no markup, no path.
    """
    if not code:
        return "不能空"
    if len(code) > LONGEST:
        return f"超过 {LONGEST} 个字"
    for sign in code:
        if unicodedata.category(sign)[0] == "Z" or sign in _BLANKS:
            return "含有空格或换行，请删去"
        if unicodedata.category(sign)[0] == "C":
            return _unseen(sign)
        if sign in _MARKUP:
            return f"不能含有 {sign}"
    return None


def unseen_fault(name: str) -> str | None:
    """Why a text cannot name anything, in words; null when it can.

    Two ids that look equal must be equal: controls (NUL among them), breaks of lines and signs without width are refused. More
    than that nobody asks of an id that another system gave.
    """
    return next((_unseen(sign) for sign in name if unicodedata.category(sign) in _UNSEEN), None)


def _unseen(sign: str) -> str:
    return f"含有看不见的字符 U+{ord(sign):04X}，请删去后重新输入"


def rulebook_id_fault(name: str) -> str | None:
    """Why a text cannot be the id of a rulebook, which also names a folder; null when it can."""
    fault = code_fault(name)
    if fault is None and not _RULEBOOK.fullmatch(name):
        fault = "只用文字、数字、点、横线，以文字或数字开头"
    return fault
