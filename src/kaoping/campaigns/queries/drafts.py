"""Entries as the ledger will hold them, and what they would do to one unit before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kaoping.accounts.actor import Actor
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, drafted
from kaoping.scoring.observations import Observation, check_value


def draft(entry: Entry, actor: Actor | None, now: datetime) -> Observation:
    """An entry as the ledger will hold it."""
    value = check_value(entry.kind, entry.value)
    return drafted(entry, entry.uid or "", value, actor.name if actor else None, now)


def effect_on_unit(
    campaign: Campaign, code: str, entries: Sequence[Entry], now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A unit's object of ``results.json`` without and with the entries.

    Both are scored from the same ledger, the unit alone: what others changed meanwhile is not the entries' doing.
    """
    units = [unit for unit in campaigns.units(campaign) if unit.code == code]
    lines = ledger.ledger(organiser=campaign.organiser, recorded_until=now, units=[code])
    before = sheets.results_of(campaign, units, lines, now)["units"][0]
    if not entries:
        return before, before
    drafts = [draft(one, None, now) for one in entries]
    return before, sheets.results_of(campaign, units, [*lines, *drafts], now)["units"][0]
