"""审定改分: after the round closed and before the result is frozen the office gives an item other points, by two people. Pure."""

from __future__ import annotations

from kaoping.accounts.actor import Who, same_person
from kaoping.campaigns.logic.stages import APPEALS, FROZEN, LABELS, PREVIEW, reached
from kaoping.campaigns.logic.step_back import WAY
from kaoping.foreign.glyphs import glyphs

ONLY_HANDLER = "审定改分由政务公开办经办提出。"
ONLY_SECOND = "审定改分由第二签发人或办公室负责人确认。"


def refusal_while_appealed(number: str) -> str | None:
    """Why an item is not ruled on while its appeal ``number`` is undecided ('' for none), or null.

    Else the office would lower what the unit asks to have raised, and the decider would compare with that.
    """
    if not number:
        return None
    return f"这一项有复核申请 {number} 在办，改不改分由复核人决定，决定以后再提请审定。"


def refusal_of_stage(stage: str) -> str | None:
    """Why no points are ruled on at this stage, or null."""
    if stage in (PREVIEW, APPEALS):
        return None
    if reached(stage, FROZEN):
        return f"结果已经签发冻结，不能再审定改分。公开前{WAY}公开以后，在“更正”办理。"
    return f"审定改分在评审结束以后办理，现在是“{LABELS[stage]}”。"


def refusal_to_propose(stage: str, already: bool, reason: str) -> str | None:
    """Why a ruling on points cannot be proposed, or null; ``already``: one on the same item waits."""
    words = refusal_of_stage(stage)
    if words is None and already:
        words = "这一项已提请审定，待第二人确认。"
    if words is None and not glyphs(reason):
        words = "请写明改分的理由和依据，单位会看到。"
    return words


def refusal_to_second(stage: str, proposed_by: Who, actor: Who, agreed: bool) -> str | None:
    """Why this person cannot answer a proposed ruling, or null."""
    if same_person(proposed_by, actor):
        return "审定须两人办理，提出人不能自己确认。"
    return refusal_of_stage(stage) if agreed else None
