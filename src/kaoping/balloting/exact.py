"""Exact numbers and the one way they are rounded: half up, to a stated number of places."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from kaoping.patterns import linear

_PLAIN: Final = linear(r"^[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?$")


def exact(value: Any) -> Fraction:
    """A number or decimal text as an exact fraction: 0.7 is seven tenths. Raises ``ValueError``."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"应为数字：{value}")
    # Decimal reads full-width digits, 3_0 and 1e3 as numbers; what somebody typed so is not what they meant to be read.
    if isinstance(value, str) and not _PLAIN.match(value):
        raise ValueError(f"应为数字，用半角，如 0.7：{value[:60]}")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"应为数字：{value}") from None
    if not number.is_finite():
        raise ValueError(f"应为数字：{value}")
    return Fraction(number)


def half_up(value: Fraction, places: int) -> str:
    """``value`` rounded half up (away from nought) as decimal text with exactly ``places`` places."""
    scaled = (abs(value) * 10**places * 2 + 1) // 2
    digits = str(scaled).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 and scaled else text


def ratio(value: Fraction) -> str:
    """The exact form ``a/b``, in lowest terms."""
    return f"{value.numerator}/{value.denominator}"


def plain(value: Fraction) -> str:
    """A short form for people: decimal text when it ends, ``a/b`` otherwise."""
    for places in range(7):
        if (value * 10**places).denominator == 1:
            return half_up(value, places)
    return ratio(value)
