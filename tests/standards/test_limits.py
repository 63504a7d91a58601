"""What the program works by: defaults of always, a rulebook's own within bounds, and the version in force on a day."""

from datetime import timedelta

import pytest

from kaoping.beijing import day_of
from kaoping.monitoring import logic
from kaoping.rectification import queries as cases
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards import queries
from kaoping.standards.limits import BOUNDS, STANDARD
from kaoping.standards.loading import RulebookError, rulebook_from_files
from kaoping.standards.numbers import limit_numbers
from kaoping.standards.services import adopt, bring_into_force, lapse
from tests.standards.making import RUBRIC, files

KEY = OrganisedYear("city", 2025)


def book(limits):
    return rulebook_from_files(files(rubric=f"limits: {limits}\n{RUBRIC}"))


def test_what_is_not_said_is_as_it_always_was():
    assert rulebook_from_files(files()).limits == STANDARD
    own = book("{confirm_failures: 2, pages: '40'}").limits
    assert (own.confirm_failures, own.pages, own.confirm_hours, own.confidence) == (2, 40, 48, "proposed")


@pytest.mark.parametrize("key", BOUNDS)
def test_a_number_out_of_bounds_names_line_and_what_would_be_right(key):
    least, most = BOUNDS[key]
    for wrong in (least - 1, most + 1, "1.5", "many"):
        with pytest.raises(RulebookError) as refused:
            book(f"{{{key}: '{wrong}'}}")
        assert (refused.value.line, refused.value.field) == (1, f"limits.{key}")
    assert getattr(book(f"{{{key}: {most}}}").limits, key) == most


@pytest.mark.parametrize(
    "limits", ["{pagse: 3}", "3", "{confidence: adopted}", "{look_days: 31, confirm_failures: 15}"]
)
def test_a_slip_is_refused(limits):
    with pytest.raises(RulebookError, match="limits"):
        book(limits)


def test_each_number_is_shown_with_where_it_comes_from():
    told = {one.name: (one.value, one.confidence) for one in limit_numbers(book("{order_days: 20}"))}
    assert told["整改期限工作日"] == ("20", "proposed") and len(told) == len(BOUNDS)


def test_the_confirmation_line_is_the_rulebook_s(now):
    limits = book("{confirm_failures: 2, confirm_hours: 24}").limits
    seen = [logic.Seen(now, "not_met"), logic.Seen(now + timedelta(hours=25), "not_met")]
    assert logic.state_after("suspected", seen) == "suspected"
    assert logic.state_after("suspected", seen, limits) == "ready"
    assert logic.confirmation_line(limits) == "2 次失败，首末相隔 24 小时以上"


@pytest.mark.django_db
def test_the_version_in_force_on_a_day_decides(now, cast):
    version = adopt(actor=cast("office_handler"), rulebook=book("{order_days: 20}"), now=now)
    day = day_of(now)
    assert cases.order_days("city", day) == 15, "an adopted version that no plan carries decides nothing"
    bring_into_force(version, key=KEY, first=day, last=day + timedelta(days=30), now=now)
    assert cases.order_days("city", day) == 20 and queries.limits_on("city", day).order_days == 20
    assert queries.in_force("D1", day) is None, "another organiser works by its own"
    lapse(key=KEY, now=now)
    assert cases.order_days("city", day) == 15
