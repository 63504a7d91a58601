"""Lines of the first release, which kept neither acts nor formats, are read as they were meant; none is written anew."""

from datetime import UTC, datetime, timedelta

import pytest

from kaoping.evidence import queries
from kaoping.evidence.models import Observation
from kaoping.scoring.selection import standing
from kaoping.scoring.succession import broken
from tests.ledger import ledger, main

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2025, 11, 30, 16, tzinfo=UTC)


def row(uid, source="register", **more):
    """A row as the first release left it: the new columns are null."""
    return Observation.objects.create(
        organiser=main(),
        uid=uid,
        unit="U1",
        item="K3.3",
        source=source,
        observed_at=more.pop("observed_at", MIDNIGHT - timedelta(days=3)),
        recorded_at=MIDNIGHT,
        kind=more.pop("kind", "verdict"),
        value=more.pop("value", "not_met"),
        by="经办",
        **more,
    )


def gone(uid, old, **more):
    return row(uid, "office", kind="withdrawn", value=None, supersedes=old, reason="误报", **more)


def test_what_was_stamped_24_00_belongs_to_the_day_that_it_ended():
    row("a", "ballot", observed_at=MIDNIGHT, kind="tally", value={"question": "q1", "options": {"a": 3}})
    assert queries.observation("a").observed_at == MIDNIGHT - timedelta(microseconds=1)
    assert Observation.objects.get(uid="a").observed_at == MIDNIGHT


def test_a_line_of_today_keeps_its_instant():
    Observation.objects.filter(uid="a")
    row("b", observed_at=MIDNIGHT, format=3)
    assert queries.observation("b").observed_at == MIDNIGHT


def test_withdrawals_of_the_office_still_count_as_rulings_batches_and_appeals():
    row("seen", "monitor")
    row("register:0123:4")
    row("visited", "visit")
    gone("w1", "seen")
    gone("w2", "register:0123:4")
    gone("appeal-FH-2025-0001-withdrawn", "visited")
    lines = ledger()
    assert [one.act for one in lines if one.supersedes] == ["ruling:w1", "batch:w2", "appeal:FH-2025-0001"]
    assert [queries.observation(one.id) for one in lines] == lines
    assert broken(lines) == []
    assert standing(lines, MIDNIGHT) == []


def test_the_public_s_vote_that_one_person_struck_out_counts_again():
    row("vote", "ballot", kind="tally", value={"question": "q1", "options": {"a": 3}})
    gone("w3", "vote")
    lines = ledger()
    assert [one.line.id for one in broken(lines)] == ["w3"]
    assert [one.id for one in standing(lines, MIDNIGHT)] == ["vote"]
