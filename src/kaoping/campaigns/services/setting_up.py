"""Verbs of the year as a whole: set it up, and declare it void while nothing has come of it."""

from __future__ import annotations

import secrets
from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import plan, stages
from kaoping.campaigns.models import Campaign, StageEntry
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.services.plan import ONLY_HANDLER, still_there
from kaoping.registry.queries import organisers
from kaoping.registry.services.organisers import main_organiser
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.models import RulebookVersion
from kaoping.standards.services import lapse


def _not_to_create(key: OrganisedYear, now: datetime) -> str | None:
    if campaigns.of(key):
        return f"{key.year} 年度考核已经建立，一年一次。"
    return organisers.refusal_of(key.organiser, on=day_of(now))


@verb(
    "create_campaign",
    "建立年度",
    kind="campaign",
    thing="key",
    door=policy.can_plan,
    whose="key",
    denied=ONLY_HANDLER,
    refusal=_not_to_create,
    said="建立 {year} 年度考核，规则集 {rulebook}（{version}）。",
    news="建立年度考核 {n} 次",
    room="plan",
    back="void_campaign",
)
def create_campaign(
    act: Act,
    *,
    actor: Actor,
    key: OrganisedYear,
    title: str,
    rulebook: RulebookVersion,
    timetable: str = "",
    publication_level: str = "first_level",
    example: bool = False,
    typed_year: str = "",
    now: datetime,
) -> Campaign:
    """Open the plan of an organiser's year with an adopted rulebook version. One campaign a year and organiser.

    A year more than one year away from today is typed once more (``typed_year``).
    """
    words = plan.refusal_to_create(key.year, title, timetable, publication_level) or plan.refusal_of_far_year(
        key.year, day_of(now).year, typed_year
    )
    if words:
        raise Refused(words)
    with act.writing():
        still_there(rulebook)
        main_organiser(now)
        campaign = Campaign.objects.create(
            organiser=key.organiser,
            year=key.year,
            title=title.strip(),
            stage=stages.PLAN,
            alias_salt=secrets.token_hex(16),
            rulebook=rulebook,
            timetable=timetable,
            publication_level=publication_level,
            example=example,
            created_at=now,
        )
        StageEntry.objects.create(
            campaign=campaign, stage=stages.PLAN, entered_at=now, by=actor.name, by_id=actor.id
        )
        act.done(thing=campaign, year=key.year, rulebook=rulebook.title, version=rulebook.version)
    return campaign


def _not_to_void(campaign: Campaign, poll_state: str | None, orders: int) -> str | None:
    return campaigns.voided_already(campaign) or plan.refusal_to_void(
        campaign.stage, poll_state is not None, orders
    )


@verb(
    "void_campaign",
    "作废年度",
    kind="campaign",
    thing="campaign",
    door=policy.can_plan,
    denied=ONLY_HANDLER,
    refusal=_not_to_void,
    lock="campaign",
    said="作废 {year} 年度考核（{stage}）：{reason}",
    final="作废的不恢复，可以重新建立这个年度。",
)
def void_campaign(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    reason: str,
    poll_state: str | None = None,
    orders: int = 0,
    now: datetime,
) -> Campaign:
    """Void a year that was made by mistake, while nobody outside the office has acted on it.

    Nothing is deleted: the year is hidden from every screen but the list of voided years, and can be made anew. The
    caller supplies the poll's state, which ``evaluation`` knows, and how many orders the units have of that year
    (``rectification``).
    """
    if words := plan.refusal_of_void_reason(reason):
        raise Refused(words)
    stage = campaign.stage
    with act.writing():
        if campaign.stage != stage:
            raise Refused(stages.MEANWHILE)
        campaign.voided_at, campaign.void_reason = now, reason.strip()[:500]
        campaign.voided_by = Person.objects.get(pk=actor.id)
        campaign.save(update_fields=["voided_at", "voided_by", "void_reason"])
        lapse(key=campaign.key, now=now)
        act.done(year=campaign.year, stage=stages.LABELS[stage], reason=reason.strip())
    return campaign
