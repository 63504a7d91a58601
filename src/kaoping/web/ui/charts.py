"""Places of marks in the small drawings that the server makes: distribution strip, satisfaction, rater spread.

Pure arithmetic to SVG coordinates. Floats are allowed here and only here: no number that a person reads passes through.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kaoping.web.ui.parts.score import DistributionStrip, GradeBand, Number, RaterSpread
from kaoping.web.ui.scales import percent
from kaoping.web.ui.wording import exact, points

DOT: Final = 12
SATISFACTION: Final = (
    ("satisfied", "满意", "s1"),
    ("basic", "基本满意", "s2"),
    ("dissatisfied", "不满意", "s3"),
    ("unclear", "说不清", "s4"),
)


@dataclass(frozen=True, slots=True)
class Dot:
    """A unit: ``found`` when it was looked for, ``held`` when its grade is another than its band's."""

    x: float
    y: int
    found: bool
    held: bool


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """A band below the axis and in the table: totals ``inside``, grades given (``count``), its lower ``edge`` in words."""

    label: str
    start: Fraction
    end: Fraction
    inside: int
    count: int
    x: float
    width: float
    middle: float
    tone: str
    edge: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class DrawnStrip:
    """A distribution strip of one width; ``graded`` where the grades given are known."""

    empty: bool
    bands: tuple[DrawnBand, ...] = ()
    dots: tuple[Dot, ...] = ()
    height: int = 0
    base: int = 0
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One class of answers, with its place in the bar; ``share`` and ``margin`` as they are read."""

    key: str
    label: str
    css: str
    x: str
    width: str
    share: str
    margin: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A reviewer's dot: ``x`` '' where nothing was given, ``apart`` when it lies far from the median."""

    alias: str
    points: Number | None
    x: str
    apart: bool


@dataclass(frozen=True, slots=True)
class _Axis:
    low: Fraction
    span: float

    def across(self, value: Fraction) -> float:
        return (float(value) - float(self.low)) / self.span * 100


def strip(strip: DistributionStrip, *, columns: int = 60) -> DrawnStrip:
    """One dot per unit above the score axis: across in percent of the width, up in pixels.

    The axis starts two tens below the lowest dot, at the latest ten below the second band, so that the crowd is readable.
    """
    values = sorted(value for value in map(exact, strip.totals) if value is not None)
    if not strip.bands:
        return DrawnStrip(empty=True)
    starts = [exact(band.start) or Fraction(0) for band in strip.bands]
    top = exact(strip.bands[-1].end) or Fraction(0)
    second = starts[1] if len(starts) > 1 else starts[0]
    lowest = Fraction(min([*values, second]) // 10 * 10 - 10)
    low = max(min(lowest, second - 10), starts[0])
    axis = _Axis(low, float(top - low) or 1.0)
    places, levels = _places(values, axis, columns)
    base = 26 + DOT * max([4, *(level + 1 for level in levels)])
    return DrawnStrip(
        empty=not values,
        bands=tuple(_band(strip.bands, order, values, axis) for order in range(len(strip.bands))),
        dots=_dots(strip, values, places, [base - 8 - level * DOT for level in levels]),
        height=base + 28,
        base=base,
        graded=any(band.count is not None for band in strip.bands),
    )


def _places(values: Sequence[Fraction], axis: _Axis, columns: int) -> tuple[list[float], list[int]]:
    """Where each dot stands across, and on how many others of its column.

    A column never straddles a multiple of ten, so no dot seems to stand in a neighbour's band.
    """
    per_ten = max(1, int(columns * 10 // axis.span))
    last_column = max(0, round(axis.span / 10 * per_ten) - 1)
    stacks: dict[int, int] = defaultdict(int)
    places, levels = [], []
    for value in values:
        column = min(max(int((value - axis.low) * per_ten // 10), 0), last_column)
        places.append(round((column + 0.5) * 10 / per_ten / axis.span * 100, 2))
        levels.append(stacks[column])
        stacks[column] += 1
    return places, levels


def _dots(
    strip: DistributionStrip, values: Sequence[Fraction], places: Sequence[float], heights: Sequence[int]
) -> tuple[Dot, ...]:
    found, apart = exact(strip.highlight), Counter(map(exact, strip.held))
    dots = []
    for value, x, y in zip(values, places, heights, strict=True):
        dots.append(Dot(x, y, found=found is not None and value == found, held=apart[value] > 0))
        apart[value] -= 1
    return tuple(dots)


def _band(bands: Sequence[GradeBand], order: int, values: Sequence[Fraction], axis: _Axis) -> DrawnBand:
    """A band; the last one holds its own end too."""
    band, last = bands[order], order == len(bands) - 1
    start, end = exact(band.start) or Fraction(0), exact(band.end) or Fraction(0)
    left, right = max(axis.across(start), 0.0), axis.across(end)
    inside = sum(1 for value in values if start <= value and (value < end or (last and value <= end)))
    return DrawnBand(
        label=band.label,
        start=start,
        end=end,
        inside=inside,
        count=inside if band.count is None else band.count,
        x=round(left, 2),
        width=round(max(right - left - (0 if last else 0.2), 0), 2),
        middle=round((left + right) / 2, 2),
        tone=f"b{min(order, 3) if len(bands) > 3 else order + 1}",
        edge=points(start) if order else "",
        hidden=right <= 0,
    )


def satisfaction(
    shares: Mapping[str, Number], margins: Mapping[str, Number] | None = None
) -> tuple[Segment, ...]:
    """The classes of answers in their fixed order, from shares in percent; missing shares count 0."""
    margins = margins or {}
    segments, left = [], 0.0
    for key, label, css in SATISFACTION:
        width = float(percent(shares.get(key), 100))
        segments.append(
            Segment(
                key=key,
                label=label,
                css=css,
                x=f"{left:g}%",
                width=f"{max(width - 0.25, 0):g}%" if width else "0",
                share=points(shares.get(key) or 0),
                margin=points(margins[key]) if key in margins else "",
            )
        )
        left += width
    return tuple(segments)


def spread(spread: RaterSpread) -> tuple[Placed, ...]:
    """Place of each reviewer's dot between the ends of the scale."""
    numbers = sorted(number for one in spread.scores if (number := exact(one.points)) is not None)
    middle = numbers[len(numbers) // 2] if numbers else None
    limit, floor, ceiling = exact(spread.apart), exact(spread.low), exact(spread.high)
    placed = []
    for one in spread.scores:
        number, place, far = exact(one.points), "", False
        if number is not None and floor is not None and ceiling is not None and ceiling != floor:
            place = f"{percent(number - floor, ceiling - floor)}%"
        if number is not None and middle is not None and limit is not None:
            far = abs(number - middle) >= limit
        placed.append(Placed(one.alias, one.points, place, far))
    return tuple(placed)
