"""The sentences at the head of the city's page: what got better, what got worse, what is not known.

A year is compared with the year before only where both used the same rules, and item by item only over the units that
stand in both. What lies inside the margin is not called a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.rubric import Indicator
from kaoping.web.portal.published import BundleUnreadable, Content, Release, content, releases, standing
from kaoping.web.portal.voices import comparable, evaluated, graded
from kaoping.web.ui.wording import points

FAILED_BELOW: Final = Fraction(6, 10)
Finding = dict[str, str]


def findings(release: Release, found: Content) -> list[Finding]:
    """Label, tone and text of each sentence, in the order in which they stand."""
    entries = moves(release, found)
    vetoed = [found.name(one["unit"]) for one in found.sheets if one["vetoes"]]
    if vetoed:
        entries.append(_entry("单项否决", f"{'、'.join(vetoed)}触发单项否决。", "neg"))
    said, units = comparable(found)
    some = f"各题都并入的 {units} 个单位合计，" if units < len(found.sheets) else ""
    entries += _least_satisfied(said, some)
    return entries + _unknown(release, found)


def _entry(label: str, text: str, tone: str = "") -> Finding:
    return {"label": label, "tone": tone, "text": text}


def _unknown(release: Release, found: Content) -> list[Finding]:
    few = len({one["unit"] for one in found.sheets} - graded(release)) if evaluated(release) else 0
    least = found.questionnaire.min_n if found.questionnaire else None
    words = f"不足 {least} 份{found.evaluation_mark}" if least else "不足"
    parts = [f"{few} 个单位有效问卷{words}，没有给出满意度等次。"] if few else []
    open_totals = sum(one["total"] is None for one in found.sheets) if found.with_totals else 0
    if open_totals:
        parts.append(f"{open_totals} 个单位还有没计分的项，总分未定。")
    return [_entry("还不知道", "".join(parts))] if parts else []


def _least_satisfied(said: Sequence[Mapping[str, Any]], some: str) -> list[Finding]:
    """The question with most 不满意, named only where its interval lies above every other.

    ``some`` says over which units, where it is not all.
    """
    if len(said) < 2 or not any(one["counts"]["dissatisfied"] for one in said):
        return []
    ends = sorted(
        (Fraction(one["shares"]["dissatisfied"]), Fraction(one["margins"]["dissatisfied"]), one["title"])
        for one in said
    )
    (share, margin, title), others = ends[-1], ends[:-1]
    if all(share - margin > other + beside for other, beside, _title in others):
        return [
            _entry(
                "公众最不满意",
                f"{some}“{title}”：不满意 {points(share, 1)}%，误差 ±{points(margin, 1)} 个百分点。",
            )
        ]
    return [
        _entry(
            "公众不满意",
            f"{some}{len(said)} 个方面的不满意在 {points(ends[0][0], 1)}% 到 {points(share, 1)}% 之间，分不出先后，差别在误差之内。",
        )
    ]


def moves(release: Release, found: Content) -> list[Finding]:
    """What rose and what fell since the year before, or in words why that cannot be said."""
    if not found.with_totals:
        return []
    before = standing(release.key.before)
    if before is None:
        return [_entry("与上年", _no_year_before(release.key))]
    try:
        old = content(before)
    except BundleUnreadable:
        return []
    if (old.rulebook.id, old.rulebook.digest) != (found.rulebook.id, found.rulebook.digest):
        return [_entry("与上年", "两年用的指标体系不同，得分不能直接比。")]
    if not old.with_totals:
        return [_entry("与上年", f"{before.year} 年度没有公开总分，没有上年可比。")]
    totals = {one["unit"]: Fraction(one["exact"]) for one in old.sheets if one["exact"]}
    pairs = [
        (Fraction(one["exact"]), totals[one["unit"]])
        for one in found.sheets
        if one["exact"] and one["unit"] in totals
    ]
    up, down = sum(new > past for new, past in pairs), sum(new < past for new, past in pairs)
    fewer, more = items_moved(old, found, totals.keys() & {one["unit"] for one in found.sheets})
    better = ([f"{up} 个单位比上年得分高"] if up else []) + fewer
    worse = ([f"{down} 个单位比上年得分低"] if down else []) + more
    return [
        *([_entry("变好的", "；".join(better) + "。", "good")] if better else []),
        *([_entry("变差的", "；".join(worse) + "。", "neg")] if worse else []),
    ]


def _no_year_before(key: OrganisedYear) -> str:
    year, known = key.year, {one.year for one in releases() if one.key.organiser == key.organiser}
    if year - 1 in known:
        return f"{year - 1} 年度的结果已撤回，没有上年可比。"
    if any(one < year for one in known):
        return f"{year - 1} 年度没有在这里公开，没有上年可比。"
    return f"{year} 年度是在这里公开的第一个年度，还没有上年可比。"


def items_moved(old: Content, found: Content, units: Collection[str]) -> tuple[list[str], list[str]]:
    """The item that most units mended, and the one that most units stopped doing."""
    past, present = failing(old, units), failing(found, units)
    changes = sorted(
        (present[code][1] - past[code][1], code) for code in present if code in past and past[code][2]
    )
    if not changes:
        return [], []

    def words(code: str) -> str:
        leaf, now, _n = present[code]
        return f"没做到“{leaf.name}”的单位从 {past[code][1]} 个{{}}到 {now} 个"

    fewer = [words(changes[0][1]).format("减少")] if changes[0][0] < 0 else []
    more = [words(changes[-1][1]).format("增加")] if changes[-1][0] > 0 else []
    return fewer, more


def failing(found: Content, units: Collection[str] | None = None) -> dict[str, tuple[Indicator, int, int]]:
    """By item: on how many units it earned less than six tenths of its points, and to how many it applied.

    ``units`` narrows to some; without item points in the release the first level stands for the items.
    """
    leaves = (
        [leaf for leaf in found.rubric.leaves() if leaf.role == "item"] if found.complete else found.tops()
    )
    counted = {}
    for leaf in leaves:
        scored = [
            one
            for one in found.sheets
            if (units is None or one["unit"] in units)
            and (line := one["indicators"].get(leaf.code))
            and line["status"] == "scored"
            and Fraction(line["max"])
        ]
        failed = sum(found.below(one, leaf.code, FAILED_BELOW) for one in scored)
        counted[leaf.code] = (leaf, failed, len(scored))
    return counted
