"""Who may manage people and read the audit log (三员分立: administration, security and audit are three roles)."""

from __future__ import annotations

from kaoping.accounts.actor import SYSTEM, Actor


def can_manage_people(actor: Actor) -> bool:
    """System administrators make and switch off people; they appoint nobody."""
    return actor == SYSTEM or actor.has("system_admin")


def can_appoint(actor: Actor) -> bool:
    """Security administrators give and take roles; they make no people and read no log."""
    return actor == SYSTEM or actor.has("security_admin")


def can_read_audit(actor: Actor) -> bool:
    """Auditors read and export the log; they do nothing else."""
    return actor == SYSTEM or actor.has("auditor")
