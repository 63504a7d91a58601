"""Whose visits and places somebody sees at the desk; several trades ask it."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied

from kaoping.accounts.actor import Actor
from kaoping.inspection import queries

DOOR: Final = "实地查看由市政务公开办、签发人、领导小组、检查员和主管部门查看。"


def scope(actor: Actor) -> set[str] | None:
    """Codes of the units an actor sees at this desk, null for all; the door for those who see none."""
    codes = queries.visible_codes(actor)
    if codes is not None and not actor.has_any("district_office", "competent_department"):
        raise PermissionDenied(DOOR)
    return codes
