"""Who may freeze, publish and withdraw: one condition a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import Actor


def can_freeze(actor: Actor) -> bool:
    """The handler freezes what a second person has signed."""
    return actor.has("office_handler")


def can_publish(actor: Actor) -> bool:
    """The handler publishes what the leading group has approved."""
    return actor.has("office_handler")


def can_withdraw(actor: Actor) -> bool:
    """The head of the office withdraws a publication."""
    return actor.has("office_head")


def can_see_releases(actor: Actor) -> bool:
    """The office, signers and the leading group see releases and take the full bundle."""
    return actor.has_any("office_handler", "office_head", "second_signer", "leading_group")


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "freeze": ("冻结、生成发布包", lambda actor, _code: can_freeze(actor)),
    "publish": ("公开结果", lambda actor, _code: can_publish(actor)),
    "withdraw": ("撤回公开", lambda actor, _code: can_withdraw(actor)),
    "see_releases": ("看发布记录、取完整数据包", lambda actor, _code: can_see_releases(actor)),
}
