"""Decisions of publication, pure: when a year may be frozen, published, withdrawn; what of it the public reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kaoping.campaigns.logic.step_back import WAY
from kaoping.evidence.logic import MIN_REASON
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.width import half_width
from kaoping.scoring.announced import ANNOUNCED
from kaoping.scoring.observations import Observation
from kaoping.scoring.selection import Period
from kaoping.scoring.succession import broken

PUBLISHED_ACT, WITHDRAWN_ACT = "published", "withdrawn"
ACTS: Final[dict[str, str]] = {PUBLISHED_ACT: "公开", WITHDRAWN_ACT: "撤回"}


def refusal_to_freeze(*, stage: str, signed: bool, already: bool) -> str | None:
    """Why the signed sheet cannot be frozen now, or null."""
    if stage not in ("frozen", "published"):
        return "计分表还没有签发冻结。请第二签发人在“签发”签发，再由经办进入“签发冻结”阶段。"
    if not signed:
        return "没有第二人签发的计分表，请第二签发人在“签发”签发。"
    if already:
        if stage == "frozen":
            return f"这张计分表已经生成发布包。{WAY}"
        return "这张计分表已经生成发布包。要改正，请在“更正”立更正，算出更正计分表并签发。"
    return None


def refusal_of_year(year: int, typed_year: str) -> str | None:
    """Why nothing is frozen for the year that was typed in, or null."""
    if half_width(typed_year) != str(year):
        return f"冻结后不能改分，只能发更正。请输入年份 {year} 确认。"
    return None


def refusal_of_difference(recomputed: str, signed: str) -> str | None:
    """Why the bundle cannot be kept when it does not give the signed results, or null; both are digests."""
    if recomputed == signed:
        return None
    return (
        f"按发布包重算的结果（校验值 {recomputed[:8]}…）与签发的计分表（{signed[:8]}…）不一致，没有冻结。"
        "请经办重新计算计分表，再由第二签发人签发。"
    )


def refusal_to_publish(
    acts: Sequence[str], *, newest: bool, lacks: str, returned: bool = False
) -> str | None:
    """Why a release cannot be published now, or null. ``lacks`` are the gate's words, empty when it opens.

    ``returned``: the result went back after it was frozen; the release is kept and never published.
    """
    if returned:
        return "这次发布没有公开，已经退回，不能公开。请公开重新签发、冻结的一个。"
    if PUBLISHED_ACT in acts and WITHDRAWN_ACT not in acts:
        return "这次发布已经公开。"
    if WITHDRAWN_ACT in acts:
        return "这次发布已经撤回，不能再公开。请在“更正”立更正。"
    if not newest:
        return "已有更新的发布包，请公开最新的一个。"
    return lacks or None


def refusal_to_withdraw(acts: Sequence[str]) -> str | None:
    """Why a release cannot be withdrawn now, or null."""
    if PUBLISHED_ACT not in acts:
        return "这次发布还没有公开，不用撤回。"
    return "这次发布已经撤回。" if WITHDRAWN_ACT in acts else None


def refusal_of_withdrawal(reason: str, *, year: int, typed_year: str) -> str | None:
    """Why a release is not withdrawn like this, or null: the public reads the reason, and the year confirms the act."""
    if glyphs(reason) < MIN_REASON:
        return f"撤回要写明理由，至少 {MIN_REASON} 个字，会公开显示。"
    if half_width(typed_year) != str(year):
        return f"撤回的不能再公开。请输入年份 {year} 确认。"
    return None


def _concerns(one: Observation, windows: Iterable[Period]) -> bool:
    """In one of the periods, or saying from which day an item binds a unit, whenever that was."""
    return one.check == ANNOUNCED or any(window.holds(one.observed_at) for window in windows)


def concerning(observations: Iterable[Observation], spans: Iterable[Period]) -> list[Observation]:
    """The lines of the ledger that a year's bundle carries: in one of its periods, what corrects them and what they correct.

    A line that may not supersede what it names counts for nothing and is left out: the ledger refuses such lines now, but
    the first release did not.
    """
    windows, lines = list(spans), list(observations)
    unlawful = {one.line.id for one in broken(lines)}
    good = [one for one in lines if one.id not in unlawful]
    by_id = {one.id: one for one in good}
    kept: set[str] = set()
    for one in good:  # in the order of recording: a correction comes after what it corrects
        if _concerns(one, windows) or one.supersedes in kept:
            before: Observation | None = one
            while before is not None and before.id not in kept:
                kept.add(before.id)
                before = by_id.get(before.supersedes or "")
    return [one for one in good if one.id in kept]
