"""Archives of old looks are freed when nothing refers to them; what they answered stays readable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaoping.monitoring import logic, queries
from kaoping.monitoring.models import Finding, Run, Sighting
from kaoping.monitoring.services import ageing
from kaoping.support.models import Pruning
from tests.ledger import main

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def look(units, now, settings, tmp_path):
    """``look(days)``: a routine look of so many days ago with an archive."""
    settings.KAOPING_RUNS = tmp_path

    def make(days, kind=logic.ROUTINE, **more):
        at = now - days * DAY
        run = Run.objects.create(
            organiser=main(),
            organisation=units[0],
            kind=kind,
            state="done",
            started_at=at,
            finished_at=at,
            **more,
        )
        run.folder = f"run-{run.pk}"
        run.save()
        folder = tmp_path / run.folder
        (folder / "facts").mkdir(parents=True)
        for name in ("a.warc.gz", "facts/pages.parquet"):
            (folder / name).write_bytes(b"x" * 1000)
        (folder / "outcomes.jsonl").write_text('{"check": "S-01"}\n')
        return run

    return make


def heavy(run) -> bool:
    return (queries.folder_of(run) / "a.warc.gz").exists()


def finding(run, units, now, state, kind="x"):
    made = Finding.objects.create(
        organiser=main(),
        organisation=units[0],
        check_id=kind,
        item="",
        target=f"http://a/{run.pk}/{state}",
        state=state,
        opened_at=now,
    )
    Sighting.objects.create(finding=made, run=run, outcome="not_met", at=now)
    return made


def test_only_old_looks_to_which_nothing_refers_are_freed(look, units, now) -> None:
    old, edge = look(900), look(799)
    seen = {state: look(900) for state in ("suspected", "confirmed", "cleared")}
    for state, run in seen.items():
        finding(run, units, now, state)
    retest = look(900, kind=logic.RETEST)
    newest = [look(850) for _ in range(ageing.NEWEST)]
    assert ageing.free_old_archives(now=now) == (2, 4000)
    assert not heavy(old) and not heavy(seen["cleared"])
    kept = [edge, seen["suspected"], seen["confirmed"], retest, *newest]
    assert all(heavy(run) for run in kept)
    assert [one.check for one in queries.outcome_lines(old)] == ["S-01"], "what it answered stays"
    row = Pruning.objects.get()
    assert (row.what, row.count, row.freed) == ("监测存档", 2, 4000)
    assert ageing.free_old_archives(now=now) == (0, 0)
    assert Pruning.objects.count() == 1
