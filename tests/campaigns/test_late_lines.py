"""What arrives after the round of review closed is kept and moves no point; only a ruling by two, an appeal or a correction does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import review
from kaoping.campaigns.services.ledger import propose_ruling, second_ruling
from kaoping.evidence import queries as ledger
from kaoping.evidence.logic import closing_key
from kaoping.evidence.queries import closings
from kaoping.evidence.services import Entry
from kaoping.evidence.services.withdrawal import close_days, undo_import
from kaoping.rectification.services import overdue
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import Year
from tests.campaigns.test_withdrawal import WHY, imported, lines_of, seen
from tests.ledger import ledger as whole_ledger
from tests.ledger import record

pytestmark = pytest.mark.django_db
PLACE = "place:hall"


def points(year: Year, unit: str = "U1") -> dict[str, Any]:
    """Every item's points, the total and the grade in a sheet that is computed now."""
    made = year.compute("preview")
    detail = sheets.unit_detail(made, unit)
    assert detail is not None
    told = {code: (one["points"], one["observations"]) for code, one in detail["indicators"].items()}
    return {**told, "total": detail["total"], "grade": detail["grade"]}


def test_a_visit_that_reached_the_office_after_the_round_moves_nothing(year: Year) -> None:
    year.to("preview")
    before = points(year)
    late = seen(year, "monitor")
    assert points(year) == before
    line = ledger.observation(late)
    assert line is not None and closings.is_late(line) and closings.is_late(line, closings.closings())


@pytest.mark.parametrize("source", ["monitor", "visit", "retest", "draw", "reviewer", "register", "office"])
def test_no_source_moves_a_point_by_coming_late(year: Year, source: str) -> None:
    year.to("preview")
    before = points(year)
    entry = {
        "reviewer": {"kind": "level", "value": "good"},
        "office": {"kind": "points", "value": "1"},
        "register": {"kind": "count", "value": 3},
    }.get(source, {"kind": "verdict", "value": "not_met"})
    for item in ("K1.1", "K3.3"):
        record([Entry("U1", source, year.at, item=item, **entry)], actor=SYSTEM, now=year.tick())  # type: ignore[arg-type]
    assert points(year) == before


def test_the_same_line_in_time_does_move_points(year: Year) -> None:
    """Or the tests above would prove nothing."""
    year.to("review")
    before = points(year)
    line = ledger.observation(seen(year, "monitor"))
    assert points(year) != before
    year.review_all()
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    assert line is not None and not closings.is_late(line)


def test_what_was_recorded_with_the_closing_itself_counts(year: Year) -> None:
    year.to("preview")
    assert not any(closings.is_late(one) for one in whole_ledger())
    assert points(year)["K1.1"][1]


def test_a_late_line_takes_nothing_away(year: Year) -> None:
    """Neither by its value nor by naming what it would replace."""
    year.to("review")
    old = seen(year, "monitor", target=PLACE)
    year.to("preview")
    before = points(year)
    entry = Entry("U1", "retest", year.tick(), "verdict", "met", "K3.3", "P-01", supersedes=old, target=PLACE)
    record([entry], actor=SYSTEM, now=year.tick())
    assert points(year) == before


def test_a_late_import_is_kept_does_not_count_and_can_be_taken_back(year: Year) -> None:
    year.to("preview")
    before = points(year)
    assert imported(year, f"U1,K3.3,件数,3,{year.at.date().isoformat()},在后") == 1
    assert points(year) == before
    [uid] = lines_of(year, "register")
    batch = str(ledger.batch_of(uid))
    assert undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick()) == 1
    assert points(year) == before
    with pytest.raises(Refused, match="已经由经办甲于"):
        undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick())


def test_a_late_line_does_not_make_the_sheet_old(year: Year) -> None:
    year.to("preview")
    made = year.compute("preview")
    assert sheets.is_latest(made)
    seen(year, "monitor")
    assert sheets.is_latest(made)


def test_nor_does_a_ruling_that_takes_a_late_line_away(year: Year) -> None:
    year.to("preview")
    late = seen(year, "monitor")
    before = points(year)
    made = sheets.latest(year.campaign)
    ref = propose_ruling(actor=year.handler, line=late, reason=WHY, now=year.tick())
    assert second_ruling(actor=year.head, ref=ref, agreed=True, now=year.tick())
    assert made is not None and sheets.is_latest(made)
    assert points(year) == before


def test_a_ruling_by_two_and_an_appeal_still_move_points(year: Year) -> None:
    year.to("preview")
    before = points(year)
    year.ruled("U1", "K1.1", "37")
    after = points(year)
    assert after["K1.1"] != before["K1.1"]
    year.upheld("U1", "K1.2", "20", claim="材料齐全", decision="材料属实")
    assert points(year)["K1.2"] != after["K1.2"]


def test_overdue_cases_stated_after_the_round_are_late(year: Year) -> None:
    day = year.at.date()
    assert not overdue.is_late("G1", day)
    spans = {closing_key(None, overdue.FEED): (date(day.year, 1, 1), day)}
    close_days(key=main_year(2025), spans=spans, closed=True, now=year.tick())
    assert overdue.is_late("G1", day)
    assert not overdue.is_late("G1", day + timedelta(days=1))
