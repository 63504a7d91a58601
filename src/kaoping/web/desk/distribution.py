"""How the grades are spread, on every page that shows it before the result is public."""

from __future__ import annotations

from collections.abc import Sequence

from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.reporting import board
from kaoping.web.ui.parts.score import GradeBand


def bands_of(campaign: Campaign, rows: Sequence[sheets.Row]) -> tuple[GradeBand, ...]:
    """The rulebook's bands with how many units were given each grade."""
    return tuple(
        GradeBand(band.label, band.start, band.end, band.given) for band in board.bands(campaign, rows)
    )
