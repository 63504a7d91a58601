"""Who may seal, destroy or let pass handed-in bytes, import, withdraw. Who may record is decided by the activity that records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor, Owned
from kaoping.accounts.doors import Door, of_nobody, of_organiser


def can_seal(actor: Actor) -> bool:
    """One person of the office is enough to put suspected secrets out of reach at once."""
    return actor == SYSTEM or actor.has_any("office_handler", "office_head", "second_signer")


def can_propose_disposal(actor: Actor) -> bool:
    """The office proposes to destroy bytes, to unseal them, or to let a refused file pass."""
    return actor == SYSTEM or actor.holds_main("office_handler")


def can_confirm_disposal(actor: Actor) -> bool:
    """The office's head or the second signer confirms; the verb sees to it that it is another person."""
    return actor == SYSTEM or actor.holds_main("office_head", "second_signer")


def can_see_disposals(actor: Actor) -> bool:
    """Those who seal, propose and confirm, and the leading group."""
    return actor == SYSTEM or actor.holds_main(
        "office_handler", "office_head", "second_signer", "leading_group"
    )


def can_import_register(actor: Actor, whose: Owned) -> bool:
    """The office imports ledgers kept elsewhere."""
    return actor == SYSTEM or actor.holds(whose, "office_handler")


def can_see_ledger(actor: Actor, whose: Owned) -> bool:
    """The office, its head, the signer and the leading group read the ledger."""
    return actor.holds(whose, "office_handler", "office_head", "second_signer", "leading_group")


def can_undo_import(actor: Actor, whose: Owned) -> bool:
    """The office takes back an import, the whole of it."""
    return can_import_register(actor, whose)


def can_rule(actor: Actor, whose: Owned) -> bool:
    """The office rules that a line should not stand: the handler proposes, or calls a finding a false alarm."""
    return actor == SYSTEM or actor.holds(whose, "office_handler", "office_head")


def can_second_ruling(actor: Actor, whose: Owned) -> bool:
    """The office's head agrees to a ruling or does not; the verb sees to it that it is another person."""
    return actor.holds(whose, "office_head")


def can_withdraw_by(actor: Actor, whose: Owned, kind: str | None) -> bool:
    """Whose act it may be that withdraws a line: each kind of act has its own door."""
    doors: dict[str | None, Callable[[Actor, Owned], bool]] = {
        "batch": lambda one, its: can_undo_import(one, its) or can_second_ruling(one, its),
        "ruling": lambda one, its: can_rule(one, its) or can_second_ruling(one, its),
        "appeal": lambda one, its: one.holds(its, "appeal_decider"),
        "correction": lambda one, its: one.holds(its, "office_handler"),
    }
    return kind in doors and doors[kind](actor, whose)


# Verb id: (what the permission table calls it, the door asked for an organiser or a unit by its code).
POLICIES: Final[dict[str, tuple[str, Door]]] = {
    "see_ledger": ("看台账", of_organiser(can_see_ledger)),
    "import_register": ("导入台账", of_organiser(can_import_register)),
    "see_disposals": ("看材料处置", of_nobody(can_see_disposals)),
    "seal_artefact": ("封存材料", of_nobody(can_seal)),
    "propose_disposal": ("提出销毁、启封、放行材料", of_nobody(can_propose_disposal)),
    "confirm_disposal": ("确认销毁、启封、放行材料", of_nobody(can_confirm_disposal)),
    "undo_import": ("撤回整批导入", of_organiser(can_undo_import)),
    "rule": ("审定撤回记录（提出；误报）", of_organiser(can_rule)),
    "second_ruling": ("确认审定", of_organiser(can_second_ruling)),
    "withdraw_by_appeal": (
        "经复核撤回记录",
        of_organiser(lambda actor, whose: can_withdraw_by(actor, whose, "appeal")),
    ),
    "withdraw_by_correction": (
        "经更正撤回、恢复记录",
        of_organiser(lambda actor, whose: can_withdraw_by(actor, whose, "correction")),
    ),
}
