"""A whole year, everything in it old, and pruning: what somebody may have to look at again opens and proves as before."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from kaoping.accounts import browsers
from kaoping.accounts.models import KnownBrowser, Person
from kaoping.campaigns.queries import period
from kaoping.campaigns.services import appeal, correction, sign_off
from kaoping.config import schedule
from kaoping.evidence import disposals
from kaoping.evidence import queries as evidence
from kaoping.evidence.handing_in import store_artefact
from kaoping.evidence.models import Artefact, Observation, ObservationArtefact
from kaoping.evidence.services import Entry
from kaoping.monitoring import logic as looks
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.models import Finding, Run, Sighting
from kaoping.monitoring.services.ageing import NEWEST
from kaoping.publication import queries as publication
from kaoping.publication import services, shelf
from kaoping.publication.bundle.verify import verify_files
from kaoping.rectification import queries as cases
from kaoping.rectification.services import opening, order
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.observations import ArtefactRef
from kaoping.support.files import SEALED
from kaoping.support.models import Pruning
from tests.campaigns.examples import make_year
from tests.ledger import main, record
from tests.publication.conftest import published_folder

__all__ = ["published_folder"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PDF = b"%PDF-1.4 "


@pytest.fixture
def archives(units, settings, tmp_path):
    """``archives(at)``: a routine look at that instant, with an archive."""
    settings.KAOPING_RUNS = tmp_path / "runs"

    def make(at: datetime) -> Run:
        run = Run.objects.create(
            organiser=main(),
            organisation=units[0],
            kind=looks.ROUTINE,
            state="done",
            started_at=at,
            finished_at=at,
        )
        run.folder = f"run-{run.pk}"
        run.save()
        (settings.KAOPING_RUNS / run.folder / "facts").mkdir(parents=True)
        for name in ("a.warc.gz", "facts/pages.parquet"):
            (settings.KAOPING_RUNS / run.folder / name).write_bytes(b"x" * 1000)
        return run

    return make


def heavy(run: Run) -> bool:
    return (monitoring.folder_of(run) / "a.warc.gz").exists()


def opened(client: Any) -> dict[str, int]:
    """Every piece of evidence asked for by its page: status by digest; what opens has the right bytes."""
    found = {}
    for digest in Artefact.objects.values_list("sha256", flat=True):
        answer = client.get(f"/desk/artefact/{digest}/")
        found[digest] = answer.status_code
        if answer.status_code == 200:
            assert sha256(answer.content).hexdigest() == digest
    return found


def test_after_pruning_with_everything_old_all_evidence_opens_and_verifies(
    cast, now, units, stored_files, published_folder, archives, signed_in, monkeypatch
) -> None:
    year = make_year(cast, now).to("routine")
    first = archives(now - 300 * DAY)  # of this year's period, nothing found
    before = archives(now - 900 * DAY)  # of a year long over
    shown = archives(now - 800 * DAY)  # a finding stands on it
    for _ in range(NEWEST):
        archives(now)
    finding = Finding.objects.create(
        organiser=main(), organisation=units[0], check_id="P-05", item="K3.3", target="page:http://u1.kaoping.test/1",
        state="confirmed", opened_at=now,
    )  # fmt: skip
    Sighting.objects.create(finding=finding, run=shown, outcome="not_met", at=now)
    captured = store_artefact(
        PDF + b"captured page", name="page.pdf", confirmed=True, actor=year.handler, now=year.tick()
    )
    record(
        [Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-05", reason="打不开",
               artefacts=[ArtefactRef(captured, "http://u1.kaoping.test/1")])],
        actor=year.handler, now=year.tick(),
    )  # fmt: skip
    opening.read_ledger(now=year.tick())
    [case] = cases.cases()
    order.serve(actor=year.handler, numbers=[case.number], now=year.tick())
    year.to("appeals")
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"], campaign=year.campaign, organisation="U1", item="K1.1",
        claim="材料齐全", content=PDF + b"appeal", name="依据.pdf", confirmed=True, now=year.tick(),
    )  # fmt: skip

    # Three years later the appeals are still open: nothing of the year has gone.
    late = now + 1100 * DAY
    assert period.open_since() is not None and period.open_since() < first.finished_at
    schedule.prune(now=late)
    assert heavy(first) and heavy(shown) and not heavy(before)
    assert [one.count for one in Pruning.objects.filter(what="监测存档")] == [1]
    filed.refresh_from_db()
    assert filed.decided_at is None and evidence.artefact_bytes(filed.sha256) == PDF + b"appeal"

    # The appeal is decided, the year signed, frozen, published; one piece of evidence is held, a correction opened.
    appeal.decide_appeal(
        actor=year.decider, appeal=filed, outcome="rejected", decision="原评分有据。", now=year.tick()
    )
    year.compute()
    year.at = max(year.at, year.campaign.appeals_close_at)
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    release = services.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.sign("result")
    services.publish(actor=year.handler, release=release, now=year.tick())
    assert period.open_since() is None
    disposals.seal_artefact(sha256=captured, actor=year.handler, now=year.tick())
    correction.open_correction(actor=year.handler, campaign=year.campaign, reason="核对一处", now=year.tick())
    correction.drop_correction(actor=year.handler, campaign=year.campaign, reason="没有错", now=year.tick())
    client = signed_in(year.handler)
    seen = opened(client)
    assert {digest: status for digest, status in seen.items() if status != 200} == {captured: 410}
    assert len(seen) == 5

    # Ten years later everything is old.
    lines, refs = Observation.objects.count(), ObservationArtefact.objects.count()
    schedule.prune(now=now + 3650 * DAY)
    assert not heavy(first), "the year is decided, nothing refers to it"
    assert heavy(shown), "a finding that counts stands on it"
    assert (Observation.objects.count(), ObservationArtefact.objects.count()) == (lines, refs)
    assert opened(client) == seen
    assert (stored_files.parent / SEALED / captured).read_bytes() == PDF + b"captured page"
    for files, digest in (
        (publication.full_files(release), release.full_digest),
        (publication.public_files(release), release.public_digest),
        (shelf.bundle_files(shelf.latest(published_folder, main_year(2025))), None),
    ):
        verdict = verify_files(files, digest=digest)
        assert verdict.ok, verdict.as_json()
    [case] = cases.cases()
    assert case.state != "closed" and case.observations.count() == 1
    assert client.get(f"/desk/cases/{case.number}/").status_code == 200


def test_a_correction_under_way_holds_everything(cast, now, units, archives, monkeypatch) -> None:
    old = archives(now - 3000 * DAY)
    for _ in range(NEWEST):
        archives(now)
    monkeypatch.setattr(schedule.corrections, "any_under_way", lambda: True)
    assert "有更正在办" in schedule.prune(now=now) and heavy(old)
    monkeypatch.undo()
    schedule.prune(now=now)
    assert not heavy(old)


def test_browsers_long_not_used_are_forgotten_with_their_addresses(cast, now, monkeypatch) -> None:
    monkeypatch.setattr(schedule.clock, "machine_now", lambda: now)
    person = Person.objects.get(pk=cast("reviewer").id)
    for days in (181, 179):
        browsers.remember(person, f"secret {days}", "10.0.0.7", now=now - days * DAY)
    assert "1 个久未使用的浏览器" in schedule.prune(now=now)
    assert [(now - one.seen_at).days for one in KnownBrowser.objects.all()] == [179]
    assert Pruning.objects.get(what="久未使用的浏览器").count == 1
