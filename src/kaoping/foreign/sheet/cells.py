"""One cell, read by the kind of its column. What cannot be read is said with what stands there and what to write instead.

Numbers, days and codes are read in half width only: what is stored is what somebody wrote, not what was made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from kaoping.beijing import BEIJING
from kaoping.foreign.days import day_fault, strict_day, strict_instant, strict_local, table_day
from kaoping.foreign.sheet.declaration import YES_NO, Column
from kaoping.foreign.visible import visible
from kaoping.foreign.width import half_width
from kaoping.patterns import linear

_SHOWN: Final = 20
# From here on a spreadsheet's number no longer holds all of its digits.
_WHOLE: Final = 1e15
_CODE: Final = linear(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_CODE_LENGTH: Final = 40
_NUMBER: Final = linear(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_HALF: Final = "；数字、字母用半角"


class Wrong(Exception):
    """A cell that cannot be read: why, without full stop, and what to write instead, with one."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}。{remedy}")
        self.message, self.remedy = message, remedy


def read_cell(column: Column, cell: Any) -> Any:
    """The value of a cell. Raises ``Wrong``."""
    if _is_empty(cell):
        if column.filled:
            raise Wrong("没有填", column.remedy or _remedy(column))
        return column.empty
    value = _READERS[column.kind](column, cell)
    fault = column.refusal(value) if column.refusal is not None else None
    if fault:
        raise Wrong(fault, column.remedy)
    return value


def text_of(cell: Any) -> str:
    """What stands in a cell, as people read it: a whole number without point, a day as 2025-01-31."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE else str(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time(0) else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def shown(text: str) -> str:
    """A few signs of what stands there, fit for a sentence."""
    return visible(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _is_empty(cell: Any) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def _remedy(column: Column) -> str:
    """What to write, in the words of the kind."""
    if column.kind == "choice":
        return f"请写 {'、'.join(column.words)} 之一。"
    return _REMEDIES[column.kind]


_REMEDIES: Final = {
    "text": "请填写。",
    "code": f"代码只用字母、数字、横线、点，不超过 {_CODE_LENGTH} 个字符。",
    "date": "请写成 2025-01-31，数字用半角。",
    "instant": "请写成 2025-01-31T18:00:00+08:00，数字用半角。",
    "number": "请写成 3 或 0.5，数字用半角，不写单位和逗号。",
    "yes-no": "请写 yes 或 no（是、否）。",
}


def _wrong(column: Column, message: str, text: str) -> Wrong:
    """What is wrong with ``text``; of full width it is said, for it looks right."""
    remedy = column.remedy or _remedy(column)
    if half_width(text) != text and "半角" not in remedy:
        remedy = f"{remedy.removesuffix('。')}{_HALF}。"
    return Wrong(f"“{shown(text)}”{message}", remedy)


def _text(column: Column, cell: Any) -> str:
    text = text_of(cell)
    if column.most and len(text) > column.most:
        raise Wrong(f"超过 {column.most} 个字", "请缩短。")
    if not column.lines and visible(text) != text:
        raise Wrong("含有换行或看不见的字符", "请在这一格里重新输入，不要换行。")
    return text


def _code(column: Column, cell: Any) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise Wrong("这一格是数字，前面的零可能已经丢了", "请把这一列设成文本格式，重新填写代码。")
    text = _text(column, cell)
    if len(text) > (column.most or _CODE_LENGTH) or not _CODE.fullmatch(text):
        raise _wrong(column, "不能作代码", text)
    return text


def _date(column: Column, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    day = strict_day(text) if column.exact else table_day(text)
    if day is None:
        raise _wrong(column, day_fault(text, "不是日期"), text)
    return day


def _instant(column: Column, cell: Any) -> datetime:
    """An instant says its zone; without one it is Beijing's, in which the offices keep their books."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=BEIJING)
    text = text_of(cell)
    found = strict_instant(text) or strict_local(text.replace(" ", "T", 1))
    if found is None:
        raise _wrong(column, "不是时间", text)
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def _number(column: Column, cell: Any) -> Decimal:
    text = text_of(cell)
    if isinstance(cell, bool) or not _NUMBER.fullmatch(text):
        raise _wrong(column, "不是数字", text)
    return Decimal(text)


def _choice(column: Column, cell: Any) -> Any:
    text = text_of(cell)
    if text in column.words:
        return column.words[text]
    if text in column.words.values():
        return text
    raise Wrong(f"没有“{shown(text)}”这个{column.heading}", column.remedy or _remedy(column))


def _yes_no(column: Column, cell: Any) -> bool:
    words: Mapping[str, bool] = column.words or YES_NO
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    if text.lower() not in words:
        raise _wrong(column, "看不懂", text)
    return words[text.lower()]


_READERS: Final[Mapping[str, Callable[[Column, Any], Any]]] = {
    "text": _text,
    "code": _code,
    "date": _date,
    "instant": _instant,
    "number": _number,
    "choice": _choice,
    "yes-no": _yes_no,
}
