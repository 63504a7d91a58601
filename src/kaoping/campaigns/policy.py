"""Who may do what in a campaign: one door a verb, one condition a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.campaigns.models import Appeal, SelfReview


def can_plan(actor: Actor) -> bool:
    """The office's handler writes the plan (考核办法 第四条)."""
    return actor == SYSTEM or actor.has("office_handler")


def can_approve(actor: Actor) -> bool:
    """The three who sign the sheet; which of them now is decided by the order of the steps."""
    return actor.has_any("office_handler", "office_head", "leading_group")


def can_return_approval(actor: Actor) -> bool:
    """Whoever signs may send the paper back."""
    return actor.has_any("office_handler", "office_head", "leading_group")


def can_attach_scan(actor: Actor) -> bool:
    """The handler attaches the signed scan."""
    return actor.has("office_handler")


def can_advance(actor: Actor) -> bool:
    """The handler opens the next stage; the gate looks at what is missing."""
    return actor == SYSTEM or actor.has("office_handler")


def can_see_campaign(actor: Actor) -> bool:
    """The office, its head, signers, the leading group and appeal deciders see the whole campaign; auditors see acts (the log), not scores."""
    return actor == SYSTEM or actor.has_any(
        "office_handler", "office_head", "second_signer", "leading_group", "appeal_decider"
    )


def can_see_branch(actor: Actor) -> bool:
    """District offices and competent departments see their own branch (考核办法 第九条、第十条)."""
    return actor.has_any("district_office", "competent_department")


