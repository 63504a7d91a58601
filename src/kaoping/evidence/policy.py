"""Who may seal, destroy or let pass handed-in bytes. Who may record is decided by the activity that records."""

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


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "see_ledger": ("看台账", lambda actor, _code: can_see_ledger(actor)),
    "import_register": ("导入台账", lambda actor, _code: can_import_register(actor)),
    "see_disposals": ("看材料处置", lambda actor, _code: can_see_disposals(actor)),
    "seal_artefact": ("封存材料", lambda actor, _code: can_seal(actor)),
    "propose_disposal": ("提出销毁、启封、放行材料", lambda actor, _code: can_propose_disposal(actor)),
    "confirm_disposal": ("确认销毁、启封、放行材料", lambda actor, _code: can_confirm_disposal(actor)),
}
