"""One cell of the heat table, with the words a screen reader says, and its markup (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Literal, TypeAlias

from kaoping.web.ui.parts.heat import HeatCell, HeatMark
from kaoping.web.ui.scales import BANDS, heat_step
from kaoping.web.ui.wording import exact, points

STATES = {
    "undecided": "无法判定",
    "pending": "待评",
    "few": "份数不足",
    "absent": "不适用",
    "neutral": "尚未展示",
}


Number: TypeAlias = int | Decimal | Fraction | str | None


def cell(
    value: Number = None,
    *,
    maximum: Number = 100,
    unit: str,
    item: str,
    state: str = "value",
    text: str = "",
    places: int | None = None,
    before: Number = None,
    spread: bool = False,
    veto: bool = False,
    url: str = "",
    selected: bool = False,
    bands: Sequence[int] = BANDS,
    rate: Fraction | None = None,
    rate_before: Fraction | None = None,
) -> HeatCell:
    """The mark of ``value`` out of ``maximum`` in the cell of a unit and an item; see ``mark``."""
    made = mark(
        value,
        maximum=maximum,
        state=state,
        text=text,
        places=places,
        before=before,
        spread=spread,
        veto=veto,
        bands=bands,
        rate=rate,
        rate_before=rate_before,
    )
    return HeatCell(made, f"{unit}，{item}，{made.words}", url, selected)


def mark(
    value: Number = None,
    *,
    maximum: Number = 100,
    state: str = "value",
    text: str = "",
    places: int | None = None,
    before: Number = None,
    spread: bool = False,
    veto: bool = False,
    bands: Sequence[int] = BANDS,
    rate: Fraction | None = None,
    rate_before: Fraction | None = None,
) -> HeatMark:
    """What a cell of ``value`` out of ``maximum`` shows.

    ``state``: value | undecided | pending | few | absent | neutral. ``before`` is the earlier value: an arrow shows when the
    rate moved by three percentage points or more. ``text`` replaces the words of a state. ``rate`` is
    the exact share where ``value`` and ``maximum`` are rounded: the step comes from it, the arrow from it and
    ``rate_before``, the words from them.
    """
    if state != "value" or exact(value) is None:
        kind = state if state != "value" else "pending"
        words = text or STATES[kind]
        return HeatMark(words, "pending" if kind == "few" else kind, words, spread=spread, veto=veto)
    step = heat_step(value, maximum, bands) if rate is None else heat_step(rate, 1, bands)
    shown = points(value, places)
    moved = _moved(value, before, maximum) if rate is None else _moved(rate, rate_before, 1)
    parts = [f"{shown} 分，满分 {points(maximum)}"]
    if step == 0:
        parts.append(f"低于 {bands[0]}%")
    parts += [words for there, words in ((moved == "up", "上升"), (moved == "down", "下降")) if there]
    parts += [words for there, words in ((spread, "评审分歧"), (veto, "单项否决")) if there]
    return HeatMark(text or shown, "value", "，".join(parts), step, moved, spread, veto)


def _moved(value: Number, before: Number, maximum: Number) -> Literal["", "up", "down"]:
    now, then, full = exact(value), exact(before), exact(maximum)
    if now is None or then is None or not full or abs(now - then) * 100 < 3 * full:
        return ""
    return "up" if now > then else "down"


_ARROWS = {"": "", "up": "▲", "down": "▼"}


def markup(one: HeatCell) -> str:
    """The ``td`` of a cell, escaped. Written here and not as a template: a page holds three thousand of them."""
    mark = one.mark
    attributes = f' data-step="{mark.step}"' if mark.step is not None else ""
    attributes += f' data-state="{mark.state}"'
    if mark.state == "undecided":
        attributes += ' class="kp-hatch"'
    if one.selected:
        attributes += " data-selected"
    inside = escape(mark.text)
    arrow = _ARROWS[mark.moved]
    if arrow:
        inside += f'<span class="kp-heat__moved" aria-hidden="true">{arrow}</span>'
    if mark.veto:
        inside += '<span class="kp-heat__mark" data-mark="veto">否</span>'
    elif mark.spread:
        inside += '<span class="kp-heat__mark">≠</span>'
    label = escape(one.label)
    if one.url:
        inside = f'<a href="{escape(one.url)}" aria-label="{label}">{inside}</a>'
    elif mark.state == "value":
        inside += f'<span class="kp-hidden"> {label}</span>'
    return f"<td{attributes}>{inside}</td>"
