"""Every list makes the same number of queries at 3 and at 30 units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.accounts.models import Person
from kaoping.campaigns.queries import appeal as appeals
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import assigning, plan
from kaoping.campaigns.services.self_review import open_forms
from tests.campaigns.examples import Year, more_units

pytestmark = pytest.mark.django_db

READS: dict[str, Callable[[Year], Any]] = {
    "participations": lambda y: [row.organisation.name for row in campaigns.participations(y.campaign)],
    "units": lambda y: campaigns.units(y.campaign),
    "missing": lambda y: campaigns.missing(y.campaign, now=y.at),
    "forms": lambda y: [(row.organisation.name, row.answered) for row in self_reviews.forms(y.campaign)],
    "claims": lambda y: [row.self_review.organisation.name for row in self_reviews.claims(y.campaign)],
    "queue": lambda y: reviews.queue(y.campaign, y.reviewers[0].id),
    "assignments": lambda y: [row.organisation.name for row in reviews.assignments(y.campaign)],
    "unscored": lambda y: reviews.unscored_names(y.campaign),
    "spread": lambda y: reviews.spread(y.campaign),
    "all_rows": lambda y: sheets.all_rows(sheets.latest(y.campaign)),  # type: ignore[arg-type]
    "unit_view": lambda y: sheets.unit_view(y.campaign, "U1"),
    "appeals": lambda y: [row.organisation.name for row in appeals.appeals(y.campaign)],
    "compute": lambda y: sheets.results_of(y.campaign, campaigns.units(y.campaign), [], y.at),
}


def _counts(year: Year) -> dict[str, int]:
    counts = {}
    for name, read in READS.items():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            read(year)
        counts[name] = len(caught)
    return counts


def _fill(year: Year) -> None:
    plan.set_participation(
        actor=year.handler,
        campaign=year.campaign,
        kinds=["department"],
        on=date(2025, 11, 24),
        now=year.tick(),
    )
    open_forms(year.campaign)
    for reviewer in year.reviewers:
        assigning.assign_reviewers(
            actor=year.handler,
            campaign=year.campaign,
            reviewer=Person.objects.get(pk=reviewer.id),
            organisations=sheets.unit_codes(year.campaign),
            now=year.tick(),
        )
    year.campaign.stage = "routine"
    year.campaign.save()
    year.compute("provisional")
    year.campaign.stage = "plan"
    year.campaign.save()


def test_thirty_units_cost_no_more_queries_than_three(year: Year) -> None:
    more_units(1)
    _fill(year)
    _counts(year)  # fills the caches of parsed rulebooks
    few = _counts(year)
    more_units(27)
    _fill(year)
    assert len(sheets.unit_codes(year.campaign)) == 30
    assert _counts(year) == few
