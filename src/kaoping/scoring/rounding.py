"""Rounding for people: half up, exact. Sums are made before rounding, never after."""

from __future__ import annotations

from fractions import Fraction


def half_up(value: Fraction, places: int) -> str:
    """``value`` as text with ``places`` decimals, halves away from zero."""
    scale = 10**places
    sign = "-" if value < 0 else ""
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    if whole == 0:
        sign = ""
    if places == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole // scale}.{whole % scale:0{places}d}"


def exact(value: Fraction) -> str:
    """``value`` as ``a/b``."""
    return f"{value.numerator}/{value.denominator}"


def plain(value: Fraction) -> str:
    """``value`` for people: a whole number or a finite decimal as it is, else ``a/b``."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    return half_up(value, places) if rest == 1 else exact(value)
