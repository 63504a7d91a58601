"""Verbs of rulebooks."""

from __future__ import annotations

from datetime import date, datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.foreign.visible import visible
from kaoping.registry.queries import organisation
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards import policy, queries
from kaoping.standards.handing_in import NotTaken, examined
from kaoping.standards.loading import Rulebook
from kaoping.standards.models import RulebookUse, RulebookVersion
from kaoping.support import jobs

# What is held while one text enters.
_ENTERING = "standards.entering"


def _another_text(rulebook: Rulebook) -> str | None:
    """One id and version names one text: two would be told apart by nobody who reads a sheet."""
    known = queries.namesake(rulebook.id, rulebook.version)
    name = f"{visible(rulebook.id)} {visible(rulebook.version)}"
    if known is not None and known.withdrawn is not None:
        return f"{name} 这一版交存过，已撤回。请改一个版本号（about.yaml 的 version）再交。"
    if known is not None and known.digest != rulebook.digest:
        return f"{name} 已有另一份内容。同一 id、同一版本只能有一份：请改版本号（about.yaml 的 version）。"
    return None


@verb(
    "adopt",
    "采用规则集",
    kind="rulebook",
    thing="rulebook.id",
    door=policy.can_adopt,
    denied="只有政务公开办经办可以采用规则集。",
    refusal=_another_text,
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
        version, made = _kept_once(rulebook, actor=actor, organiser=None, now=now)
        if made:
            act.done(thing=version, title=rulebook.title, version=rulebook.version)
    return version


def _kept_once(
    book: Rulebook, *, actor: Actor, organiser: str | None, now: datetime
) -> tuple[RulebookVersion, bool]:
    """The version of this text, and whether it was made just now. One enters after the other, so that the same form, sent again
    while the first is still being read, meets the first one's version. Call in the transaction that writes the line.
    """
    jobs.hold(_ENTERING)
    if words := _another_text(book):
        raise Refused(words)
    return RulebookVersion.objects.get_or_create(
        digest=book.digest,
        defaults={
            "rulebook": book.id,
            "version": book.version,
            "title": book.title,
            "files": dict(book.files),
            "adopted_at": now,
            "adopted_by": actor.name,
            "adopted_by_id": actor.id,
            "organiser": organiser,
        },
    )


def _not_to_hand_in(rulebook: Rulebook, organiser: str, now: datetime) -> str | None:
    unit = organisation(organiser)
    if unit is None or (unit.valid_to is not None and unit.valid_to < day_of(now)):
        return f"名录里没有代码是 {visible(organiser)[:40]} 的组织单位，请写组织考核的办公室所属机关的代码。"
    return _another_text(rulebook)


@verb(
    "hand_in_rulebook",
    "交存规则集草案",
    kind="rulebook",
    thing="rulebook.id",
    door=policy.can_hand_in,
    whose="organiser",
    denied="规则集草案由组织考核的经办交存。",
    refusal=_not_to_hand_in,
    said="交存规则集草案 {title}（{version}，校验值 {digest}），由{organiser}用。",
    news="交存规则集草案 {n} 版",
    room="rulebooks",
    back="withdraw_rulebook",
)
def hand_in(act: Act, *, actor: Actor, rulebook: Rulebook, organiser: str, now: datetime) -> RulebookVersion:
    """Keep an organiser's own rulebook as a draft version; the same text twice is one version.

    It can be chosen in a plan, and comes into force when that plan is approved (考核办法 第四条、第十条). It is looked through
    here once more, whatever the caller saw of it. Raises ``Refused``.
    """
    known = RulebookVersion.objects.filter(digest=rulebook.digest).first()
    if known is not None:
        return known
    try:
        book = examined(rulebook.files, last=None).rulebook
    except NotTaken as error:
        raise Refused(str(error)) from None
    unit = organisation(organiser)
    assert unit is not None  # what the refusal has just asked
    with act.writing():
        version, made = _kept_once(book, actor=actor, organiser=organiser, now=now)
        if made:
            act.done(
                thing=version,
                title=book.title,
                version=book.version,
                digest=book.digest[:8],
                organiser=unit.short_name,
            )
    return version


def bring_into_force(
    version: RulebookVersion, *, key: OrganisedYear, first: date, last: date, now: datetime
) -> None:
    """From now on the version holds for these days. Called by the verb that approves the plan, in its transaction."""
    lapse(key=key, now=now)
    RulebookUse.objects.create(
        version=version, organiser=key.organiser, key=str(key), first=first, last=last, at=now
    )


def lapse(*, key: OrganisedYear, now: datetime) -> None:
    """What came into force for a year no longer is: its paper went back, or the year was voided."""
    RulebookUse.objects.filter(key=str(key), ended_at=None).update(ended_at=now)
