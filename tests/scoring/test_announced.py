"""The day from which an item binds a unit: the rulebook's, or the one that the office observed for that unit."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kaoping.scoring import score
from kaoping.scoring.announced import binding_day
from kaoping.scoring.selection import HALF_OPEN
from tests.scoring.examples import AS_OF, PERIOD, observed
from tests.scoring.test_tree import E, leaf, rubric, sheet

ISSUED = leaf("A", 10, announced_on=date(2025, 3, 1))
EARLY, LATE = (datetime(2025, month, 1, 1, tzinfo=UTC) for month in (5, 8))
JULY, YEARS_AGO = datetime(2025, 7, 1, 1, tzinfo=UTC), datetime(2023, 7, 1, 1, tzinfo=UTC)


def told(number, at, item="A", source="office", value="met", **more):
    return observed(number, "E", item, source, "verdict", value, check="announced", at=at, **more)


def happened(number, at):
    return observed(number, "E", "A", "register", "count", 1, at=at)


def total(*lines, item=ISSUED, **more):
    return score(rubric(item), [E], lines, year=2025, period=PERIOD, as_of=AS_OF, **more).units[0].total


FAULTS = (happened(1, datetime(2025, 2, 1, 1, tzinfo=UTC)), happened(2, EARLY), happened(3, LATE))


def test_a_unit_is_bound_from_its_own_day_and_without_one_from_the_rulebook_s():
    assert total(*FAULTS) == 8
    assert total(*FAULTS, told(4, JULY)) == 9, "a late joiner"
    assert total(*FAULTS, told(4, JULY, item=None)) == 9, "told to the unit for all its items"
    assert total(*FAULTS, told(4, YEARS_AGO)) == 7, "however long ago it was"


def test_of_several_the_item_s_own_and_then_the_last_recorded_speaks():
    early = told(4, YEARS_AGO, recorded_at=JULY)
    assert total(*FAULTS, early, told(5, JULY, item=None, recorded_at=LATE)) == 7
    assert total(*FAULTS, early, told(5, JULY, recorded_at=LATE)) == 9


@pytest.mark.parametrize(
    "line",
    [
        told(4, JULY, source="register"),
        told(4, JULY, source="self"),
        told(4, JULY, value="not_met"),
        told(4, JULY, item="B"),
    ],
)
def test_only_the_office_says_so_and_only_of_that_item(line):
    assert total(*FAULTS, line) == 8


def test_a_statutory_duty_binds_whatever_a_line_says():
    duty = leaf("A", 10)
    assert binding_day(duty, [told(4, JULY)]) is None
    assert total(*FAULTS, told(4, JULY), item=duty) == 7


def test_the_line_is_no_verdict_of_the_item():
    yes_or_no = leaf("A", 10, method="boolean", announced_on=date(2025, 3, 1))
    assert sheet(rubric(yes_or_no), told(2, EARLY)).total is None, "nobody has judged it yet"
    away = observed(1, "E", "A", "office", "verdict", "not_applicable", at=EARLY)
    lines = sheet(rubric(ISSUED, leaf("B", 10)), away, told(2, LATE)).lines
    assert lines["A"].status == "not_applicable", "it takes no 不涉及 back"


def test_earlier_scorers_read_the_rulebook_alone():
    assert total(*FAULTS, told(4, JULY), selection=HALF_OPEN) == 8


def test_it_is_known_from_when_it_was_recorded():
    assert total(*FAULTS, told(4, JULY, recorded_at=AS_OF + timedelta(days=1))) == 8
