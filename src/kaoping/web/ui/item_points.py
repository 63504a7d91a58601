"""The two scales of an item: the rulebook's, on which the office writes points, and the sheet's.

The sheet stretches an item where a unit has items that are not applicable (their points go to the rest).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from kaoping.web.ui.wording import exact, points

GENERAL: Final = (
    "按规则集的满分填（指标后面括号里写的），如 3.5。单位有不涉及的项的，计分表按比例折算，折算后的分会写明。"
)


def on_sheet(item_max: Any, sheet_max: Any, written: Any) -> Fraction | None:
    """Points of the rulebook's scale on the sheet's; null where one of the numbers is none."""
    own, shown, given = exact(item_max), exact(sheet_max), exact(written)
    return None if not own or shown is None or given is None else given * shown / own


def scale_words(item: Any, basis: Any) -> str:
    """On which scale to write points of an item (``max``) that stands with ``points`` of ``max`` on the sheet (``basis``)."""
    own, shown, now = (
        exact(item.max),
        exact(basis.max) if basis else None,
        exact(basis.points) if basis else None,
    )
    words = f"0 到 {item.max} 之间，按规则集的满分 {item.max} 分填。"
    if own is None or now is None or not shown or own == shown:
        return words
    return words + (
        f"本单位有不涉及的项，计分表把这一项按满分 {points(shown, 2)} 分折算：现得 {points(now, 2)} 分，"
        f"即规则集的 {points(now * own / shown, 2)} 分。"
    )


def given_words(item: Any, sheet_max: Any, written: Any) -> str:
    """Points as they were written, and what they are on the sheet where it stretches the item."""
    own, shown = exact(item.max), exact(sheet_max)
    on = on_sheet(item.max, sheet_max, written)
    if on is None or own == shown:
        return f"{written} 分（满分 {item.max} 分）"
    return f"{written} 分（规则集满分 {item.max} 分），计分表折算为 {points(on, 2)} 分（满分 {points(shown, 2)} 分）"
