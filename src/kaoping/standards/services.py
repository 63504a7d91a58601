"""Verbs of rulebooks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act, refuse
from kaoping.standards import policy
from kaoping.standards.loading import Rulebook
from kaoping.standards.models import RulebookVersion


def adopt(*, actor: Actor, rulebook: Rulebook, now: datetime) -> RulebookVersion:
    """Keep the whole text of a rulebook as a version that never changes; the same text twice is one version."""
    if not policy.can_adopt(actor):
        raise refuse(actor, "adopt", "rulebook", rulebook.id, "只有市政务公开办经办可以采用规则集。", now=now)
    known = RulebookVersion.objects.filter(digest=rulebook.digest).first()
    if known:
        return known
    with transaction.atomic():
        version = RulebookVersion.objects.create(
            rulebook=rulebook.id,
            version=rulebook.version,
            title=rulebook.title,
            digest=rulebook.digest,
            files=dict(rulebook.files),
            adopted_at=now,
            adopted_by=actor.name,
            adopted_by_id=actor.id,
        )
        record_act(
            actor,
            "adopt",
            "rulebook",
            version.pk,
            f"采用规则集 {rulebook.title}（{rulebook.version}）。",
            now=now,
        )
    return version
