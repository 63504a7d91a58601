"""倒扣: full points less each fault, down to nothing (or, with ``overflow``, on into the branch above)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaoping.arithmetic import plain
from kaoping.scoring.faults import Faults, read_faults
from kaoping.scoring.methods.outcome import SCORED, Outcome, ids, nothing, number
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator


def score(item: Indicator, observations: Sequence[Observation]) -> Outcome:
    """One fault (same check and place) costs once however many sources saw it.

    Settings: ``each`` points a fault; ``restores``, the share (0..1) that a passing re-test gives back, all by default;
    ``cap``, the most that may be lost here (the item's maximum by default); ``overflow`` true lifts the cap, so that the
    branch above pays; ``silent``: ``full`` when nothing observed means full points, ``open`` when it means not scored.
    ``count`` observations add their number of faults.
    """
    each, restores = number(item, "each", "1"), number(item, "restores", "1")
    faults = read_faults(observations)
    counted = [one for one in observations if one.kind == "count"]
    listed = sum(int(one.value) for one in counted)
    seen = counted or any(one.kind == "verdict" and one.value in ("met", "not_met") for one in observations)
    if not seen and item.settings.get("silent", "full") != "full":
        return nothing("没有检查记录")
    lost = faults.cost(each, restores) + each * listed
    cap = number(item, "cap", str(item.max))
    overflow = item.settings.get("overflow") is True
    taken = lost if overflow else min(lost, cap)
    used = tuple(dict.fromkeys([*faults.used, *ids(counted)]))
    return Outcome(
        SCORED, item.max - taken, _reason(faults, listed, each, restores, lost, taken, bool(seen)), used
    )


def _reason(
    faults: Faults,
    listed: int,
    each: Fraction,
    restores: Fraction,
    lost: Fraction,
    taken: Fraction,
    seen: bool,
) -> str:
    if not seen:
        return "期内没有登记问题，不扣分"
    parts = []
    if faults.standing + listed:
        parts.append(f"{faults.standing + listed} 处问题，每处扣 {plain(each)} 分")
    if faults.mended:
        kept = each * (1 - restores)
        parts.append(
            f"{faults.mended} 处已经复测通过，{f'每处仍扣 {plain(kept)} 分' if kept else '不再扣分'}"
        )
    if not parts:
        return "没有查出问题，不扣分"
    parts.append(f"共扣 {plain(taken)} 分" + ("，扣到上限为止" if taken < lost else ""))
    return "；".join(parts)


def scale(item: Indicator) -> str:
    """The rule in words."""
    each, restores = number(item, "each", "1"), number(item, "restores", "1")
    cap = (
        "可以扣到上一级的分值"
        if item.settings.get("overflow") is True
        else f"最多扣 {plain(min(number(item, 'cap', str(item.max)), item.max))} 分"
    )
    back = {Fraction(1): "复测通过后不再扣分", Fraction(0): "复测通过后不退分"}.get(
        restores, f"复测通过后退还所扣的 {plain(restores * 100)}%"
    )
    return f"满分 {plain(item.max)} 分，每处问题扣 {plain(each)} 分，{cap}；同一处问题只扣一次；{back}"
