"""Who acted is known by a person's id at the desk only: no bundle, shelf or ledger file carries it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaoping.accounts.actor import Actor, Who
from kaoping.campaigns.models import ReviewAssignment
from kaoping.campaigns.services import correction
from kaoping.campaigns.services.ledger import correct_restoration, correct_withdrawal
from kaoping.evidence import queries as ledger
from kaoping.evidence.models import Observation
from kaoping.evidence.services import Entry
from kaoping.publication import queries, services
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.observations import observation_to_json
from tests.campaigns.examples import Year
from tests.ledger import ledger as whole_ledger
from tests.ledger import record

pytestmark = pytest.mark.django_db
ID = "person-7f3a91"
INSPECTOR = Actor(ID, "xin", "检查员辛", (("inspector", ""),))


@pytest.fixture
def published(frozen: Year) -> Year:
    """A published year with a line that somebody recorded under a conspicuous id, while it was worked on."""
    release = services.freeze(
        actor=frozen.handler, campaign=frozen.campaign, typed_year="2025", now=frozen.tick()
    )
    frozen.sign("result")
    services.publish(actor=frozen.handler, release=release, now=frozen.tick())
    frozen.campaign.refresh_from_db()
    return frozen


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The year's walk has an inspector's line in it before the result is signed."""
    walk = Year.to

    def to(year: Year, stage: str) -> Year:
        if stage == "appeals":
            walk(year, "review")
            entry = Entry("U1", "visit", year.at, "verdict", "not_met", item="K3.3", check="P-01")
            record([entry], actor=INSPECTOR, now=year.tick())
        return walk(year, stage)

    monkeypatch.setattr(Year, "to", to)


def test_no_file_that_leaves_names_a_person_by_id(
    seen: None, published: Year, published_folder: Path
) -> None:
    [line] = [one for one in whole_ledger() if one.source == "visit"]
    assert ledger.recorders([line.id]) == {line.id: Who(ID, "检查员辛")}
    assert ID not in str(observation_to_json(line))
    release = queries.latest(main_year(2025))
    assert release is not None
    files = [path.read_bytes() for path in published_folder.rglob("*") if path.is_file()]
    for bundle in (queries.full_files(release), queries.public_files(release)):
        assert bundle
        files += bundle.values()
    assert any(line.id.encode() in one for one in files)
    assert not any(ID.encode() in one or b"by_id" in one for one in files)


def test_a_reviewer_s_line_shows_the_alias_and_knows_the_person(
    frozen: Year,
) -> None:
    rows = ReviewAssignment.objects.filter(campaign=frozen.campaign)
    known = {one.reviewer_alias: str(one.reviewer_id) for one in rows}
    lines = Observation.objects.filter(source="reviewer")
    assert lines and all(known[one.by] == one.by_id for one in lines)


def test_a_restored_line_is_its_recorder_s_again(seen: None, published: Year) -> None:
    year = published
    correction.open_correction(actor=year.handler, campaign=year.campaign, reason="误记", now=year.tick())
    [line] = [one.id for one in whole_ledger() if one.source == "visit"]
    given = {"actor": year.handler, "reason": "经核实登记有误"}
    gone = correct_withdrawal(line=line, now=year.tick(), **given)
    assert ledger.recorders([gone])[gone].id == year.handler.id
    again = correct_restoration(line=gone, now=year.tick(), **given)
    assert ledger.recorders([again])[again] == Who(ID, "检查员辛")
