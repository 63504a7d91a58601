"""Approval as officials do it: 经办 → 办公室负责人 → 领导小组领导, three persons, on paper that is scanned (考核办法 第四条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kaoping.accounts.actor import Who, same_person
from kaoping.campaigns.logic.stages import FROZEN, LABELS, PLAN, PUBLISHED

# Step, the role that signs it, what the sheet calls it.
STEPS: Final[tuple[tuple[str, str, str], ...]] = (
    ("handler", "office_handler", "经办"),
    ("head", "office_head", "办公室负责人"),
    ("leader", "leading_group", "领导小组领导"),
)
RETURNED: Final = "returned"
ROLE_OF: Final = {step: role for step, role, _label in STEPS}
LABEL_OF: Final = {step: label for step, _role, label in STEPS} | {RETURNED: "退回"}
RESULT, CORRECTION = "result", "correction"
SUBJECTS: Final[dict[str, str]] = {"plan": "方案", RESULT: "结果", CORRECTION: "更正"}
# A correction passes the leading group as the result did when it changes the grade of a unit.
STAGE_OF: Final[dict[str, str]] = {"plan": PLAN, RESULT: FROZEN, CORRECTION: PUBLISHED}


@dataclass(frozen=True, slots=True)
class Signature:
    """One row of the approval sheet."""

    step: str
    by: Who


def standing(signatures: Sequence[Signature]) -> list[Signature]:
    """The signatures that count: those after the last time the paper was sent back."""
    for position in range(len(signatures) - 1, -1, -1):
        if signatures[position].step == RETURNED:
            return list(signatures[position + 1 :])
    return list(signatures)


def next_step(signatures: Sequence[Signature]) -> str | None:
    """The step whose signature is awaited, null when all have signed."""
    done = len(standing(signatures))
    return STEPS[done][0] if done < len(STEPS) else None


def unsigned(signatures: Sequence[Signature]) -> tuple[str, ...]:
    """What the sheet calls the steps that have not signed, in order."""
    return tuple(label for _step, _role, label in STEPS[len(standing(signatures)) :])


def refusal_to_sign(
    subject: str, stage: str, signatures: Sequence[Signature], person: Who, roles: frozenset[str]
) -> str | None:
    """Why this person cannot sign now, or null."""
    if subject not in SUBJECTS:
        return "呈批的只有方案、结果和改变等次的更正。"
    if stage != STAGE_OF[subject]:
        return f"{SUBJECTS[subject]}呈批在“{LABELS[STAGE_OF[subject]]}”阶段办理，现在是“{LABELS[stage]}”。"
    step = next_step(signatures)
    if step is None:
        return f"{SUBJECTS[subject]}呈批表三人都已签批，下一步由经办附签字扫描件。"
    if any(same_person(one.by, person) for one in standing(signatures)):
        return f"一人只签一处，您已经签过。现在等{LABEL_OF[step]}签批。"
    if ROLE_OF[step] not in roles:
        return f"现在等{LABEL_OF[step]}签批，签批按经办、办公室负责人、领导小组领导的次序。"
    return None


def refusal_to_attach(subject: str, stage: str, signatures: Sequence[Signature]) -> str | None:
    """Why the signed scan cannot be attached yet, or null."""
    if subject not in SUBJECTS:
        return "呈批的只有方案、结果和改变等次的更正。"
    if stage != STAGE_OF[subject]:
        return f"{SUBJECTS[subject]}呈批在“{LABELS[STAGE_OF[subject]]}”阶段办理，现在是“{LABELS[stage]}”。"
    left = unsigned(signatures)
    return f"呈批表还缺{'、'.join(left)}签批，签齐后再附扫描件。" if left else None


def refusal_to_change_plan(stage: str, signatures: Sequence[Signature]) -> str | None:
    """Why the plan cannot be changed now, or null: what was signed stays as it was signed."""
    if stage != PLAN:
        return f"方案已经批准，现在是“{LABELS[stage]}”阶段，不能再改。"
    if standing(signatures):
        return "方案呈批表已有人签批，要改方案，请先由签批人点“退回”。"
    return None