def can_fill_self_review(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison fills its self-review."""
    return actor.has("liaison", organisation)


def fills(actor: Actor, self_review: SelfReview) -> bool:
    """``can_fill_self_review`` of the unit whose form it is."""
    return can_fill_self_review(actor, self_review.organisation.code)


def can_see_self_review(actor: Actor, organisation: str) -> bool:
    """The unit's liaison and the office see it; reviewers see the evidence by alias through their queue."""
    return actor.has("liaison", organisation) or actor.has_any(
        "office_handler", "office_head", "appeal_decider"
    )


def can_return_self_review(actor: Actor) -> bool:
    """The handler sends a self-review back, or names it as missing."""
    return actor == SYSTEM or actor.has("office_handler")


def can_decide_claim(actor: Actor) -> bool:
    """The handler decides whether an item does not apply, before scoring."""
    return actor.has("office_handler")


def can_assign_reviewers(actor: Actor) -> bool:
    """The handler assigns reviewers."""
    return actor == SYSTEM or actor.has("office_handler")


def can_review(actor: Actor) -> bool:
    """Reviewers score what is assigned to them."""
    return actor.has("reviewer")


def can_close_round(actor: Actor) -> bool:
    """The handler closes the round when every reviewer has finished."""
    return actor == SYSTEM or actor.has("office_handler")


def can_see_spread(actor: Actor) -> bool:
    """The office sees how reviewers differ; reviewers never see each other."""
    return actor == SYSTEM or actor.has_any("office_handler", "office_head", "second_signer")


def can_compute_sheet(actor: Actor) -> bool:
    """The handler computes the sheet."""
    return actor == SYSTEM or actor.has("office_handler")


def can_see_sheet(actor: Actor) -> bool:
    """The whole sheet is for the office, signers, the leading group and appeal deciders."""
    return can_see_campaign(actor)


def can_preview(actor: Actor, organisation: str) -> bool:
    """The unit's own liaison sees its points with their reasons; so does the office."""
    return actor.has("liaison", organisation) or can_see_campaign(actor)


def can_file_appeal(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison asks for review of an item."""
    return actor.has("liaison", organisation)


def appeals_for(actor: Actor, appeal: Appeal) -> bool:
    """``can_file_appeal`` of the unit whose appeal it is."""
    return can_file_appeal(actor, appeal.organisation.code)


def can_decide_appeal(actor: Actor) -> bool:
    """Appeal deciders; that this one did not score the unit is decided per appeal."""
    return actor.has("appeal_decider")


def can_see_appeals(actor: Actor) -> bool:
    """The office and the deciders see all appeals."""
    return can_see_campaign(actor)


def can_sign_off(actor: Actor) -> bool:
    """The second signer signs what another has prepared."""
    return actor.has("second_signer")


def can_bring_back(actor: Actor) -> bool:
    """The handler takes up a result that was sent back; the logic sees to it that another sent it."""
    return actor.has("office_handler")


def can_propose_back(actor: Actor) -> bool:
    """The second signer and the head of the office take a signature back together: one proposes, the other agrees."""
    return actor.has_any("second_signer", "office_head")


def can_return_stage(actor: Actor) -> bool:
    """The handler, who opens the gates, takes a stage back that was opened by mistake."""
    return actor.has("office_handler")


def can_second_stage_return(actor: Actor) -> bool:
    """Behind the closed round the second signer or the head of the office agrees to it or does not."""
    return actor.has_any("second_signer", "office_head")


def can_rule_points(actor: Actor) -> bool:
    """The handler proposes other points for an item after the round closed."""
    return actor.has("office_handler")


def can_second_points(actor: Actor) -> bool:
    """The second signer or the head of the office agrees to it or does not; the verb sees to it that it is another person."""
    return actor.has_any("second_signer", "office_head")


def can_propose_severe(actor: Actor) -> bool:
    """The handler proposes a veto or a major deduction with the document that says so, and takes the own proposal back."""
    return actor.has("office_handler")


def can_second_severe(actor: Actor) -> bool:
    """The second signer or the head of the office confirms it or does not; the verb sees to it that it is another person."""
    return actor.has_any("second_signer", "office_head")


def can_correct(actor: Actor) -> bool:
    """The handler opens a correction of what was published, changes the ledger under it, or drops it."""
    return actor.has("office_handler")


def can_state_accountability(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison states 责任追究 for the unit's annual report."""
    return actor.has("liaison", organisation)


_Door = Callable[[Actor, str | None], bool]


def _city(door: Callable[[Actor], bool]) -> _Door:
    return lambda actor, _code: door(actor)


def _unit(door: Callable[[Actor, str], bool]) -> _Door:
    return lambda actor, code: code is not None and door(actor, code)


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, _Door]]] = {
    "plan": ("制定年度方案", _city(can_plan)),
    "approve": ("签批方案和结果", _city(can_approve)),
    "return_approval": ("退回呈批表", _city(can_return_approval)),
    "attach_scan": ("附签字扫描件", _city(can_attach_scan)),
    "advance": ("进入下一阶段", _city(can_advance)),
    "see_campaign": ("看年度全貌", _city(can_see_campaign)),
    "see_branch": ("看本地区、本行业情况", _city(can_see_branch)),
    "fill_self_review": ("填写、提交自查", _unit(can_fill_self_review)),
    "see_self_review": ("看单位自查", _unit(can_see_self_review)),
    "return_self_review": ("退回自查、登记为逾期未报", _city(can_return_self_review)),
    "decide_claim": ("审定不涉及", _city(can_decide_claim)),
    "assign_reviewers": ("分派专家", _city(can_assign_reviewers)),
    "review": ("评分、回避", _city(can_review)),
    "close_round": ("结束评审", _city(can_close_round)),
    "see_spread": ("看专家评分差异", _city(can_see_spread)),
    "compute_sheet": ("计算计分表", _city(can_compute_sheet)),
    "see_sheet": ("看全市计分表", _city(can_see_sheet)),
    "preview": ("看单位结果预览", _unit(can_preview)),
    "file_appeal": ("提出复核申请", _unit(can_file_appeal)),
    "decide_appeal": ("决定复核申请", _city(can_decide_appeal)),
    "see_appeals": ("看复核申请", _city(can_see_appeals)),
    "sign_off": ("签发计分表", _city(can_sign_off)),
    "bring_back": ("退回复核申请（呈批表被退回的）", _city(can_bring_back)),
    "propose_back": ("退回复核申请（没有被退回的，两人）", _city(can_propose_back)),
    "return_stage": ("退回上一阶段", _city(can_return_stage)),
    "second_stage_return": ("确认退回上一阶段（结果预览、复核申请）", _city(can_second_stage_return)),
    "rule_points": ("提请审定改分", _city(can_rule_points)),
    "second_points": ("确认审定改分", _city(can_second_points)),
    "propose_severe": ("提出、收回单项否决、重大减分", _city(can_propose_severe)),
    "second_severe": ("确认单项否决、重大减分", _city(can_second_severe)),
    "correct": ("立更正、改分、作罢", _city(can_correct)),
    "state_accountability": ("填写本单位年报责任追究情况", _unit(can_state_accountability)),
}
