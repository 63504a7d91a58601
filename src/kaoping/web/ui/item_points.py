"""The two scales of an item: the rulebook's, on which the office writes points, and the sheet's.

The sheet stretches an item where a unit has items that are not applicable (their points go to the rest).
"""

from __future__ import annotations

from typing import Final

from kaoping.campaigns.logic.items import stretched
from kaoping.web.ui.told import Scale, Worth
from kaoping.web.ui.wording import exact, points

GENERAL: Final = (
    "按规则集的满分填（指标后面括号里写的），如 3.5。单位有不涉及的项的，计分表按比例折算，折算后的分会写明。"
)


def scale_words(item: Worth, scale: Scale | None) -> str:
    """On which scale to write points of an item (``max``) that has ``points`` of ``max`` on the sheet, both exact."""
    words = f"0 到 {item.max} 之间，按规则集的满分 {item.max} 分填。"
    own = exact(item.max)
    if not own or scale is None or not scale.max or own == scale.max:
        return words
    return words + (
        f"本单位有不涉及的项，计分表把这一项按满分 {points(scale.max, 2)} 分折算：现得 {points(scale.points, 2)} 分，"
        f"即规则集的 {points(scale.points * own / scale.max, 2)} 分。"
    )


def given_words(item: Worth | None, scale: Scale | None, written: object) -> str:
    """Points as they were written, and what they are on the sheet where it stretches the item."""
    if item is None:
        return f"{written} 分"
    own, given = exact(item.max), exact(written)
    if not own or given is None or scale is None or own == scale.max:
        return f"{written} 分（满分 {item.max} 分）"
    on = stretched(given, own, scale.max)
    return f"{written} 分（规则集满分 {item.max} 分），计分表折算为 {points(on, 2)} 分（满分 {points(scale.max, 2)} 分）"
