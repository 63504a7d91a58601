"""Canonical bytes (RFC 8785) and strict reading: no duplicate keys, no NaN, no fractions, no absurd sizes or depth."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import rfc8785

# RFC 8785 writes numbers as IEEE doubles: integers beyond this are no longer exact, fractions never were.
MAX_INTEGER: Final = 2**53 - 1


class NotStrict(ValueError):
    """Text that is not strict JSON; the message says why."""


def dumps(value: Any) -> bytes:
    """Canonical JSON."""
    return rfc8785.dumps(value)


def loads(content: bytes) -> Any:
    """Strict JSON in UTF-8, such that ``dumps`` of the answer cannot fail. Raises ``NotStrict``."""
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_no_fraction,
            parse_int=_integer,
        )
        dumps(value)
    except UnicodeDecodeError:
        raise NotStrict("不是 UTF-8") from None
    except RecursionError:
        raise NotStrict("嵌套过深") from None
    except json.JSONDecodeError as error:
        raise NotStrict(f"不是 JSON（第 {error.lineno} 行）") from None
    except rfc8785.CanonicalizationError:
        raise NotStrict("含有无法规范写出的字符") from None
    return value


def loads_canonical(content: bytes) -> Any:
    """Strict JSON that is also written canonically, byte for byte. Raises ``NotStrict``."""
    value = loads(content)
    if dumps(value) != content:
        raise NotStrict("不是规范写法（RFC 8785），可能被改写过")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotStrict(f"字段 {name} 写了两次")
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise NotStrict(f"不允许 {name}")


def _no_fraction(text: str) -> Any:
    raise NotStrict(f"小数 {text[:20]} 应写成文本")


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise NotStrict("数字过大")
    return int(text)


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
