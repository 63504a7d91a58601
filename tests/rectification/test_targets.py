"""Cases go by targets; those that were opened before lines had targets keep their address and go on."""

from datetime import timedelta

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.evidence.services import Entry
from kaoping.rectification import queries as cases
from kaoping.rectification.models import Case
from kaoping.rectification.services import opening, order
from kaoping.registry.services.places import add_place
from kaoping.scoring.faults import read_faults
from tests.ledger import ledger, record
from tests.rectification.making import PAGE, drafted

pytestmark = pytest.mark.django_db


class TestTargets:
    """Cases that were opened before lines had targets keep their address and go on."""

    def old(self, now, target=PAGE):
        case = drafted(now, target=target)
        Case.objects.filter(pk=case.pk).update(target=target, fault=f"P-05|{target}")
        return cases.case(case.number)

    def new(self, now, target, value="not_met", source="monitor"):
        entry = Entry(
            unit="U1", item="K3.4.p", check="P-05", source=source, observed_at=now, kind="verdict", value=value,
            target=target,
        )  # fmt: skip
        record([entry], actor=SYSTEM, now=now)
        opening.read_ledger(now=now)

    def test_a_line_with_a_target_joins_the_case_of_its_address(self, units, now):
        case = self.old(now)
        self.new(now + timedelta(days=1), f"page:{PAGE}")
        assert cases.cases().count() == 1 and len(cases.sources(case)) == 2
        assert len(cases.lines_of(case)) == 2 and cases.case(case.number).target == PAGE

    def test_a_case_whose_address_browsers_spell_otherwise_takes_the_finding_too(self, units, now):
        case = self.old(now, target="http://U1.kaoping.test/wj/1.html")
        self.new(now + timedelta(days=1), f"page:{PAGE}")
        assert cases.cases().count() == 1 and len(cases.sources(case)) == 2
        assert read_faults(ledger()).standing == 1

    def test_a_fault_that_came_back_names_the_case_of_its_address(self, units, now, cast):
        case = self.old(now)
        order.serve(actor=cast("office_handler"), numbers=[case.number], now=now)
        self.new(now + timedelta(days=1), f"page:{PAGE}", "met", "retest")
        assert cases.case(case.number).state == "passed"
        self.new(now + timedelta(days=2), f"page:{PAGE}")
        newest = cases.cases().order_by("-id").first()
        assert (newest.relapse_of, newest.target) == (case.number, f"page:{PAGE}")

    def test_a_new_case_is_called_by_the_register(self, units, now, cast):
        place = add_place(
            actor=cast("office_handler"),
            organisation_code="U1",
            name="大厅",
            kind="hall",
            located="政务服务中心",
            now=now,
        )
        self.new(now, f"place:{place.code}")
        [case] = cases.cases()
        assert "大厅（政务服务中心）" in case.title and "大厅（政务服务中心）" in case.order_text
        assert cases.entries(case)[0].url == ""
