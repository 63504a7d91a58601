"""Exact numbers and the one way they are rounded: half up, to a stated number of places. Sums are made before rounding."""

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
    """``value`` as decimal text with exactly ``places`` places, halves away from nought; what rounds to nought has no sign."""
    scaled = (abs(value) * 10**places * 2 + 1) // 2
    digits = str(scaled).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 and scaled else text


def ratio(value: Fraction) -> str:
    """The exact form ``a/b`` in lowest terms, which sheets and bundles keep."""
    return f"{value.numerator}/{value.denominator}"


def plain(value: Fraction) -> str:
    """``value`` for people: a whole number or a finite decimal as it is, else ``a/b``."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    return half_up(value, places) if rest == 1 else ratio(value)
