"""Who sees, serves, answers, checks and closes a case."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.rectification.models import Case


def can_see_cases(actor: Actor) -> bool:
    """The office, signers, the leading group and inspectors see every unit's cases."""
    return actor == SYSTEM or actor.has_any(
        "office_handler", "office_head", "second_signer", "leading_group", "inspector"
    )


def can_list_cases(actor: Actor) -> bool:
    """The list opens to those who see every unit's cases, and to branches for theirs."""
    return can_see_cases(actor) or actor.has_any("district_office", "competent_department")


def can_see_unit_cases(actor: Actor, organisation: str, branch: Collection[str] = ()) -> bool:
    """A unit sees its own cases, a branch those of its units (考核办法 第四条、第九条); ``branch`` holds their codes."""
    return (
        can_see_cases(actor)
        or actor.has("liaison", organisation)
        or actor.has("district_office", organisation)
        or actor.has("competent_department", organisation)
        or organisation in branch
    )


def can_serve_cases(actor: Actor) -> bool:
    """The office serves orders; nothing is served by a machine."""
    return actor.has_any("office_handler", "office_head")


def can_answer_case(actor: Actor, organisation: str) -> bool:
    """Only the unit's own liaison answers and asks."""
    return actor.has("liaison", organisation)


def answers_for(actor: Actor, case: Case) -> bool:
    """``can_answer_case`` of the unit whose case it is."""
    return can_answer_case(actor, case.organisation.code)


def can_reply(actor: Actor) -> bool:
    """The office answers a unit's question."""
    return actor.has_any("office_handler", "office_head")


def can_check_case(actor: Actor) -> bool:
    """A named person of the office or an inspector looks whether the fault is gone."""
    return actor.has_any("office_handler", "office_head", "inspector")


def can_decide_explanation(actor: Actor) -> bool:
    """The office decides whether a fault really cannot be repaired."""
    return actor.has_any("office_handler", "office_head")


def can_close_case(actor: Actor) -> bool:
    """The office closes; a unit's claim alone never does."""
    return actor.has_any("office_handler", "office_head")


def can_merge_cases(actor: Actor) -> bool:
    """The office joins two cases about one place."""
    return actor.has_any("office_handler", "office_head")


def can_record_overdue(actor: Actor) -> bool:
    """The office states on which day who has overdue cases."""
    return actor == SYSTEM or actor.has("office_handler")


_Door = Callable[[Actor, str | None], bool]

# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, _Door]]] = {
    "record_overdue": ("登记逾期情况", lambda actor, _code: can_record_overdue(actor)),
    "see_cases": ("看全市整改单", lambda actor, _code: can_see_cases(actor)),
    "list_cases": ("看整改台", lambda actor, _code: can_list_cases(actor)),
    "see_unit_cases": (
        "看单位整改单",
        lambda actor, code: code is not None and can_see_unit_cases(actor, code),
    ),
    "serve_cases": ("修改、下发整改单，登记送达", lambda actor, _code: can_serve_cases(actor)),
    "answer_case": (
        "签收、回复整改单，说明不可补救，提问",
        lambda actor, code: code is not None and can_answer_case(actor, code),
    ),
    "reply": ("答复单位提问", lambda actor, _code: can_reply(actor)),
    "check_case": ("人工核查", lambda actor, _code: can_check_case(actor)),
    "decide_explanation": ("确认或退回不可补救的说明", lambda actor, _code: can_decide_explanation(actor)),
    "close_case": ("结案", lambda actor, _code: can_close_case(actor)),
    "merge_cases": ("合并办理同一处的整改单", lambda actor, _code: can_merge_cases(actor)),
}
