"""One cell of the heat table, with the words a screen reader says, and its markup (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from kaoping.web.ui.scales import BANDS, heat_step
from kaoping.web.ui.wording import exact, points

STATES = {
    "undecided": "无法判定",
    "pending": "待评",
    "few": "份数不足",
    "absent": "不适用",
    "neutral": "尚未展示",
}


def cell(
    value: Any = None,
    *,
    maximum: Any = 100,
    unit: str,
    item: str,
    state: str = "value",
    text: str = "",
    places: int | None = None,
    before: Any = None,
    spread: bool = False,
    veto: bool = False,
    url: str = "",
    selected: bool = False,
    bands: Sequence[int] = BANDS,
    rate: Fraction | None = None,
    rate_before: Fraction | None = None,
) -> dict[str, Any]:
    """A cell of ``value`` out of ``maximum``.

    ``state``: value | undecided | pending | few | absent | neutral. ``before`` is the earlier value: an arrow shows when the
    rate moved by three percentage points or more. ``text`` replaces the words of a state. ``rate`` is
    the exact share where ``value`` and ``maximum`` are rounded: the step comes from it, the arrow from it and
    ``rate_before``, the words from them.
    """
    if state != "value" or exact(value) is None:
        kind = state if state != "value" else "pending"
        words = text or STATES[kind]
        return {
            "text": words,
            "state": "pending" if kind == "few" else kind,
            "step": None,
            "url": url,
            "selected": selected,
            "veto": veto,
            "spread": spread,
            "label": f"{unit}，{item}，{words}",
        }
    step = heat_step(value, maximum, bands) if rate is None else heat_step(rate, 1, bands)
    shown = points(value, places)
    moved = _moved(value, before, maximum) if rate is None else _moved(rate, rate_before, 1)
    parts = [unit, item, f"{shown} 分，满分 {points(maximum)}"]
    if step == 0:
        parts.append(f"低于 {bands[0]}%")
    parts += [words for there, words in ((moved == "up", "上升"), (moved == "down", "下降")) if there]
    parts += [words for there, words in ((spread, "评审分歧"), (veto, "单项否决")) if there]
    return {
        "text": text or shown,
        "state": "value",
        "step": step,
        "moved": moved,
        "spread": spread,
        "veto": veto,
        "url": url,
        "selected": selected,
        "label": "，".join(parts),
    }


def _moved(value: Any, before: Any, maximum: Any) -> str:
    now, then, full = exact(value), exact(before), exact(maximum)
    if now is None or then is None or not full or abs(now - then) * 100 < 3 * full:
        return ""
    return "up" if now > then else "down"


_ARROWS = {"up": "▲", "down": "▼"}


def markup(one: Mapping[str, Any]) -> str:
    """The ``td`` of a cell, escaped. Written here and not as a template: a page holds three thousand of them."""
    step = one.get("step")
    attributes = f' data-step="{step}"' if step is not None else ""
    attributes += f' data-state="{escape(str(one["state"]))}"'
    if one["state"] == "undecided":
        attributes += ' class="kp-hatch"'
    if one.get("selected"):
        attributes += " data-selected"
    inside = escape(str(one["text"]))
    arrow = _ARROWS.get(one.get("moved", ""))
    if arrow:
        inside += f'<span class="kp-heat__moved" aria-hidden="true">{arrow}</span>'
    if one.get("veto"):
        inside += '<span class="kp-heat__mark" data-mark="veto">否</span>'
    elif one.get("spread"):
        inside += '<span class="kp-heat__mark">≠</span>'
    label = escape(str(one["label"]))
    if one.get("url"):
        inside = f'<a href="{escape(str(one["url"]))}" aria-label="{label}">{inside}</a>'
    elif one["state"] == "value":
        inside += f'<span class="kp-hidden"> {label}</span>'
    return f"<td{attributes}>{inside}</td>"
