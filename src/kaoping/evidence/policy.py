"""Who may seal, destroy or let pass handed-in bytes, import, withdraw. Who may record is decided by the activity that records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor


def can_seal(actor: Actor) -> bool:
    """One person of the office is enough to put suspected secrets out of reach at once."""
    return actor == SYSTEM or actor.has_any("office_handler", "office_head", "second_signer")


def can_propose_disposal(actor: Actor) -> bool:
    """The office proposes to destroy bytes, to unseal them, or to let a refused file pass."""
    return actor == SYSTEM or actor.has("office_handler")


def can_confirm_disposal(actor: Actor) -> bool:
    """The office's head or the second signer confirms; the verb sees to it that it is another person."""
    return actor == SYSTEM or actor.has_any("office_head", "second_signer")


def can_see_disposals(actor: Actor) -> bool:
    """Those who seal, propose and confirm, and the leading group."""
    return can_seal(actor) or actor.has("leading_group")


def can_import_register(actor: Actor) -> bool:
    """The office imports ledgers kept elsewhere."""
    return actor == SYSTEM or actor.has("office_handler")


def can_see_ledger(actor: Actor) -> bool:
    """The office, its head, the signer and the leading group read the ledger."""
    return actor.has_any("office_handler", "office_head", "second_signer", "leading_group")


def can_undo_import(actor: Actor) -> bool:
    """The office takes back an import, the whole of it."""
    return can_import_register(actor)


def can_rule(actor: Actor) -> bool:
    """The office rules that a line should not stand: the handler proposes, or calls a finding a false alarm."""
    return actor == SYSTEM or actor.has_any("office_handler", "office_head")


def can_second_ruling(actor: Actor) -> bool:
    """The office's head agrees to a ruling or does not; the verb sees to it that it is another person."""
    return actor.has("office_head")


def can_withdraw_by(actor: Actor, kind: str | None) -> bool:
    """Whose act it may be that withdraws a line: each kind of act has its own door."""
    doors: dict[str | None, Callable[[Actor], bool]] = {
        "batch": lambda one: can_undo_import(one) or can_second_ruling(one),
        "ruling": lambda one: can_rule(one) or can_second_ruling(one),
        "appeal": lambda one: one.has("appeal_decider"),
        "correction": lambda one: one.has("office_handler"),
    }
    return kind in doors and doors[kind](actor)


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "see_ledger": ("看台账", lambda actor, _code: can_see_ledger(actor)),
    "import_register": ("导入台账", lambda actor, _code: can_import_register(actor)),
    "see_disposals": ("看材料处置", lambda actor, _code: can_see_disposals(actor)),
    "seal_artefact": ("封存材料", lambda actor, _code: can_seal(actor)),
    "propose_disposal": ("提出销毁、启封、放行材料", lambda actor, _code: can_propose_disposal(actor)),
    "confirm_disposal": ("确认销毁、启封、放行材料", lambda actor, _code: can_confirm_disposal(actor)),
    "undo_import": ("撤回整批导入", lambda actor, _code: can_undo_import(actor)),
    "rule": ("审定撤回记录（提出；误报）", lambda actor, _code: can_rule(actor)),
    "second_ruling": ("确认审定", lambda actor, _code: can_second_ruling(actor)),
    "withdraw_by_appeal": ("经复核撤回记录", lambda actor, _code: can_withdraw_by(actor, "appeal")),
    "withdraw_by_correction": (
        "经更正撤回、恢复记录",
        lambda actor, _code: can_withdraw_by(actor, "correction"),
    ),
}
