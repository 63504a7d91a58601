"""What the second person's signature looks at, for the page and for the act."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Who
from kaoping.campaigns.logic import sign_off as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.models import Campaign, Sheet
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import ruling as rulings
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at


def sheet_to_sign(campaign: Campaign) -> Sheet | None:
    """The newest sheet; while a correction is under way, the newest of its own."""
    correction = corrections.under_way(campaign)
    return corrections.sheet_of(correction) if correction else sheets.latest(campaign)


def facts(campaign: Campaign, now: datetime) -> logic.Facts:
    """The facts of the sheet that waits for its signature."""
    correction = corrections.under_way(campaign)
    sheet = sheet_to_sign(campaign)
    until = closes_at(campaign)
    return logic.Facts(
        stage=campaign.stage,
        correction=correction is not None,
        has_sheet=sheet is not None,
        prepared_by=Who(str(sheet.prepared_by_id)) if sheet and sheet.prepared_by_id else None,
        already=sheet is not None and sheets.sign_off_of(sheet) is not None,
        voided=sheet is not None and sheets.is_voided(sheet),
        is_latest=sheet is not None and sheets.is_latest(sheet),
        open_appeals=appeal_reads.open_count(campaign),
        open_cells=sheets.open_cells(sheet) if sheet else 0,
        open_rulings=rulings.waiting(campaign).count() if correction is None else 0,
        opened_by=Who(str(correction.opened_by_id)) if correction else None,
        open_severe=severes.waiting(campaign).count(),
        unchanged=correction is not None and sheet is not None and not corrections.facts(correction).changed,
        window_until=until if stages.may_still_appeal(until, now) else None,
    )


def again(campaign: Campaign) -> str:
    """What is said where the signed sheet can be overtaken before the year is frozen; empty while none is signed."""
    latest = sheets.latest(campaign) if campaign.stage == stages.APPEALS else None
    return logic.AGAIN if latest is not None and sheets.sign_off_of(latest) is not None else ""


def overtaken(campaign: Campaign) -> bool:
    """Whether a sheet was signed and a newer one, not signed, stands in its place."""
    if campaign.stage != stages.APPEALS:
        return False
    signed = sheets.signed(campaign)
    return signed is not None and signed != sheets.latest(campaign)


def refusal_to_sign_off(actor: Actor, campaign: Campaign, now: datetime) -> str | None:
    """Why ``actor`` cannot sign now, or null. The year is typed afterwards."""
    return logic.refusal_to_sign_off(facts(campaign, now), signer=actor.who)
