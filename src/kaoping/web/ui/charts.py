"""Places of marks in the small drawings that the server makes: distribution strip, satisfaction bar, rater spread.

Pure arithmetic to SVG coordinates. Floats are allowed here and only here: no number that a person reads passes through.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kaoping.web.ui.scales import percent
from kaoping.web.ui.wording import exact, points

DOT: Final = 12
SATISFACTION: Final = (
    ("satisfied", "满意", "s1"),
    ("basic", "基本满意", "s2"),
    ("dissatisfied", "不满意", "s3"),
    ("unclear", "说不清", "s4"),
)


def strip(
    totals: Iterable[Any],
    bands: Sequence[Mapping[str, Any]],
    *,
    columns: int = 60,
    highlight: Any = None,
    held: Iterable[Any] = (),
) -> dict[str, Any]:
    """One dot per unit above the score axis: across in percent of the width, up in pixels.

    ``bands`` rise without gaps: ``{"label", "from", "to"}`` (the last ``to`` belongs to the band), with ``count`` where the
    grades given are known: a veto, a gate or a quota moves a grade and no total. ``held`` are the totals of units whose
    grade is another than their band's. The axis starts two
    tens below the lowest dot, at the latest ten below the second band, so that the crowd is readable. Dots of one column
    stack; a column never straddles a multiple of ten, so no dot seems to stand in a neighbour's band.
    """
    values = sorted(value for value in (exact(total) for total in totals) if value is not None)
    found, apart = exact(highlight), Counter(exact(total) for total in held)
    edges = [(band["label"], exact(band["from"]) or 0, exact(band["to"]) or 0) for band in bands]
    if not edges:
        return {"empty": True, "n": len(values), "bands": []}
    top, second = edges[-1][2], edges[1][1] if len(edges) > 1 else edges[0][1]
    lowest = min([*values, second]) // 10 * 10 - 10
    low = max(min(lowest, second - 10), edges[0][1])
    span = float(top - low) or 1.0
    per_ten = max(1, int(columns * 10 // span))
    last_column = max(0, round(span / 10 * per_ten) - 1)

    def across(value: Any) -> float:
        return (float(value) - float(low)) / span * 100

    stacks: dict[int, int] = defaultdict(int)
    dots: list[dict[str, Any]] = []
    for value in values:
        column = min(max(int((value - low) * per_ten // 10), 0), last_column)
        place = (column + 0.5) * 10 / per_ten / span * 100
        dots.append(
            {
                "x": round(place, 2),
                "level": stacks[column],
                "found": found is not None and value == found,
                "held": apart[value] > 0,
            }
        )
        apart[value] -= 1
        stacks[column] += 1
    base = 26 + DOT * max([4, *stacks.values()])
    for dot in dots:
        dot["y"] = base - 8 - dot.pop("level") * DOT
    drawn = []
    given = [band.get("count") for band in bands]
    for order, (label, start, end) in enumerate(edges):
        left, right = max(across(start), 0.0), across(end)
        last = order == len(edges) - 1
        inside = sum(1 for value in values if start <= value and (value < end or (last and value <= end)))
        drawn.append(
            {
                "label": label,
                "inside": inside,
                "count": inside if given[order] is None else given[order],
                "x": round(left, 2),
                "width": round(max(right - left - (0 if last else 0.2), 0), 2),
                "middle": round((left + right) / 2, 2),
                "tone": f"b{min(order, 3) if len(edges) > 3 else order + 1}",
                "edge": points(start) if order else "",
                "from": start,
                "to": end,
                "hidden": right <= 0,
            }
        )
    return {
        "empty": not values,
        "n": len(values),
        "height": base + 28,
        "base": base,
        "dots": dots,
        "bands": drawn,
        "graded": any(one is not None for one in given),
    }


def satisfaction(shares: Mapping[str, Any], margins: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Segments of the satisfaction bar in their fixed order, from shares in percent; missing shares count 0."""
    margins = margins or {}
    segments, left = [], 0.0
    for key, label, css in SATISFACTION:
        width = float(percent(shares.get(key), 100))
        segments.append(
            {
                "key": key,
                "label": label,
                "css": css,
                "x": f"{left:g}%",
                "width": f"{max(width - 0.25, 0):g}%" if width else "0",
                "share": points(shares.get(key) or 0),
                "margin": points(margins[key]) if margins.get(key) is not None else "",
            }
        )
        left += width
    return segments


def spread(
    scores: Iterable[Mapping[str, Any]], low: Any, high: Any, apart: Any = None
) -> list[dict[str, Any]]:
    """Place of each reviewer's dot between ``low`` and ``high``; hollow when it is ``apart`` or more from the median."""
    entries = list(scores)
    numbers = sorted(
        number for number in (exact(entry.get("points")) for entry in entries) if number is not None
    )
    middle = numbers[len(numbers) // 2] if numbers else None
    limit, floor, ceiling = exact(apart), exact(low), exact(high)
    placed = []
    for entry in entries:
        number = exact(entry.get("points"))
        far = (
            number is not None and middle is not None and limit is not None and abs(number - middle) >= limit
        )
        place = None
        if number is not None and floor is not None and ceiling is not None and ceiling != floor:
            place = f"{percent(number - floor, ceiling - floor)}%"
        placed.append(
            {"alias": entry.get("alias", ""), "points": entry.get("points"), "x": place, "apart": far}
        )
    return placed
