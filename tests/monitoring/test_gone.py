"""A page that was taken down: an end of its own, decided by a person, with a trace in the ledger and on the case."""

from datetime import timedelta

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.cli.demo.sites import BAD_NUMBER, Fault
from kaoping.evidence.queries import artefact_bytes
from kaoping.monitoring import logic, queries
from kaoping.monitoring.models import Sighting
from kaoping.monitoring.services import findings, retest
from kaoping.rectification import jobs as rectification_jobs
from kaoping.rectification import logic as case_logic
from kaoping.rectification import queries as cases
from kaoping.rectification.services import closing, order
from kaoping.scoring.faults import read_faults
from tests.ledger import ledger
from tests.monitoring.site import after

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(look, world, cast):
    """A fault on one page, confirmed; later the site lists newer pages and that one answers 404."""
    world.put(Fault(BAD_NUMBER, after(0).date()))
    for day in (0, 3, 6):
        look(day)
    one = queries.findings(state="ready", check="P-05").order_by("target").first()
    findings.confirm_batch(actor=cast("office_handler"), finding_ids=[one.pk], now=after(6))
    return one


def again(finding, world, actor, now, shows=None):
    world.now = shows or now
    return retest.retest(
        actor=actor, organisation_code="U1", check=finding.check_id, target=finding.target, now=now
    )


def test_routine_runs_ask_for_the_page_though_nothing_links_to_it(confirmed, look):
    look(250)
    [gone] = Sighting.objects.filter(finding=confirmed, outcome="gone")
    assert artefact_bytes(gone.artefact) == "没有这个页面".encode()
    assert queries.finding(confirmed.pk).state == "confirmed" and len(ledger()) == 1
    look(253)
    assert queries.absence_of(confirmed, on=after(0).date()).reached


def test_two_answers_over_the_span_and_a_person(confirmed, look, world, cast):
    office, liaison = cast("office_handler"), cast("liaison", "U1")
    settle = {"finding": confirmed, "reason": "问过单位，旧栏目已并入新站"}
    assert again(confirmed, world, liaison, after(250)) == "gone"
    with pytest.raises(Refused, match="还差 1 次"):
        findings.settle_removed(actor=office, now=after(250), **settle)
    assert again(confirmed, world, office, after(250) + timedelta(hours=47)) == "gone"
    with pytest.raises(Refused, match="48 小时"):
        findings.settle_removed(actor=office, now=after(252), **settle)
    look(253)
    with pytest.raises(Refused, match="经办"):
        findings.settle_removed(actor=liaison, now=after(253), **settle)
    with pytest.raises(Refused, match="怎么核实"):
        findings.settle_removed(actor=office, finding=confirmed, reason=" ", now=after(253))
    done = findings.settle_removed(actor=office, now=after(253), **settle)
    assert (done.state, done.decided_by, done.decision) == ("removed", office.name, settle["reason"])
    assert confirmed.pk not in {
        one.pk for one in queries.findings(organisation="U1").filter(state__in=queries.OPEN)
    }
    [entry] = audit_entries(verb="settle_removed", refused=False)
    assert "认定网页已撤（3 次答复 404 或 410）" in entry.sentence
    with pytest.raises(Refused, match="已经办结"):
        findings.settle_removed(actor=office, now=after(254), **settle)
    with pytest.raises(Refused, match="已经办结"):
        findings.clear(actor=office, finding=confirmed, reason="x", now=after(254))


def test_the_ledger_says_gone_and_not_passed_and_the_fault_is_mended(confirmed, look, cast):
    look(250)
    look(253)
    office = cast("office_handler")
    findings.settle_removed(actor=office, finding=confirmed, reason="问过单位", now=after(253))
    first, second = ledger()
    assert (second.source, second.value, second.by) == ("retest", "met", office.name)
    assert second.reason.startswith("网页已撤：2 次答复 404 或 410") and "问过单位" in second.reason
    faults = read_faults([first, second])
    assert (faults.standing, faults.mended) == (0, 1)


def test_the_case_may_then_be_closed_by_a_person_and_says_why(confirmed, look, cast):
    office = cast("office_handler")
    rectification_jobs.read_ledger(now=after(6))
    [case] = cases.cases()
    order.serve(actor=office, numbers=[case.number], days=15, now=after(6))
    look(250)
    look(253)
    with pytest.raises(Refused):
        closing.close(actor=office, case=case, now=after(253))
    findings.settle_removed(actor=office, finding=confirmed, reason="问过单位", now=after(253))
    rectification_jobs.read_ledger(now=after(253))
    closing.close(actor=office, case=case, now=after(253))
    words = [one.text for one in cases.entries(cases.case(case.number))]
    assert any(text.startswith("网页已撤：2 次") for text in words)
    assert any("依据：网页已撤" in text for text in words)
    assert not any("复测通过" in text for text in words)
    assert (
        case_logic.PAGE_GONE == logic.GONE_WORDS
    )  # two packages that never import each other, one beginning


def test_a_page_that_comes_back_is_a_new_finding_and_starts_the_count_anew(confirmed, look, world, cast):
    office = cast("office_handler")
    look(250)
    assert again(confirmed, world, office, after(252), shows=after(6)) == "not_met"  # there again
    assert queries.absence_of(confirmed, on=after(0).date()).times == 0


def test_what_was_never_confirmed_ends_without_a_line(look, world, cast):
    world.put(Fault(BAD_NUMBER, after(0).date()))
    look(0)
    one = queries.findings(state="suspected", check="P-05").first()
    look(250)
    look(253)
    findings.settle_removed(actor=cast("office_head"), finding=one, reason="已并入新站", now=after(253))
    assert ledger() == [] and queries.finding(one.pk).state == "removed"
