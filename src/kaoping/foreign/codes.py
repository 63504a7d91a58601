"""Codes: what names a unit, an item, a question, an option. Two that look equal must be equal."""

from __future__ import annotations

import unicodedata
from typing import Final

from kaoping.patterns import linear

LONGEST: Final = 80
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
        kind = unicodedata.category(sign)
        if kind[0] == "Z" or kind == "Cc":
            return "含有空格或换行，请删去"
        if kind[0] == "C":
            return f"含有看不见的字符 U+{ord(sign):04X}，请删去后重新输入"
        if sign in _MARKUP:
            return f"不能含有 {sign}"
    return None


def rulebook_id_fault(name: str) -> str | None:
    """Why a text cannot be the id of a rulebook, which also names a folder; null when it can."""
    fault = code_fault(name)
    if fault is None and not _RULEBOOK.fullmatch(name):
        fault = "只用文字、数字、点、横线，以文字或数字开头"
    return fault
