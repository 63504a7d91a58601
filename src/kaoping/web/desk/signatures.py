"""The approval sheet as a strip, on every page that waits for it."""

from __future__ import annotations

from kaoping.campaigns.logic import approval
from kaoping.campaigns.queries.campaign import ApprovalState
from kaoping.web.ui.parts.case import ApprovalStep


def strip_of(state: ApprovalState) -> list[ApprovalStep]:
    """The approval sheet as a strip: 经办 → 办公室负责人 → 领导小组领导."""
    signed = list(state.rows)[len(state.rows) - state.standing :] if state.standing else []
    made: list[ApprovalStep] = []
    for place, (_step, _role, label) in enumerate(approval.STEPS):
        if place < len(signed):
            row = signed[place]
            made.append(ApprovalStep(label, "done", row.by.name, row.at, row.opinion))
        else:
            made.append(ApprovalStep(label, "now" if place == len(signed) else "next", "还没有签"))
    return made
