"""A unit's totals over the years as a line: only years that used the same rules, drawn from numbers to SVG places."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from kaoping.web.ui.wording import points

HEIGHT: Final = 150
TOP: Final = 24
LEFT: Final = 8
RIGHT: Final = 78


def trend(
    years: Sequence[tuple[int, Fraction]], bands: Sequence[tuple[str, Fraction]], *, mark: str = ""
) -> dict[str, Any] | None:
    """The drawing of ``(year, total)`` in rising order, with the lines of the grades; null below two years.

    ``mark`` stands behind lines that nobody decided yet.

    Across in percent of the width, down in pixels. The axis begins at the ten below the lowest total or the lowest line
    that is drawn, never at a place that makes a small difference steep: at least twenty points are shown.
    """
    if len(years) < 2:
        return None
    totals = [total for _year, total in years]
    high: Fraction = max([Fraction(100), *totals])
    low: Fraction = min(Fraction(min(totals) // 10 * 10), high - 20)

    def down(value: Fraction) -> float:
        return round(TOP + float((high - value) / (high - low)) * HEIGHT, 1)

    step = (RIGHT - LEFT) / (len(years) - 1)
    dots = [
        {"x": round(LEFT + step * place, 2), "y": down(total), "year": year, "total": points(total, 2)}
        for place, (year, total) in enumerate(years)
    ]
    change = totals[-1] - totals[-2]
    moved = "持平" if not change else f"{'高' if change > 0 else '低'} {points(abs(change), 2)} 分"
    return {
        "dots": dots,
        "lines": [{"from": one, "to": other} for one, other in zip(dots, dots[1:], strict=False)],
        "bands": [
            {"y": down(least), "label": f"{name} {points(least)}"}
            for name, least in bands
            if low <= least <= high
        ],
        "height": TOP + HEIGHT + 30,
        "foot": TOP + HEIGHT + 22,
        "caption": f"{years[-1][0]} 年度比 {years[-2][0]} 年度{moved}。只连指标体系相同的年度。"
        + (f"各档的线{mark}。" if mark else ""),
    }
