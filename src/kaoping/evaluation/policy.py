"""Who may do what in the public evaluation."""

from __future__ import annotations

from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_nobody, of_organiser


def can_prepare_poll(actor: Actor, whose: Owned) -> bool:
    """The office announces the poll."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_change_poll(actor: Actor, whose: Owned) -> bool:
    """Who announces the poll changes its title and days, or cancels it, before its opening instant."""
    return actor.holds(whose, "office_handler")


def can_seal(actor: Actor, whose: Owned) -> bool:
    """The office seals after closing; so does the worker, by itself."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_confirm_clock(actor: Actor) -> bool:
    """The office confirms the time after a jump; the administrator, who can set the clock, does not."""
    return actor.has_any("office_handler", "office_head")


def can_open(actor: Actor, whose: Owned) -> bool:
    """Only openers open, two of them."""
    return actor.holds(whose, "ballot_opener")


def can_see_evaluation(actor: Actor, whose: Owned) -> bool:
    """The office, its head, signers and openers see the state of the poll, and results after the opening."""
    return actor.holds(
        whose, "office_handler", "office_head", "second_signer", "leading_group", "ballot_opener"
    )


def can_read_opinions(actor: Actor, whose: Owned) -> bool:
    """Opinions go to the office, not to the unit."""
    return actor.holds(whose, "office_handler", "office_head")


def can_answer_opinion(actor: Actor, whose: Owned) -> bool:
    """The office judges and answers."""
    return actor.holds(whose, "office_handler")


POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "prepare_poll": ("布置社会评议", of_organiser(can_prepare_poll)),
    "change_poll": ("开始以前改评议的标题和时间、取消评议", of_organiser(can_change_poll)),
    "seal_poll": ("封存问卷", of_organiser(can_seal)),
    "confirm_clock": ("时钟跳变后核对确认", of_nobody(can_confirm_clock)),
    "open_poll": ("开箱", of_organiser(can_open)),
    "see_evaluation": ("看评议进展与结果", of_organiser(can_see_evaluation)),
    "read_opinions": ("看意见建议", of_organiser(can_read_opinions)),
    "answer_opinion": ("答复意见建议", of_organiser(can_answer_opinion)),
}
