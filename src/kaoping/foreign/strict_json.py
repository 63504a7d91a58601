"""JSON that somebody else wrote, and its lines: the one reader of every tool.

Lines end at a line feed only: U+2028, U+2029 and U+0085 inside a text are part of the text. Refused, with the field where
there is one: a key written twice, ``NaN`` and ``Infinity``, numbers that a double cannot hold exactly (RFC 8785), half a
surrogate pair, nesting that no format of ours has.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

MAX_DEPTH: Final = 64
# RFC 8785 writes numbers as IEEE doubles: whole numbers beyond this are no longer exact.
MAX_INTEGER: Final = 2**53 - 1
_WRITE_AS_TEXT: Final = "写成文本（加引号）"


class JsonFault(ValueError):
    """A text that is not strict JSON: what is wrong, the field where it is known, and what to do."""

    def __init__(self, message: str, remedy: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.remedy, self.field = message, remedy, field


class NotJson(JsonFault):
    """A text whose grammar is not JSON's at all."""


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that hold something, counted from 1."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip(" \t\r"):
            yield number, line


def loads(text: str) -> Any:
    """The value of a strict JSON text. Raises ``JsonFault``."""
    try:
        value = _DECODER.decode(text)
    except JsonFault:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise NotJson("不是 JSON", "核对括号、引号和逗号，文字里的换行写成 \\n") from None
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _bounded_depth(value)
    if "\\u" in text:
        _whole_characters(value)
    return value


def loads_object(text: str) -> dict[str, Any]:
    """``loads`` for a text that has to be one object. Raises ``JsonFault``."""
    value = loads(text)
    if not isinstance(value, dict):
        raise JsonFault("不是 JSON 对象", "写成一个 {…}")
    return value


def _too_deep() -> JsonFault:
    return JsonFault(f"嵌套超过 {MAX_DEPTH} 层", "核对括号，删去多余的层次")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            raise JsonFault(f"字段 {name} 写了两次", "只留一个", name)
        seen.add(name)
    return found


def _no_constant(name: str) -> Any:
    raise JsonFault(f"不能用 {name}", "写成数字，没有就写 null")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise JsonFault(f"数字 {text[:20]} 过大", _WRITE_AS_TEXT)
    return number


def _exact(text: str) -> int:
    # More digits than this are not even turned into a number: Python refuses 4,300 of them in words of its own.
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise JsonFault(
            f"整数 {text[:20]}{'…' if len(text) > 20 else ''} 超过 {MAX_INTEGER}", "核对数字；是代码就加引号"
        )
    return int(text)


def _bounded_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]


def _whole_characters(value: Any, field: str | None = None) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise JsonFault("文字里有半个字符（\\ud800 一类）", "重新输入这段文字", field) from None
    elif isinstance(value, dict):
        for name, child in value.items():
            _whole_characters(name, field)
            _whole_characters(child, name)
    elif isinstance(value, list):
        for child in value:
            _whole_characters(child, field)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_exact
)
