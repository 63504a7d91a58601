"""Overdue cases become the gate of the best grade."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.evidence import queries as ledger
from kaoping.rectification.models import Case
from kaoping.rectification.services.overdue import record_overdue
from kaoping.registry.models import Organisation
from tests.ledger import main

pytestmark = pytest.mark.django_db
OFFICE = Actor("1", "wang", "王经办", (("office_handler", ""),))
NOW = datetime(2025, 11, 28, 2, tzinfo=UTC)


@pytest.fixture
def case():
    unit = Organisation.objects.create(code="E", name="教育局", short_name="教育局", kind="department")
    return Case.objects.create(
        organiser=main(),
        number="ZG-2025-0001",
        organisation=unit,
        item="K3.3.p",
        fault="P-03|http://e/1",
        title="属性表头不全",
        order_text="请补全",
        state="served",
        opened_at=NOW - timedelta(days=60),
        served_at=NOW - timedelta(days=50),
        due_on=date(2025, 11, 3),
    )


def fed():
    return [one for one in ledger.of_unit("E") if one.check == "cases_overdue"]


def test_an_overdue_case_closes_the_gate_and_a_closed_one_opens_it(case):
    assert record_overdue(actor=OFFICE, on=date(2025, 11, 27), now=NOW) == 1
    [one] = fed()
    assert (one.value, one.source, one.item, one.check) == ("not_met", "clock", None, "cases_overdue")
    assert "ZG-2025-0001" in one.reason
    case.state, case.closed_at = "closed", NOW
    case.save()
    assert record_overdue(actor=OFFICE, on=date(2025, 11, 28), now=NOW) == 0
    assert [line.value for line in fed()] == ["not_met", "met"]


def test_the_same_day_twice_is_recorded_once(case):
    for _time in range(2):
        record_overdue(actor=OFFICE, on=date(2025, 11, 27), now=NOW)
    assert len(fed()) == 1


def test_only_the_handler_and_no_future_day(case):
    with pytest.raises(Refused, match="经办登记"):
        record_overdue(actor=Actor("2", "x", "x"), on=date(2025, 11, 27), now=NOW)
    with pytest.raises(Refused, match="还没有到"):
        record_overdue(actor=OFFICE, on=date(2025, 12, 27), now=NOW)
