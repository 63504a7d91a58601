"""Verbs of a correction (更正): open it, change a line of the ledger under it, drop it, end it with its publication.

Its sheet is computed by ``compute_sheet``, signed by ``sign_off``; ``publication`` freezes and publishes it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.resting import signing
from kaoping.campaigns import policy
from kaoping.campaigns.logic import correction as logic
from kaoping.campaigns.logic.items import refusal_of_points, refusal_of_same
from kaoping.campaigns.logic.ledger import correction_act
from kaoping.campaigns.models import Campaign, Correction, CorrectionEnd, Sheet
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.drafts import effect_on_unit
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.campaigns.services.numbers import next_number
from kaoping.evidence.services import Entry, record


@signing
def open_correction(
    *, actor: Actor, campaign: Campaign, reason: str, corrects: Sheet | None = None, now: datetime
) -> Correction:
    """Open a correction of the published result with what was wrong. One at a time; the reason is published.

    ``corrects`` is the sheet of the release that stands, which ``publication`` knows: after a correction was withdrawn it
    is an earlier one than the newest that was signed.
    """
    _enter(actor, campaign, "open_correction", now)
    known = reads.under_way(campaign)
    words = logic.refusal_to_open(campaign.stage, known.number if known else None, reason)
    stop(words, actor=actor, verb="open_correction", campaign=campaign, now=now)
    published = corrects or sheets.signed(campaign)
    assert published is not None
    with transaction.atomic():
        hold(campaign, lambda: reads.under_way(campaign) is None)
        correction = Correction.objects.create(
            campaign=campaign,
            number=next_number(Correction, campaign),
            sheet=published,
            reason=reason.strip(),
            opened_by=Person.objects.get(pk=actor.id),
            opened_at=now,
        )
        record_act(
            actor,
            "open_correction",
            "campaign",
            campaign.year,
            f"立 {campaign.year} 年度结果第 {correction.number} 次更正：{correction.reason}",
            now=now,
        )
    return correction


@signing
def correct_points(
    *, actor: Actor, campaign: Campaign, organisation: str, item: str, points: str, reason: str, now: datetime
) -> str:
    """Record the right points of one item, on the item's own scale, as source ``office``; the id of the new line.

    What was recorded before stays in the ledger. Lines that should not be there are withdrawn by ``services.ledger.correct_withdrawal``.
    """
    _enter(actor, campaign, "correct_points", now)
    correction = reads.under_way(campaign)
    words = logic.refusal_to_change(correction is not None, reads.is_signed(correction), reason)
    unit = campaigns.organisation_of(campaign, organisation)
    if words is None and unit is None:
        words = "这家单位没有参加本年度考核。"
    if words is None:
        words = refusal_of_points(item_of(campaign, item), points)
    entry = Entry(
        unit=organisation,
        item=item,
        source="office",
        observed_at=instant_of(campaign, item, now),
        kind="points",
        value=points.strip(),
        reason=f"第 {correction.number if correction else ''} 次更正：{reason.strip()}",
        act=correction_act(campaign.year, correction.number) if correction else None,
    )

    def again() -> bool:
        standing = reads.standing_line(correction, organisation, item) if correction else None
        return standing is not None and (standing.value, standing.reason) == (entry.value, entry.reason)

    # The same form once more is told as such, below.
    if words is None and not again():
        words = refusal_of_same(
            item,
            *effect_on_unit(campaign, organisation, [entry], now),
            instead="已经对的，直接计算更正计分表",
        )
    stop(words, actor=actor, verb="correct_points", campaign=campaign, now=now)
    assert correction is not None
    assert unit is not None

    def still() -> bool:
        return reads.under_way(campaign) == correction and not reads.is_signed(correction) and not again()

    with transaction.atomic():
        hold(campaign, still)
        [uid] = record([entry], actor=actor, now=now)
        record_act(
            actor,
            "correct_points",
            "campaign",
            campaign.year,
            f"第 {correction.number} 次更正：{unit.short_name} {item} 改为 {points.strip()} 分。{reason.strip()}",
            now=now,
        )
    return uid


@signing
def drop_correction(*, actor: Actor, campaign: Campaign, reason: str, now: datetime) -> CorrectionEnd:
    """End a correction without a result. What was recorded under it stays in the ledger until somebody withdraws it."""
    _enter(actor, campaign, "drop_correction", now)
    correction = reads.under_way(campaign)
    words = logic.refusal_to_drop(correction is not None, reads.is_signed(correction), reason)
    if correction is None:
        words = reads.dropped_already(campaign) or words
    stop(words, actor=actor, verb="drop_correction", campaign=campaign, now=now)
    assert correction is not None
    with transaction.atomic():
        hold(campaign, lambda: reads.under_way(campaign) == correction and not reads.is_signed(correction))
        end = _end(correction, logic.ENDED_DROPPED, reason.strip(), actor, now)
        record_act(
            actor,
            "drop_correction",
            "campaign",
            campaign.year,
            f"作罢 {campaign.year} 年度结果第 {correction.number} 次更正：{reason.strip()}",
            now=now,
        )
    return end


def end_published(*, actor: Actor, correction: Correction, now: datetime) -> CorrectionEnd:
    """Called by ``publish`` inside its transaction: the correction is out. Harmless to repeat."""
    known = CorrectionEnd.objects.filter(correction=correction).first()
    if known is not None and known.kind == logic.ENDED_DROPPED:
        raise Refused("这次更正已经作罢，不能公开。")
    return known or _end(correction, logic.ENDED_PUBLISHED, "", actor, now)


def _enter(actor: Actor, campaign: Campaign, verb: str, now: datetime) -> None:
    """Only the handler comes in, and meets the campaign as it is now."""
    require(policy.can_correct(actor), logic.ONLY_HANDLER, actor=actor, verb=verb, campaign=campaign, now=now)
    campaign.refresh_from_db()


def _end(correction: Correction, kind: str, reason: str, actor: Actor, now: datetime) -> CorrectionEnd:
    return CorrectionEnd.objects.create(
        correction=correction, kind=kind, reason=reason, by=Person.objects.get(pk=actor.id), at=now
    )
