"""A line that came after the round closed is not in the bundle; an outsider comes to the signed result from the files."""

from __future__ import annotations

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.campaigns.queries import sheet as sheets
from kaoping.evidence.services import Entry
from kaoping.publication import queries, services
from kaoping.publication.bundle.verify import verify_files
from tests.campaigns.examples import Year
from tests.ledger import record
from tests.publication.test_step_back import SEEN

pytestmark = pytest.mark.django_db


def test_the_bundle_recomputes_without_what_came_late(frozen: Year) -> None:
    signed = sheets.signed(frozen.campaign)
    assert signed is not None
    # Between the close and the signature: known at the sheet's instant, and yet it moved nothing.
    closed = frozen.campaign.round_closed_at
    assert closed is not None and closed < signed.as_of
    entry = Entry("U1", "monitor", SEEN, "verdict", "not_met", item="K3.3", check="P-01", uid="late")
    record([entry], actor=SYSTEM, now=signed.as_of)
    release = services.freeze(
        actor=frozen.handler, campaign=frozen.campaign, typed_year="2025", now=frozen.tick()
    )
    files = queries.full_files(release)
    assert files is not None
    assert b'"late"' not in files["observations.jsonl"]
    verdict = verify_files(files)
    assert verdict.ok
