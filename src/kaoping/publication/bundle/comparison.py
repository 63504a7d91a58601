"""Where stored results differ from recomputed ones: named by unit, item and field, causes before their effects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

TEXTS: Final = ("reason", "grade_reason")
_WORDS: Final = {
    "points": "得分",
    "exact": "精确值",
    "max": "满分",
    "status": "状态",
    "reason": "理由",
    "observations": "所据记录",
    "total": "总分",
    "grade": "等次",
    "grade_reason": "等次理由",
    "rank": "名次",
    "group": "类别",
    "components": "考核方式得分",
    "vetoes": "单项否决",
    "gates": "前提",
}


def differences(
    stored: Any, computed: Mapping[str, Any], *, leaves: Collection[str] = (), texts: bool = True
) -> Iterator[str]:
    """Every difference; the ``leaves`` of the rubric first, since what moved there moves the branches above.

    ``texts`` false leaves the words of reasons out, which another wording version spells differently; a text they must be.
    """
    if not isinstance(stored, dict):
        yield "results.json：不是 JSON 对象"
        return
    units = stored.get("units")
    if not isinstance(units, list) or not all(isinstance(one, dict) and "unit" in one for one in units):
        yield "results.json units：不是单位列表"
        units = []
    yield from _lists([one["unit"] for one in units], [one["unit"] for one in computed["units"]])
    by_code = {str(one["unit"]): one for one in units}
    pairs = [
        (by_code[one["unit"]], one, f"单位 {one['unit']}")
        for one in computed["units"]
        if one["unit"] in by_code
    ]
    for one, other, place in pairs:
        yield from _indicators(one.get("indicators"), other["indicators"], place, leaves, texts)
    for one, other, place in pairs:
        yield from _fields(one, other, place, texts, beside=("indicators",))
    yield from _fields(stored, computed, "results.json", texts, beside=("units",))


def _lists(stored: Sequence[Any], computed: Sequence[str]) -> Iterator[str]:
    for code in computed:
        if code not in stored:
            yield f"单位 {code}：数据包里没有，重算有"
    for code in stored:
        if code not in computed:
            yield f"单位 {_short(code)}：数据包里有，重算没有"
    if set(map(str, stored)) == set(computed) and list(stored) != list(computed):
        yield "units：单位的顺序与重算不同，或有重复"


def _indicators(
    stored: Any, computed: Mapping[str, Any], place: str, leaves: Collection[str], texts: bool
) -> Iterator[str]:
    if not isinstance(stored, dict):
        yield f"{place} indicators：不是指标表"
        return
    order = sorted(computed, key=lambda code: (code not in leaves, -code.count("."), code))
    for code in order:
        yield from _pair(stored, computed, code, f"{place} 指标 {code}", texts)
    for code in sorted(set(stored) - set(computed)):
        yield f"{place} 指标 {code}：数据包里有，重算没有"


def _pair(
    stored: Mapping[str, Any], computed: Mapping[str, Any], key: str, place: str, texts: bool
) -> Iterator[str]:
    if key not in stored:
        yield f"{place}：数据包里没有，重算有"
    elif isinstance(stored[key], dict) and isinstance(computed[key], dict):
        yield from _fields(stored[key], computed[key], place, texts)
    elif type(stored[key]) is not type(computed[key]) or stored[key] != computed[key]:
        yield f"{place}：数据包写 {_short(stored[key])}，重算得 {_short(computed[key])}{_which(stored[key], computed[key])}"


def _fields(
    stored: Mapping[str, Any],
    computed: Mapping[str, Any],
    place: str,
    texts: bool,
    *,
    beside: tuple[str, ...] = (),
) -> Iterator[str]:
    for key in computed:
        if key in TEXTS and not texts and isinstance(stored.get(key), str):
            continue
        if key not in beside:
            yield from _pair(stored, computed, key, f"{place} {_name(key)}", texts)
    for key in sorted(set(stored) - set(computed)):
        yield f"{place} {_name(key)}：数据包里有，重算没有"


def _name(key: str) -> str:
    return f"{_WORDS[key]}（{key}）" if key in _WORDS else key


def _which(stored: Any, computed: Any) -> str:
    """For lists of ids: which ones, since a long list is shown cut."""
    if not isinstance(stored, list) or not isinstance(computed, list):
        return ""
    more = [str(one) for one in stored if one not in computed]
    less = [str(one) for one in computed if one not in stored]
    parts = [f"多 {_short('、'.join(more))}"] * bool(more) + [f"少 {_short('、'.join(less))}"] * bool(less)
    return f"（数据包{'，'.join(parts)}）" if parts else ""


def _short(value: Any) -> str:
    text = "未定" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "…"
