"""Who sees, serves, answers, checks and closes a case."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_either, of_organiser, of_unit
from kaoping.rectification.models import Case


def can_see_cases(actor: Actor, whose: Owned) -> bool:
    """The office, signers, the leading group and inspectors see every unit's cases."""
    return actor == SYSTEM or actor.holds(
        whose, "office_handler", "office_head", "second_signer", "leading_group", "inspector"
    )


def can_list_cases(actor: Actor, whose: Owned) -> bool:
    """The list opens to those who see every unit's cases, and to branches for theirs."""
    return can_see_cases(actor, whose) or actor.has_any("district_office", "competent_department")


def can_see_unit_cases(actor: Actor, whose: Owned, organisation: str, branch: Collection[str] = ()) -> bool:
    """A unit sees its own cases, a branch those of its units (考核办法 第四条、第九条); ``branch`` holds their codes."""
    return (
        can_see_cases(actor, whose)
        or actor.has("liaison", organisation)
        or actor.has("district_office", organisation)
        or actor.has("competent_department", organisation)
        or organisation in branch
    )


def can_serve_cases(actor: Actor, whose: Owned) -> bool:
    """The office serves orders; nothing is served by a machine."""
    return actor.holds(whose, "office_handler", "office_head")


def can_answer_case(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison answers and asks."""
    return actor.has("liaison", organisation)


def answers_for(actor: Actor, case: Case) -> bool:
    """``can_answer_case`` of the unit whose case it is."""
    return can_answer_case(actor, case.organisation.code)


def can_reply(actor: Actor, whose: Owned) -> bool:
    """The office answers a unit's question."""
    return actor.holds(whose, "office_handler", "office_head")


def can_check_case(actor: Actor, whose: Owned) -> bool:
    """A named person of the office or an inspector looks whether the fault is gone."""
    return actor.holds(whose, "office_handler", "office_head", "inspector")


def can_decide_explanation(actor: Actor, whose: Owned) -> bool:
    """The office decides whether a fault really cannot be repaired."""
    return actor.holds(whose, "office_handler", "office_head")


def can_close_case(actor: Actor, whose: Owned) -> bool:
    """The office closes; a unit's claim alone never does."""
    return actor.holds(whose, "office_handler", "office_head")


def can_merge_cases(actor: Actor, whose: Owned) -> bool:
    """The office joins two cases about one place."""
    return actor.holds(whose, "office_handler", "office_head")


def can_record_overdue(actor: Actor, whose: Owned) -> bool:
    """The office states on which day who has overdue cases."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "record_overdue": ("登记逾期情况", of_organiser(can_record_overdue)),
    "see_cases": ("看全部整改单", of_organiser(can_see_cases)),
    "list_cases": ("看整改台", of_organiser(can_list_cases)),
    "see_unit_cases": (
        "看单位整改单",
        of_either(can_see_unit_cases),
    ),
    "serve_cases": ("修改、下发整改单，登记送达", of_organiser(can_serve_cases)),
    "answer_case": (
        "签收、回复整改单，说明不可补救，提问",
        of_unit(can_answer_case),
    ),
    "reply": ("答复单位提问", of_organiser(can_reply)),
    "check_case": ("人工核查", of_organiser(can_check_case)),
    "decide_explanation": ("确认或退回不可补救的说明", of_organiser(can_decide_explanation)),
    "close_case": ("结案", of_organiser(can_close_case)),
    "merge_cases": ("合并办理同一处的整改单", of_organiser(can_merge_cases)),
}
