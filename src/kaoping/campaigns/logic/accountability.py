"""责任追究 in the annual report: whose report must say it, and what a unit may state. Pure.

政府信息公开条例 第五十条（四）: reports of governments give the results of assessment, of the public evaluation and of
责任追究. Other organs need not; what they do not state is absent, never guessed. Who is held liable is decided by the organs
of discipline or appointment, so a statement carries numbers, ways and the deciding organ, and no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaoping.foreign.glyphs import glyphs

NONE, SOME, OMITTED = "none", "some", "omitted"
CHOICES: Final[Mapping[str, str]] = {
    NONE: "本年没有发生",
    SOME: "有，写明件次、方式和依据机关",
    OMITTED: "本报告不列这一项",
}
# 条例 第五十条 speaks of 各级人民政府; a subdistrict office is an outpost of one, not one.
GOVERNMENTS: Final = frozenset({"government", "district_government", "township"})
MOST_CASES: Final = 9999
# What was typed is never dropped in silence: the unit says which of the two it means.
CONTRADICTS: Final = (
    f"选的不是“{CHOICES[SOME]}”，下面却填了件次、方式或依据机关，没有保存。"
    "有的，请改选“有”；没有或不列的，请清空这三栏，再确认。"
)


def must_state(kind: str) -> bool:
    """Whether the annual report of a unit of ``kind`` must give the results of 责任追究."""
    return kind in GOVERNMENTS


def refusal_to_state(choice: str, *, kind: str, cases: int | None, ways: str, authority: str) -> str | None:
    """Why the statement cannot be kept, or null."""
    if choice not in CHOICES:
        return "请选“没有发生”“有”或“不列”。"
    if choice == OMITTED and must_state(kind):
        return "人民政府的年度报告须写明责任追究结果（条例第五十条），请选“没有发生”或“有”。"
    if choice != SOME:
        return CONTRADICTS if cases is not None or glyphs(ways) or glyphs(authority) else None
    if cases is None or not 1 <= cases <= MOST_CASES:
        return f"请填件次，1 到 {MOST_CASES} 的整数。"
    if not glyphs(ways):
        return "请写明追究的方式，如“通报批评 1 件次”。不写姓名。"
    if not glyphs(authority):
        return "请写明作出决定的机关和文书，如“某某机关〔2025〕1 号决定”。不写姓名。"
    return None


def said(statement: Mapping[str, Any] | None) -> dict[str, str]:
    """A statement as one text, as editions compare it: a unit confirms it as a whole, so no part of it is mixed with
    another's; '' when nothing was stated.
    """
    if statement is None:
        return {"statement": ""}
    words = CHOICES[statement["choice"]]
    if statement["choice"] == SOME:
        words = f"有：{statement['cases']} 件次，{statement['ways']}；依据：{statement['authority']}"
    return {"statement": words}


def sentence(statement: Mapping[str, Any], year: int) -> str:
    """The statement as the report prints it; '' when it is not listed."""
    if statement["choice"] == NONE:
        return f"{year}年没有发生因政府信息公开工作被追究责任的情况。"
    if statement["choice"] == OMITTED:
        return ""
    return (
        f"{year}年因政府信息公开工作被追究责任{statement['cases']}件次，{statement['ways'].rstrip('。')}"
        f"（依据：{statement['authority'].rstrip('。')}）。"
    )
