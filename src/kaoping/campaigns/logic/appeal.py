"""Appeals by item (复核申请): who may file, until when, who may decide, what a decision needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from kaoping.accounts.actor import Who, same_person
from kaoping.arithmetic import half_up
from kaoping.campaigns.logic.items import PLACES, unchanged
from kaoping.campaigns.logic.stages import APPEALS, LABELS, PREVIEW, may_still_appeal
from kaoping.evidence.logic import MIN_REASON
from kaoping.foreign.glyphs import glyphs

UPHELD, PARTLY, REJECTED = "upheld", "partly", "rejected"
DECISIONS: Final[dict[str, str]] = {UPHELD: "成立", PARTLY: "部分成立", REJECTED: "不成立"}
WITHDRAWN: Final = "withdrawn"
OUTCOMES: Final[dict[str, str]] = DECISIONS | {WITHDRAWN: "申请单位撤回"}
# No text read gives a time limit; five working days from the day the preview opens are this product's proposal (待核).
WORKING_DAYS: Final = 5


def refusal_to_file(
    stage: str,
    close_at: datetime | None,
    now: datetime,
    *,
    known_item: bool,
    already_open: bool,
    full: bool,
) -> str | None:
    """Why an appeal of this item cannot be filed, or null."""
    if stage not in (PREVIEW, APPEALS):
        return f"复核申请在结果预览以后提出，现在是“{LABELS[stage]}”阶段。"
    if close_at is not None and not may_still_appeal(close_at, now):
        return "复核申请期限已经届满，不再收件。"
    if not known_item:
        return "计分表里没有这一项，请从结果预览里选一项。"
    if already_open:
        return "这一项已有一件复核申请在办，决定后才能再提。"
    if full:
        return "这一项没有失分，不用申请复核。复核只会维持或提高得分。"
    return None


def nothing_lost(role: str, line: Mapping[str, Any], whole: Fraction) -> bool:
    """Whether an item of the sheet cost the unit nothing: full marks, or no deduction. Vetoes and gates are not points.

    ``whole`` is the exact maximum: the line writes it rounded, and beside exact points a rounded one lies.
    """
    if line["status"] != "scored":
        return False
    if role == "penalty":
        return Fraction(line["exact"]) == 0
    return role in ("item", "bonus") and Fraction(line["exact"]) >= whole


def refusal_to_withdraw(stage: str, outcome: str) -> str | None:
    """Why the unit cannot take its appeal back, or null; ``outcome`` is '' while it is undecided."""
    if outcome == WITHDRAWN:
        return "这件复核申请已经撤回。"
    if outcome:
        return "这件复核申请已经作出决定，不能撤回。"
    if stage not in (PREVIEW, APPEALS):
        return f"复核申请在结果预览和复核申请阶段撤回，现在是“{LABELS[stage]}”。"
    return None


@dataclass(frozen=True, slots=True)
class Behind:
    """Who has a hand in what is appealed, and so does not decide it."""

    filed: Who
    scored: Sequence[Who] = ()  # reviewers of the unit
    recorded: Sequence[Who] = ()  # of the observations behind the points


def refusal_to_decide(stage: str, *, decided: bool, decider: Who, behind: Behind) -> str | None:
    """Why this person cannot decide it at all, or null. Somebody else than all who stand behind the points decides."""
    if decided:
        return "这件复核申请已经作出决定，或已由申请单位撤回。"
    if stage not in (PREVIEW, APPEALS):
        return f"复核在结果预览和复核申请阶段办理，现在是“{LABELS[stage]}”。"
    if _among(decider, behind.scored):
        return "您评过这家单位的分，复核须由没有评过分的人决定，请转其他复核人。"
    if _among(decider, behind.recorded):
        return "这一项的记录是您登记的，复核须由他人决定，请转其他复核人。"
    if same_person(behind.filed, decider):
        return "申请是您提出的，复核须由他人决定。"
    return None


def refusal_of_decision(outcome: str, decision: str, *, changes: bool) -> str | None:
    """What a decision lacks, or null."""
    if outcome not in DECISIONS:
        return "请选成立、部分成立或不成立。"
    if not glyphs(decision):
        return "请写明决定的理由，单位会看到。"
    if glyphs(decision) < MIN_REASON:
        return f"决定的理由至少写 {MIN_REASON} 个字，单位会看到，也写进得分理由。"
    if outcome != REJECTED and not changes:
        return "成立或部分成立，要写明改为多少分或哪一档，或者撤去哪一条记录。"
    if outcome == REJECTED and changes:
        return "不成立就不改分。要改分，请选成立或部分成立。"
    return None


def refusal_of_same(item: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Why an upheld appeal may not give the points that already stand, or null: it must change something."""
    old = unchanged(item, before, after)
    if old is None:
        return None
    return (
        f"{item} 现在就是 {old} 分，照这样填得分不变。成立或部分成立，改后的分须与现在的不同；"
        "只撤去记录的，不填分；维持原分的，请选“不成立”。"
    )


def logged_of_effect(item: str) -> str:
    """What the log keeps where a decision's effect on the points refused it: acts, not scores."""
    return f"{item} 的决定使得分不变，或使申请人的结果更差。"


def refusal_of_worse(item: str, role: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Why a change may not be made on the unit's own appeal, or null: who asks for review must not come off worse.

    行政复议法（2023 年修订）第六十三条第二款 forbids a decision that is less favourable to the applicant; no text read
    on this assessment speaks of it, so the rule is taken over by analogy (待核). ``before`` and ``after`` are the
    unit's object of ``results.json`` without and with the change; what only becomes undecided is not worse.
    """
    old, new = before["indicators"][item], after["indicators"][item]
    moved = Fraction(new["exact"]) - Fraction(old["exact"]) if new["status"] == "scored" else Fraction(0)
    worse = [
        moved > 0 if role == "penalty" else role in ("item", "bonus") and moved < 0,
        before["exact"] is not None
        and after["exact"] is not None
        and Fraction(after["exact"]) < Fraction(before["exact"]),
        bool(set(after["vetoes"]) - set(before["vetoes"])),
        any(met is True and after["gates"].get(code) is False for code, met in before["gates"].items()),
    ]
    if not any(worse):
        return None
    return (
        f"这样决定，{item} 由 {half_up(Fraction(old['exact']), PLACES)} 分到 "
        f"{half_up(Fraction(new['exact']), PLACES)} 分，总分由 {before['total'] or '未定'} 到 "
        f"{after['total'] or '未定'}，申请人的结果比原来更差。复核不加重：原评分偏高的，请选“不成立”维持原分。"
    )


def _among(person: Who, others: Iterable[Who]) -> bool:
    return any(same_person(one, person) for one in others)
