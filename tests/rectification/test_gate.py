"""Gate: crawl, facts, a confirmed finding, a case, and the re-test that closes it."""

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.evidence.queries import artefact_bytes
from kaoping.monitoring import queries as monitoring
from kaoping.monitoring.services import findings
from kaoping.monitoring.services import retest as retests
from kaoping.rectification import logic, queries
from kaoping.rectification.services import closing, opening, order, unit
from kaoping.support import jobs
from tests.ledger import ledger
from tests.monitoring.site import after

pytestmark = pytest.mark.django_db


def test_from_crawl_to_closed_case(look, world, cast):
    office, liaison = cast("office_handler", name="陈静"), cast("liaison", "U1", name="周敏")
    for day in (0, 3, 6):
        run = look(day)
    assert run.state == "done" and run.pages > 10
    ready = list(monitoring.findings(state="ready"))
    assert {one.check_id for one in ready} >= {"P-05", "S-13"}
    assert ledger() == []

    bad = next(one for one in ready if one.check_id == "P-05")
    [uid] = findings.confirm_batch(actor=office, finding_ids=[bad.pk], now=after(6))
    [seen] = ledger()
    assert (seen.id, seen.source, seen.value, seen.check, seen.by) == (
        uid,
        "monitor",
        "not_met",
        "P-05",
        "陈静",
    )
    assert (seen.target, seen.artefacts[0].url) == (bad.target, bad.address)
    assert "〔" not in (seen.reason or "") or seen.reason
    assert artefact_bytes(seen.artefacts[0].sha256).startswith(b"<!doctype html>")

    assert opening.read_ledger(now=after(6)) == 1
    assert opening.read_ledger(now=after(6)) == 0
    [case] = queries.cases()
    assert case.state == logic.DRAFT and "请按公文原件改正文号" in case.order_text

    [case] = order.serve(actor=office, numbers=[case.number], now=after(7))
    assert case.due_on.isoformat() == "2025-03-31"  # 15 working days after Monday 10 March
    assert jobs.run_due("w", now=after(7)) >= 1
    assert queries.reminders(case)[0].ran_at == after(7)

    unit.answer(actor=liaison, case=case, text="文号已改正", url=bad.address, now=after(20))
    with pytest.raises(Refused, match="单位不能自己结案"):
        closing.close(actor=liaison, case=case, now=after(20))
    with pytest.raises(Refused, match="还不能结案"):
        closing.close(actor=office, case=case, now=after(20))

    world.now = after(21)
    assert (
        retests.retest(actor=office, organisation_code="U1", check="P-05", target=bad.target, now=after(21))
        == "not_met"
    )
    opening.read_ledger(now=after(21))
    assert queries.case(case.number).state == logic.SERVED
    with pytest.raises(Refused, match="最近一次复测没有通过"):
        closing.close(actor=office, case=case, now=after(21))

    world.now = after(35)
    asked = {"organisation_code": "U1", "check": "P-05", "target": bad.target, "now": after(35)}
    retests.ask_retest(actor=liaison, **asked)
    with pytest.raises(Refused, match="已经排了一次复测"):
        retests.ask_retest(actor=liaison, **asked)
    jobs.run_due("w", now=after(35))
    assert [one.source for one in ledger()] == ["monitor", "retest", "retest"]
    assert ledger()[-1].value == "met"
    opening.read_ledger(now=after(35))
    closed = closing.close(actor=office, case=case, now=after(35))
    assert (closed.state, closed.closed_by) == (logic.CLOSED, "陈静")
    kinds = [one.kind for one in queries.entries(closed)]
    assert kinds[:3] == ["found", "served", "reminder"] and kinds[-1] == "closed"
    assert kinds.count("retest") == 2
    assert monitoring.finding(bad.pk).state == "cleared"
    assert [one.id for one in ledger()] == [uid, *[one.id for one in ledger()[1:]]]


def test_the_program_confirms_nothing(look):
    for day in (0, 3, 6):
        look(day)
    [first, *_] = monitoring.findings(state="ready")
    with pytest.raises(Refused, match="经办或办公室负责人"):
        findings.confirm_batch(actor=SYSTEM, finding_ids=[first.pk], now=after(6))
    assert ledger() == []


def test_on_the_word_of_the_unit_the_page_is_looked_at_and_that_decides(look, world, cast):
    office, liaison = cast("office_handler", name="陈静"), cast("liaison", "U1", name="周敏")
    for day in (0, 3, 6):
        look(day)
    bad = next(one for one in monitoring.findings(state="ready") if one.check_id == "P-05")
    findings.confirm_batch(actor=office, finding_ids=[bad.pk], now=after(6))
    opening.read_ledger(now=after(6))
    [case] = queries.cases()
    order.serve(actor=office, numbers=[case.number], now=after(7))

    world.now = after(20)  # not mended: the unit hears it the same day, while time is left
    unit.answer(actor=liaison, case=case, text="文号已改正", url=bad.address, now=after(20))
    jobs.run_due("w", now=after(20))
    opening.read_ledger(now=after(20))
    case = queries.case(case.number)
    assert case.state == logic.SERVED and queries.entries(case)[-1].kind == "retest"
    assert queries.overdue_count(now=after(40)) == 1

    world.now = after(35)
    unit.answer(actor=liaison, case=case, text="这次改正了", url=bad.address, now=after(35))
    jobs.run_due("w", now=after(35))
    opening.read_ledger(now=after(35))
    assert queries.case(case.number).state == logic.PASSED
    assert queries.overdue_count(now=after(40)) == 0
