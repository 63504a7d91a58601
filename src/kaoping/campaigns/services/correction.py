"""Verbs of a correction (更正): open it, change a line of the ledger under it, drop it, end it with its publication.

Its sheet is computed by ``compute_sheet``, signed by ``sign_off``; ``publication`` freezes and publishes it.
"""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import correction as correction_logic
from kaoping.campaigns.logic.items import logged_of_same, refusal_of_points, refusal_of_same
from kaoping.campaigns.logic.ledger import correction_act
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Campaign, Correction, CorrectionEnd, Sheet
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.drafts import effect_on_unit
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services.numbers import next_number
from kaoping.evidence.services import Entry, record
from kaoping.foreign.glyphs import glyphs


def _not_to_open(campaign: Campaign) -> str | None:
    known = corrections.under_way(campaign)
    return correction_logic.refusal_to_open(campaign.stage, known.number if known else None)


@verb(
    "open_correction",
    "立更正",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_correct,
    denied=correction_logic.ONLY_HANDLER,
    refusal=_not_to_open,
    lock="campaign",
    said="立 {year} 年度结果第 {number} 次更正：{reason}",
    back="drop_correction",
)
def open_correction(
    act: Act, *, actor: Actor, campaign: Campaign, reason: str, corrects: Sheet | None = None, now: datetime
) -> Correction:
    """Open a correction of the published result with what was wrong. One at a time; the reason is published.

    ``corrects`` is the sheet of the release that stands, which ``publication`` knows: after a correction was withdrawn it
    is an earlier one than the newest that was signed.
    """
    if not glyphs(reason):
        raise Refused(correction_logic.WHAT_WAS_WRONG)
    with act.writing():
        published = corrects or sheets.signed(campaign)
        assert published is not None  # a result that was published was signed
        correction = Correction.objects.create(
            campaign=campaign,
            number=next_number(Correction, campaign),
            sheet=published,
            reason=reason.strip(),
            opened_by=Person.objects.get(pk=actor.id),
            opened_at=now,
        )
        act.done(year=campaign.year, number=correction.number, reason=correction.reason)
    return correction


@verb(
    "correct_points",
    "更正得分",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_correct,
    denied=correction_logic.ONLY_HANDLER,
    refusal=corrections.refusal_to_change,
    lock="campaign",
    said="第 {number} 次更正：改 {unit} {item} 的分。{reason}",
    final="写错的再改一次，最新的一条算数。",
)
def correct_points(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    organisation: str,
    item: str,
    points: str,
    reason: str,
    now: datetime,
) -> str:
    """Record the right points of one item, on the item's own scale, as source ``office``; the id of the new line.

    What was recorded before stays in the ledger. Lines that should not be there are withdrawn by ``services.ledger.correct_withdrawal``.
    """
    if not glyphs(reason):
        raise Refused(correction_logic.NO_REASON)
    unit = campaigns.organisation_of(campaign, organisation)
    if unit is None:
        raise Refused("这家单位没有参加本年度考核。")
    if words := refusal_of_points(item_of(campaign, item), points):
        raise Refused(words)
    correction = corrections.under_way(campaign)
    if correction is None:
        raise Refused(MEANWHILE)
    entry = Entry(
        unit=organisation,
        item=item,
        source="office",
        observed_at=instant_of(campaign, item, now),
        kind="points",
        value=points.strip(),
        reason=f"第 {correction.number} 次更正：{reason.strip()}",
        act=correction_act(campaign.key, correction.number),
    )
    # The same form once more is told as such, below.
    if not _given_already(correction, entry) and (words := _refusal_of_same(campaign, entry, now)):
        raise Refused(words, logged=logged_of_same(item))
    with act.writing():
        if corrections.under_way(campaign) != correction or _given_already(correction, entry):
            raise Refused(MEANWHILE)
        [uid] = record([entry], actor=actor, whose=campaign, now=now)
        act.done(
            number=correction.number,
            unit=unit.short_name,
            item=item,
            reason=reason.strip(),
        )
    return uid


def _given_already(correction: Correction, entry: Entry) -> bool:
    assert entry.item is not None
    standing = corrections.standing_line(correction, entry.unit, entry.item)
    return standing is not None and (standing.value, standing.reason) == (entry.value, entry.reason)


def _refusal_of_same(campaign: Campaign, entry: Entry, now: datetime) -> str | None:
    assert entry.item is not None
    return refusal_of_same(
        entry.item,
        *effect_on_unit(campaign, entry.unit, [entry], now),
        instead="已经对的，直接计算更正计分表",
    )


def _not_to_drop(campaign: Campaign) -> str | None:
    correction = corrections.under_way(campaign)
    if correction is None and (done := corrections.dropped_already(campaign)):
        return done
    return correction_logic.refusal_to_drop(correction is not None, corrections.is_signed(correction))


@verb(
    "drop_correction",
    "作罢更正",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_correct,
    denied=correction_logic.ONLY_HANDLER,
    refusal=_not_to_drop,
    lock="campaign",
    said="作罢 {year} 年度结果第 {number} 次更正：{reason}",
    final="作罢了的，要改时另立一次。",
)
def drop_correction(
    act: Act, *, actor: Actor, campaign: Campaign, reason: str, now: datetime
) -> CorrectionEnd:
    """End a correction without a result. What was recorded under it stays in the ledger until somebody withdraws it."""
    if not glyphs(reason):
        raise Refused("作罢要写明理由。")
    correction = corrections.under_way(campaign)
    with act.writing():
        if correction is None or corrections.under_way(campaign) != correction:
            raise Refused(MEANWHILE)
        end = _end(correction, correction_logic.ENDED_DROPPED, reason.strip(), actor, now)
        act.done(year=campaign.year, number=correction.number, reason=reason.strip())
    return end


def end_published(*, actor: Actor, correction: Correction, now: datetime) -> CorrectionEnd:
    """Called by ``publish`` inside its transaction: the correction is out. Harmless to repeat."""
    known = CorrectionEnd.objects.filter(correction=correction).first()
    if known is not None and known.kind == correction_logic.ENDED_DROPPED:
        raise Refused("这次更正已经作罢，不能公开。")
    return known or _end(correction, correction_logic.ENDED_PUBLISHED, "", actor, now)


def _end(correction: Correction, kind: str, reason: str, actor: Actor, now: datetime) -> CorrectionEnd:
    return CorrectionEnd.objects.create(
        correction=correction, kind=kind, reason=reason, by=Person.objects.get(pk=actor.id), at=now
    )
