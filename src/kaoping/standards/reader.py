"""Reading checked values out of the data of one rulebook file; every refusal names file, line and field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from kaoping.patterns import linear

# A number of more signs than this is no number of an assessment; thousands of them are slow, and refused by Python itself.
_DIGITS: Final = 60
_NUMBER: Final = linear(r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|[0-9]+/[0-9]+)$")
Path = tuple[str | int, ...]
Lines = Mapping[Path, int]


class RulebookError(ValueError):
    """A rulebook that cannot be used: where (file, line from 1 or 0 when it has none, field) and what to write instead."""

    def __init__(self, file: str, line: int, field: str, message: str) -> None:
        place = f"{file}" + (f" 第 {line} 行" if line else "") + (f" {field}" if field else "")
        super().__init__(f"{place}：{message}")
        self.file, self.line, self.field, self.message = file, line, field, message


class Reader:
    """One file with the lines of its keys."""

    def __init__(self, lines: Lines, file: str) -> None:
        self.lines, self.file = lines, file

    def fail(self, path: Path, message: str) -> RulebookError:
        """An error at ``path``, on the line of the nearest key that has one."""
        cuts = (path[:cut] for cut in range(len(path), -1, -1))
        line = next((self.lines[cut] for cut in cuts if cut in self.lines), 0)
        return RulebookError(self.file, line, ".".join(str(part) for part in path), message)

    def mapping(self, value: Any, path: Path) -> dict[str, Any]:
        """``value`` when it is a mapping."""
        if not isinstance(value, dict):
            raise self.fail(path, "应为“字段: 值”的结构")
        return value

    def no_others(self, data: Mapping[str, Any], known: frozenset[str], path: Path) -> None:
        """Refuse a misspelt field rather than ignore it."""
        for key in data:
            if key not in known:
                raise self.fail((*path, key), f"不认识的字段；可用：{'、'.join(sorted(known))}")

    def text(self, data: Mapping[str, Any], key: str, path: Path) -> str:
        """A text that is not empty; a whole number counts as text."""
        value = data.get(key)
        if isinstance(value, bool):
            raise self.fail((*path, key), "应为文本（no、yes、on、off 要加引号）")
        if not isinstance(value, str | int) or value == "":
            raise self.fail((*path, key), "不能空，应为文本")
        return str(value)

    def number(self, data: Mapping[str, Any], key: str, path: Path, default: str | None = None) -> Fraction:
        """An exact number."""
        value = data.get(key, default)
        try:
            if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _DIGITS:
                raise ValueError
            # Fraction reads full-width digits, 3_0 and 1e3 as numbers; nobody who wrote them so is sure to mean that.
            if not _NUMBER.match(str(value)):
                raise ValueError
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise self.fail((*path, key), '应为数字，如 "2" 或 "0.5"，用半角数字，不写指数和下划线') from None

    def whole(
        self, data: Mapping[str, Any], key: str, path: Path, default: int, *, most: int | None = None
    ) -> int:
        """A whole number from 0 (to ``most``)."""
        number = self.number(data, key, path, str(default))
        if number.denominator != 1 or number < 0 or (most is not None and number > most):
            raise self.fail((*path, key), "应为不小于 0 的整数" + (f"，不大于 {most}" if most else ""))
        return int(number)

    def one_of(self, value: Any, allowed: tuple[str, ...], path: Path) -> str:
        """One of a closed set."""
        if not isinstance(value, str) or value not in allowed:
            raise self.fail(path, f"应为 {'、'.join(allowed)} 之一")
        return value

    def rows(self, data: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
        """A list of mappings, empty when absent."""
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fail((*path, key), "应为列表，每条是“字段: 值”")
        return value

    def strings(self, data: Mapping[str, Any], key: str, path: Path) -> list[str]:
        """A list of texts, empty when absent."""
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fail((*path, key), "应为列表，如 [a, b]")
        return value
