"""Verbs of rulebooks."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor
from kaoping.accounts.verbs import Act, verb
from kaoping.standards import policy
from kaoping.standards.loading import Rulebook
from kaoping.standards.models import RulebookVersion


@verb(
    "adopt",
    "采用规则集",
    kind="rulebook",
    thing="rulebook.id",
    door=policy.can_adopt,
    denied="只有市政务公开办经办可以采用规则集。",
    said="采用规则集 {title}（{version}）。",
    news="采用规则集 {n} 版",
    room="rulebooks",
    final="采用过的版本不改也不删；年度选用哪一版，由方案定。",
)
def adopt(act: Act, *, actor: Actor, rulebook: Rulebook, now: datetime) -> RulebookVersion:
    """Keep the whole text of a rulebook as a version that never changes; the same text twice is one version."""
    known = RulebookVersion.objects.filter(digest=rulebook.digest).first()
    if known:
        return known
    with act.writing():
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
        act.done(thing=version, title=rulebook.title, version=rulebook.version)
    return version
