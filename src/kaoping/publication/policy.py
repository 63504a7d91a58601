"""Who may freeze, publish and withdraw: one condition a line."""

from __future__ import annotations

from typing import Final

from kaoping.accounts.actor import Actor, Owned
from kaoping.accounts.doors import Door, of_organiser


def can_freeze(actor: Actor, whose: Owned) -> bool:
    """The handler freezes what a second person has signed."""
    return actor.holds(whose, "office_handler")


def can_publish(actor: Actor, whose: Owned) -> bool:
    """The handler publishes what the leading group has approved."""
    return actor.holds(whose, "office_handler")


def can_withdraw(actor: Actor, whose: Owned) -> bool:
    """The head of the office withdraws a publication."""
    return actor.holds(whose, "office_head")


def can_see_releases(actor: Actor, whose: Owned) -> bool:
    """The office, signers and the leading group see releases and take the full bundle."""
    return actor.holds(whose, "office_handler", "office_head", "second_signer", "leading_group")


# Verb id: (what the permission table calls it, the door asked for an organiser by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "freeze": ("冻结、生成发布包", of_organiser(can_freeze)),
    "publish": ("公开结果", of_organiser(can_publish)),
    "withdraw": ("撤回公开", of_organiser(can_withdraw)),
    "see_releases": ("看发布记录、取完整数据包", of_organiser(can_see_releases)),
}
