"""Whose visits and places somebody sees at the desk; several trades ask it."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied

from kaoping.accounts.actor import Actor
from kaoping.inspection import queries
from kaoping.registry.scope import Scope

DOOR: Final = "实地查看由政务公开办、签发人、领导小组、检查员和主管部门查看。"


def scope(actor: Actor) -> Scope:
    """Whose things an actor sees at this desk; the door for those who see none."""
    seen = queries.visible(actor)
    if seen.organiser is None and not actor.has_any("district_office", "competent_department"):
        raise PermissionDenied(DOOR)
    return seen
