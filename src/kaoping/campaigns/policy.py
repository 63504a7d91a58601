"""Who may do what in a campaign: one door a verb, one condition a line."""

from __future__ import annotations

from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_either, of_nobody, of_organiser, of_unit
from kaoping.campaigns.models import Appeal, SelfReview


def can_plan(actor: Actor, whose: Owned) -> bool:
    """The office's handler writes the plan (考核办法 第四条)."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_approve(actor: Actor, whose: Owned) -> bool:
    """The three who sign the sheet; which of them now is decided by the order of the steps."""
    return actor.holds(whose, "office_handler", "office_head", "leading_group")


def can_return_approval(actor: Actor, whose: Owned) -> bool:
    """Whoever signs may send the paper back."""
    return actor.holds(whose, "office_handler", "office_head", "leading_group")


def can_attach_scan(actor: Actor, whose: Owned) -> bool:
    """The handler attaches the signed scan."""
    return actor.holds(whose, "office_handler")


def can_advance(actor: Actor, whose: Owned) -> bool:
    """The handler opens the next stage; the gate looks at what is missing."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_see_campaign(actor: Actor, whose: Owned) -> bool:
    """The office, its head, signers, the leading group and appeal deciders see the whole campaign; auditors see acts (the log), not scores."""
    return actor == SYSTEM or actor.holds(
        whose, "office_handler", "office_head", "second_signer", "leading_group", "appeal_decider"
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


def can_see_self_review(actor: Actor, whose: Owned, organisation: str) -> bool:
    """The unit's liaison and the office see it; reviewers see the evidence by alias through their queue."""
    return actor.has("liaison", organisation) or actor.holds(
        whose, "office_handler", "office_head", "appeal_decider"
    )


def can_return_self_review(actor: Actor, whose: Owned) -> bool:
    """The handler sends a self-review back, or names it as missing."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_decide_claim(actor: Actor, whose: Owned) -> bool:
    """The handler decides whether an item does not apply, before scoring."""
    return actor.holds(whose, "office_handler")


def can_assign_reviewers(actor: Actor, whose: Owned) -> bool:
    """The handler assigns reviewers."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_review(actor: Actor, whose: Owned) -> bool:
    """Reviewers score what is assigned to them."""
    return actor.holds(whose, "reviewer")


def can_close_round(actor: Actor, whose: Owned) -> bool:
    """The handler closes the round when every reviewer has finished."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_see_spread(actor: Actor, whose: Owned) -> bool:
    """The office sees how reviewers differ; reviewers never see each other."""
    return actor == SYSTEM or actor.holds(whose, "office_handler", "office_head", "second_signer")


def can_compute_sheet(actor: Actor, whose: Owned) -> bool:
    """The handler computes the sheet."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_see_sheet(actor: Actor, whose: Owned) -> bool:
    """The whole sheet is for the office, signers, the leading group and appeal deciders."""
    return can_see_campaign(actor, whose)


def can_preview(actor: Actor, whose: Owned, organisation: str) -> bool:
    """The unit's own liaison sees its points with their reasons; so does the office."""
    return actor.has("liaison", organisation) or can_see_campaign(actor, whose)


def can_file_appeal(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison asks for review of an item."""
    return actor.has("liaison", organisation)


def appeals_for(actor: Actor, appeal: Appeal) -> bool:
    """``can_file_appeal`` of the unit whose appeal it is."""
    return can_file_appeal(actor, appeal.organisation.code)


def can_decide_appeal(actor: Actor, whose: Owned) -> bool:
    """Appeal deciders; that this one did not score the unit is decided per appeal."""
    return actor.holds(whose, "appeal_decider")


def can_see_appeals(actor: Actor, whose: Owned) -> bool:
    """The office and the deciders see all appeals."""
    return can_see_campaign(actor, whose)


def can_sign_off(actor: Actor, whose: Owned) -> bool:
    """The second signer signs what another has prepared."""
    return actor.holds(whose, "second_signer")


def can_bring_back(actor: Actor, whose: Owned) -> bool:
    """The handler takes up a result that was sent back; the logic sees to it that another sent it."""
    return actor.holds(whose, "office_handler")


def can_propose_back(actor: Actor, whose: Owned) -> bool:
    """The second signer and the head of the office take a signature back together: one proposes, the other agrees."""
    return actor.holds(whose, "second_signer", "office_head")


def can_return_stage(actor: Actor, whose: Owned) -> bool:
    """The handler, who opens the gates, takes a stage back that was opened by mistake."""
    return actor.holds(whose, "office_handler")


def can_second_stage_return(actor: Actor, whose: Owned) -> bool:
    """Behind the closed round the second signer or the head of the office agrees to it or does not."""
    return actor.holds(whose, "second_signer", "office_head")


def can_rule_points(actor: Actor, whose: Owned) -> bool:
    """The handler proposes other points for an item after the round closed."""
    return actor.holds(whose, "office_handler")


def can_second_points(actor: Actor, whose: Owned) -> bool:
    """The second signer or the head of the office agrees to it or does not; the verb sees to it that it is another person."""
    return actor.holds(whose, "second_signer", "office_head")


def can_propose_severe(actor: Actor, whose: Owned) -> bool:
    """The handler proposes a veto or a major deduction with the document that says so, and takes the own proposal back."""
    return actor.holds(whose, "office_handler")


def can_second_severe(actor: Actor, whose: Owned) -> bool:
    """The second signer or the head of the office confirms it or does not; the verb sees to it that it is another person."""
    return actor.holds(whose, "second_signer", "office_head")


def can_correct(actor: Actor, whose: Owned) -> bool:
    """The handler opens a correction of what was published, changes the ledger under it, or drops it."""
    return actor.holds(whose, "office_handler")


def can_state_accountability(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison states 责任追究 for the unit's annual report."""
    return actor.has("liaison", organisation)


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "plan": ("制定年度方案", of_organiser(can_plan)),
    "approve": ("签批方案和结果", of_organiser(can_approve)),
    "return_approval": ("退回呈批表", of_organiser(can_return_approval)),
    "attach_scan": ("附签字扫描件", of_organiser(can_attach_scan)),
    "advance": ("进入下一阶段", of_organiser(can_advance)),
    "see_campaign": ("看年度全貌", of_organiser(can_see_campaign)),
    "see_branch": ("看本地区、本行业情况", of_nobody(can_see_branch)),
    "fill_self_review": ("填写、提交自查", of_unit(can_fill_self_review)),
    "see_self_review": ("看单位自查", of_either(can_see_self_review)),
    "return_self_review": ("退回自查、登记为逾期未报", of_organiser(can_return_self_review)),
    "decide_claim": ("审定不涉及", of_organiser(can_decide_claim)),
    "assign_reviewers": ("分派专家", of_organiser(can_assign_reviewers)),
    "review": ("评分、回避", of_organiser(can_review)),
    "close_round": ("结束评审", of_organiser(can_close_round)),
    "see_spread": ("看专家评分差异", of_organiser(can_see_spread)),
    "compute_sheet": ("计算计分表", of_organiser(can_compute_sheet)),
    "see_sheet": ("看全部计分表", of_organiser(can_see_sheet)),
    "preview": ("看单位结果预览", of_either(can_preview)),
    "file_appeal": ("提出复核申请", of_unit(can_file_appeal)),
    "decide_appeal": ("决定复核申请", of_organiser(can_decide_appeal)),
    "see_appeals": ("看复核申请", of_organiser(can_see_appeals)),
    "sign_off": ("签发计分表", of_organiser(can_sign_off)),
    "bring_back": ("退回复核申请（呈批表被退回的）", of_organiser(can_bring_back)),
    "propose_back": ("退回复核申请（没有被退回的，两人）", of_organiser(can_propose_back)),
    "return_stage": ("退回上一阶段", of_organiser(can_return_stage)),
    "second_stage_return": ("确认退回上一阶段（结果预览、复核申请）", of_organiser(can_second_stage_return)),
    "rule_points": ("提请审定改分", of_organiser(can_rule_points)),
    "second_points": ("确认审定改分", of_organiser(can_second_points)),
    "propose_severe": ("提出、收回单项否决、重大减分", of_organiser(can_propose_severe)),
    "second_severe": ("确认单项否决、重大减分", of_organiser(can_second_severe)),
    "correct": ("立更正、改分、作罢", of_organiser(can_correct)),
    "state_accountability": ("填写本单位年报责任追究情况", of_unit(can_state_accountability)),
}
