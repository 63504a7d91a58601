"""Who may do what in the public evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_prepare_poll(actor: Actor) -> bool:
    """The office announces the poll."""
    return actor == SYSTEM or actor.has("office_handler")


def can_change_poll(actor: Actor) -> bool:
    """Who announces the poll changes its title and days, or cancels it, before its opening instant."""
    return actor.has("office_handler")


def can_seal(actor: Actor) -> bool:
    """The office seals after closing; so does the worker, by itself."""
    return actor == SYSTEM or actor.has("office_handler")


def can_confirm_clock(actor: Actor) -> bool:
    """The office confirms the time after a jump; the administrator, who can set the clock, does not."""
    return actor.has_any("office_handler", "office_head")


def can_open(actor: Actor) -> bool:
    """Only openers open, two of them."""
    return actor.has("ballot_opener")


def can_see_evaluation(actor: Actor) -> bool:
    """The office, its head, signers and openers see the state of the poll, and results after the opening."""
    return actor.has_any("office_handler", "office_head", "second_signer", "leading_group", "ballot_opener")


def can_read_opinions(actor: Actor) -> bool:
    """Opinions go to the office, not to the unit."""
    return actor.has_any("office_handler", "office_head")


def can_answer_opinion(actor: Actor) -> bool:
    """The office judges and answers."""
    return actor.has("office_handler")


POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "prepare_poll": ("布置社会评议", lambda actor, _unit: can_prepare_poll(actor)),
    "change_poll": ("开始以前改评议的标题和时间、取消评议", lambda actor, _unit: can_change_poll(actor)),
    "seal_poll": ("封存问卷", lambda actor, _unit: can_seal(actor)),
    "confirm_clock": ("时钟跳变后核对确认", lambda actor, _unit: can_confirm_clock(actor)),
    "open_poll": ("开箱", lambda actor, _unit: can_open(actor)),
    "see_evaluation": ("看评议进展与结果", lambda actor, _unit: can_see_evaluation(actor)),
    "read_opinions": ("看意见建议", lambda actor, _unit: can_read_opinions(actor)),
    "answer_opinion": ("答复意见建议", lambda actor, _unit: can_answer_opinion(actor)),
}
