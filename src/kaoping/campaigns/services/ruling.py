"""Verbs of rulings on points (审定改分): one person proposes, another agrees, by which the ledger gets a line of source office."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns import policy
from kaoping.campaigns.logic import ruling as logic
from kaoping.campaigns.logic.items import refusal_of_points, refusal_of_same
from kaoping.campaigns.logic.ledger import ruling_act
from kaoping.campaigns.models import Campaign, PointsRuling, PointsRulingEnd
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import ruling as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal import open_on
from kaoping.campaigns.queries.drafts import effect_on_unit
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.campaigns.services.numbers import next_number
from kaoping.evidence.services import Entry, record

_INSTEAD: Final = "得分没有错的，不用改"


@signing
def propose_points(
    *, actor: Actor, campaign: Campaign, organisation: str, item: str, points: str, reason: str, now: datetime
) -> PointsRuling:
    """Propose the right points of one item, on the item's own scale; without effect until another person agrees."""
    require(
        policy.can_rule_points(actor),
        logic.ONLY_HANDLER,
        actor=actor,
        verb="propose_points",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db()
    unit = campaigns.organisation_of(campaign, organisation)
    latest = sheets.latest(campaign)
    detail = sheets.unit_detail(latest, organisation) if latest else None
    words = logic.refusal_to_propose(
        campaign.stage, _waits(campaign, organisation, item), reason
    ) or logic.refusal_while_appealed(open_on(campaign, organisation, item))
    if words is None and (unit is None or detail is None):
        words = "这家单位没有参加本年度考核，或还没有计分表。"
    if words is None:
        words = refusal_of_points(item_of(campaign, item), points) or _refusal_of_same(
            campaign, _entry(campaign, organisation, item, points.strip(), now), now
        )
    stop(words, actor=actor, verb="propose_points", campaign=campaign, now=now)
    assert unit is not None
    assert detail is not None
    stage = campaign.stage
    with transaction.atomic():
        hold(
            campaign,
            lambda: (
                _at(campaign, stage)
                and not _waits(campaign, organisation, item)
                and not open_on(campaign, organisation, item)
            ),
        )
        number = next_number(PointsRuling, campaign)
        made = PointsRuling.objects.create(
            campaign=campaign,
            organisation=unit,
            item=item,
            points=points.strip(),
            points_before=detail["indicators"][item]["points"],
            reason=reason.strip(),
            act=ruling_act(campaign.year, number),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        record_act(
            actor,
            "propose_points",
            "campaign",
            campaign.year,
            f"提请审定：{unit.short_name} {item} 改为 {points.strip()} 分，待第二人确认。{reason.strip()}",
            now=now,
        )
    return made


@signing
def second_points(*, actor: Actor, ruling: PointsRuling, agreed: bool, now: datetime) -> PointsRulingEnd:
    """Another person agrees, and the ledger gets the points, or does not agree, and nothing changes."""
    campaign = ruling.campaign
    campaign.refresh_from_db()
    words = reads.check_second(actor, ruling, agreed=agreed)
    entry = replace(
        _entry(campaign, ruling.organisation.code, ruling.item, ruling.points, now),
        reason=f"审定：{ruling.reason}",
        act=ruling.act,
    )
    before = after = ""
    if words is None and agreed:
        old, new = effect_on_unit(campaign, entry.unit, [entry], now)
        words = refusal_of_same(ruling.item, old, new, instead=_INSTEAD)
        before, after = (one["indicators"][ruling.item]["points"] for one in (old, new))
    stop(words, actor=actor, verb="second_points", campaign=campaign, now=now)
    stage = campaign.stage
    with transaction.atomic():
        hold(
            campaign,
            lambda: (
                _at(campaign, stage)
                and not PointsRulingEnd.objects.filter(ruling=ruling).exists()
                and not (agreed and open_on(campaign, entry.unit, ruling.item))
            ),
        )
        uid = record([entry], actor=actor, now=now)[0] if agreed else ""
        end = PointsRulingEnd.objects.create(
            ruling=ruling,
            agreed=agreed,
            by=Person.objects.get(pk=actor.id),
            at=now,
            observation=uid,
            points_before=before,
            points_after=after,
        )
        record_act(
            actor,
            "second_points",
            "campaign",
            campaign.year,
            f"{'同意' if agreed else '不同意'}{ruling.by.name}提请的审定：{ruling.organisation.short_name} {ruling.item} "
            f"改为 {ruling.points} 分。{ruling.reason}",
            now=now,
        )
    return end


def _entry(campaign: Campaign, unit: str, item: str, points: str, now: datetime) -> Entry:
    return Entry(
        unit=unit,
        item=item,
        source="office",
        observed_at=instant_of(campaign, item, now),
        kind="points",
        value=points,
        act=ruling_act(campaign.year, 0),  # an act of the right kind: it counts though the round is closed
    )


def _refusal_of_same(campaign: Campaign, entry: Entry, now: datetime) -> str | None:
    assert entry.item is not None
    return refusal_of_same(entry.item, *effect_on_unit(campaign, entry.unit, [entry], now), instead=_INSTEAD)


def _waits(campaign: Campaign, organisation: str, item: str) -> bool:
    return reads.waiting(campaign).filter(organisation__code=organisation, item=item).exists()


def _at(campaign: Campaign, stage: str) -> bool:
    return Campaign.objects.filter(pk=campaign.pk, stage=stage).exists()
