"""Canonical bytes (RFC 8785) and strict reading: no duplicate keys, no NaN, no absurd depth."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785


class NotStrict(ValueError):
    """Text that is not strict JSON; the message says why."""


def dumps(value: Any) -> bytes:
    """Canonical JSON."""
    return rfc8785.dumps(value)


def loads(content: bytes) -> Any:
    """Strict JSON in UTF-8. Raises ``NotStrict``."""
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_small
        )
    except UnicodeDecodeError:
        raise NotStrict("不是 UTF-8") from None
    except RecursionError:
        raise NotStrict("嵌套过深") from None
    except json.JSONDecodeError as error:
        raise NotStrict(f"不是 JSON（第 {error.lineno} 行）") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise NotStrict(f"字段 {next(name for name in names if names.count(name) > 1)} 写了两次")
    return found


def _no_constant(name: str) -> Any:
    raise NotStrict(f"不允许 {name}")


def _small(text: str) -> int:
    if len(text) > 18:
        raise NotStrict("数字过大")
    return int(text)


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
