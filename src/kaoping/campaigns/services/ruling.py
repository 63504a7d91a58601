"""Verbs of rulings on points (审定改分): one person proposes, another agrees, by which the ledger gets a line of source office."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import ruling as logic
from kaoping.campaigns.logic.items import logged_of_same, refusal_of_points, refusal_of_same
from kaoping.campaigns.logic.ledger import ruling_act
from kaoping.campaigns.models import Campaign, PointsRuling, PointsRulingEnd
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import ruling as rulings
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal import open_on
from kaoping.campaigns.queries.drafts import effect_on_unit
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services.numbers import next_number
from kaoping.evidence.services import Entry, record

_INSTEAD: Final = "得分没有错的，不用改"


def _not_to_propose(campaign: Campaign) -> str | None:
    return logic.refusal_of_stage(campaign.stage)


@verb(
    "propose_points",
    "提请审定改分",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_rule_points,
    denied=logic.ONLY_HANDLER,
    refusal=_not_to_propose,
    lock="campaign",
    said="提请审定：改 {unit} {item} 的分，待第二人确认。{reason}",
    news="提请审定改分 {n} 件",
    room="scoring",
    back="second_points",
)
def propose_points(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    organisation: str,
    item: str,
    points: str,
    reason: str,
    now: datetime,
) -> PointsRuling:
    """Propose the right points of one item, on the item's own scale; without effect until another person agrees."""
    if words := _refusal_of_item(campaign, organisation, item, reason):
        raise Refused(words)
    unit = campaigns.organisation_of(campaign, organisation)
    latest = sheets.latest(campaign)
    detail = sheets.unit_detail(latest, organisation) if latest else None
    if unit is None or detail is None:
        raise Refused("这家单位没有参加本年度考核，或还没有计分表。")
    if words := refusal_of_points(item_of(campaign, item), points):
        raise Refused(words)
    entry = _entry(campaign, organisation, item, points.strip(), now)
    if words := _refusal_of_same(campaign, entry, now):
        raise Refused(words, logged=logged_of_same(item))
    with act.writing():
        if words := _refusal_of_item(campaign, organisation, item, reason):
            raise Refused(words)
        number = next_number(PointsRuling, campaign)
        made = PointsRuling.objects.create(
            campaign=campaign,
            organisation=unit,
            item=item,
            points=points.strip(),
            points_before=detail["indicators"][item]["points"],
            reason=reason.strip(),
            act=ruling_act(campaign.key, number),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        act.done(unit=unit.short_name, item=item, reason=reason.strip())
    return made


def _refusal_of_item(campaign: Campaign, organisation: str, item: str, reason: str) -> str | None:
    """Why this item is not ruled on now; asked again while the campaign is held."""
    waits = rulings.waiting(campaign).filter(organisation__code=organisation, item=item).exists()
    return logic.refusal_to_propose(campaign.stage, waits, reason) or logic.refusal_while_appealed(
        open_on(campaign, organisation, item)
    )


@verb(
    "second_points",
    "确认审定改分",
    kind="campaign",
    thing="ruling.campaign",
    signs=True,
    door=policy.can_second_points,
    whose="ruling.campaign",
    denied=logic.ONLY_SECOND,
    refusal=rulings.refusal_to_second,
    lock="ruling.campaign",
    said="{answer}{first}提请的审定：改 {unit} {item} 的分。{reason}",
    news="答复审定改分 {n} 件",
    room="scoring",
    final="记进台账的不撤：改错了的，再提请审定一次。",
)
def second_points(
    act: Act, *, actor: Actor, ruling: PointsRuling, agreed: bool, now: datetime
) -> PointsRulingEnd:
    """Another person agrees, and the ledger gets the points, or does not agree, and nothing changes."""
    campaign = ruling.campaign
    entry = replace(
        _entry(campaign, ruling.organisation.code, ruling.item, ruling.points, now),
        reason=f"审定：{ruling.reason}",
        act=ruling.act,
    )
    before = after = ""
    if agreed:
        old, new = effect_on_unit(campaign, entry.unit, [entry], now)
        if words := refusal_of_same(ruling.item, old, new, instead=_INSTEAD):
            raise Refused(words, logged=logged_of_same(ruling.item))
        before, after = (one["indicators"][ruling.item]["points"] for one in (old, new))
    with act.writing():
        uid = record([entry], actor=actor, whose=ruling.campaign, now=now)[0] if agreed else ""
        end = PointsRulingEnd.objects.create(
            ruling=ruling,
            agreed=agreed,
            by=Person.objects.get(pk=actor.id),
            at=now,
            observation=uid,
            points_before=before,
            points_after=after,
        )
        act.done(
            answer="同意" if agreed else "不同意",
            first=ruling.by.name,
            unit=ruling.organisation.short_name,
            item=ruling.item,
            reason=ruling.reason,
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
        act=ruling_act(campaign.key, 0),  # an act of the right kind: it counts though the round is closed
    )


def _refusal_of_same(campaign: Campaign, entry: Entry, now: datetime) -> str | None:
    assert entry.item is not None
    return refusal_of_same(entry.item, *effect_on_unit(campaign, entry.unit, [entry], now), instead=_INSTEAD)
