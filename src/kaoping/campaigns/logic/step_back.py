"""The way back from a signed result (退回复核申请): who may go it, when, by which two persons. Pure.

Until a result is published nothing is final. The leading group stands over the office (考核办法 第四条): a result that it sent
back can be worked on again. What went back is kept as it was; its signature is void.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kaoping.accounts.actor import Who, same_person
from kaoping.campaigns.logic.stages import APPEALS, FROZEN, LABELS, PUBLISHED

# The stages in which a signed result can go back; how an earlier stage goes back is ``stage_return``.
FROM: Final = (FROZEN, PUBLISHED)
SIGNER, HEAD, RETURNER = "second_signer", "office_head", "returner"
ROLE_WORDS: Final[dict[str, str]] = {
    SIGNER: "第二签发人",
    HEAD: "办公室负责人",
    RETURNER: "退回呈批表的签批人",
}
ONLY_HANDLER: Final = "呈批表被退回的，由政务公开办经办退回。"
ONLY_TWO: Final = "没有被退回的，由第二签发人和办公室负责人两人退回。"
NO_REASON: Final = "请写明为什么退回、要重办什么。"
BUTTON: Final = "退回复核申请"
BUTTON_OF_CORRECTION: Final = "更正退回重办"
WAY: Final = f"要改的，在“发布”点“{BUTTON}”：呈批表被退回的，由经办办理；没有退回的，由第二签发人和办公室负责人两人办理。"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the way back looks at. ``signed``: a signature stands that is not published yet."""

    stage: str
    signed: bool
    correction: bool  # the signed sheet is that of a correction under way
    returned_by: Who | None  # the last word on the approval sheet is that it goes back
    proposed_by: Who | None = None  # of a proposal that waits for its second person
    proposed_as: str = ""  # the post in which it was proposed


def refusal_of_state(facts: Facts) -> str | None:
    """Why nothing can go back now, or null."""
    if facts.stage == FROZEN and facts.signed:
        return None
    if facts.stage == PUBLISHED:
        if facts.correction and facts.signed:
            return None
        return "结果已经公开，不能退回。要改正，请在“更正”立更正。"
    return f"结果签发冻结以后、公开以前才能退回，现在是“{LABELS[facts.stage]}”。"


def button(stage: str) -> str:
    """What the act is called: it takes a result back to the appeals, a correction only back to work."""
    return BUTTON_OF_CORRECTION if stage == PUBLISHED else BUTTON


def back_to(stage: str) -> str:
    """The stage in which the result is worked on again: a correction stays where it is."""
    return APPEALS if stage == FROZEN else stage


def refusal_to_bring_back(facts: Facts, actor: Who) -> str | None:
    """Why the handler cannot take up what the leading group sent back, or null."""
    words = refusal_of_state(facts)
    if words:
        return words
    if facts.returned_by is None:
        return "呈批表没有被退回。请签批人先在呈批表点“退回”；没有退回的，由第二签发人和办公室负责人两人在“发布”办理。"
    if same_person(facts.returned_by, actor):
        return "呈批表是您退回的，须由另一名经办办理。"
    return None


def refusal_to_propose(facts: Facts) -> str | None:
    """Why nobody can propose to take the signature back, or null."""
    words = refusal_of_state(facts)
    if words:
        return words
    if facts.proposed_by is not None:
        return "已有人提出退回，待第二人确认。"
    return None


def refusal_to_second(facts: Facts, actor: Who, roles: frozenset[str], agreed: bool) -> str | None:
    """Why this person cannot answer the proposal, or null: signer and head of the office act together."""
    if facts.proposed_by is None:
        return "没有待确认的退回。"
    if same_person(facts.proposed_by, actor):
        return "退回须两人办理，提出人不能自己确认。"
    other = HEAD if facts.proposed_as == SIGNER else SIGNER
    if other not in roles:
        return f"退回由{ROLE_WORDS[facts.proposed_as]}提出，须由{ROLE_WORDS[other]}确认。"
    return refusal_of_state(facts) if agreed else None
