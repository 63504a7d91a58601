"""Steps of the heat scale, and shares as widths (pure). Bands come from the rulebook, so colour and grade agree."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from kaoping.web.ui.wording import exact

BANDS: Final = (60, 70, 80, 90)


def heat_step(points: object, maximum: object = 100, bands: Sequence[int] = BANDS) -> int | None:
    """The step 0 to 4 of ``points`` out of ``maximum``; null when either is not a number or the maximum is 0.

    ``bands`` are the four lower edges in percent, rising; a value on an edge takes the higher step.
    """
    got, full = exact(points), exact(maximum)
    if got is None or not full:
        return None
    rate = got * 100 / full
    return sum(1 for edge in bands if rate >= edge)


def percent(part: object, whole: object) -> str:
    """``part`` of ``whole`` as a width in percent with two places, between 0 and 100, for SVG attributes."""
    got, full = exact(part), exact(whole)
    if got is None or not full:
        return "0"
    share = min(max(got * 100 / full, Fraction(0)), Fraction(100))
    return f"{float(share):.2f}".rstrip("0").rstrip(".")
