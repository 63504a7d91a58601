from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.calendars import SHANGHAI
from kaoping.evidence.queries import ledger
from kaoping.evidence.services.withdrawal import rule
from kaoping.rectification import queries
from kaoping.rectification.models import CaseEntry
from kaoping.rectification.services import closing, opening, order, unit
from kaoping.support import jobs
from kaoping.workdays.queries import calendar
from tests.rectification.making import drafted, seen

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff" + b"0" * 50


@pytest.fixture
def office(cast):
    return cast("office_handler", name="陈静")


class TestOpening:
    def test_three_sources_are_one_case(self, units, now):
        case = drafted(now)
        seen("not_met", now, source="visit")
        seen("not_met", now, source="draw")
        assert opening.read_ledger(now=now) == 0
        assert queries.cases().count() == 1
        assert [one.source for one in queries.sources(case)] == ["monitor", "visit", "draw"]
        assert [one.kind for one in queries.entries(case)] == ["found", "merged", "merged"]

    def test_another_place_is_another_case(self, units, now):
        drafted(now)
        drafted(now, target="http://u1.kaoping.test/wj/2.html")
        assert sorted(queries.cases().values_list("number", flat=True)) == ["ZG-2025-0001", "ZG-2025-0002"]

    def test_undecided_opens_nothing(self, units, now):
        seen("undecided", now)
        assert opening.read_ledger(now=now) == 0

    def test_a_withdrawn_ground_ends_the_case(self, units, now, office):
        case = drafted(now)
        rule(
            line=queries.sources(case)[0].observation,
            ref="ruling:1",
            actor=office,
            reason="确系误报",
            now=now,
        )
        opening.read_ledger(now=now)
        case = queries.case(case.number)
        assert (case.state, case.closed_by) == ("closed", "本平台")
        assert "撤回" in queries.entries(case)[-1].text

    def test_one_of_two_grounds_withdrawn_keeps_it_open(self, units, now, office):
        case = drafted(now)
        seen("not_met", now, source="visit")
        opening.read_ledger(now=now)
        rule(
            line=queries.sources(case)[0].observation,
            ref="ruling:1",
            actor=office,
            reason="确系误报",
            now=now,
        )
        opening.read_ledger(now=now)
        assert queries.case(case.number).state == "draft"

    def test_after_closing_the_same_fault_is_a_new_case(self, units, now, office):
        case = drafted(now)
        order.serve(actor=office, numbers=[case.number], now=now)
        seen("met", now + timedelta(days=1), source="retest")
        opening.read_ledger(now=now + timedelta(days=1))
        closing.close(actor=office, number=case.number, now=now + timedelta(days=1))
        assert drafted(now + timedelta(days=9)).number == "ZG-2025-0002"


class TestServing:
    def test_deadline_counts_working_days_and_reminders_are_promised(self, units, now, office):
        case = drafted(now)
        [case] = order.serve(actor=office, numbers=[case.number], now=now, days=15)
        assert case.due_on == date(2025, 12, 15)
        promised = {one.kind: one.promised_at.astimezone(SHANGHAI) for one in queries.reminders(case)}
        assert promised["before"] == datetime(2025, 12, 10, 8, 30, tzinfo=SHANGHAI)
        assert promised["due"].date() == date(2025, 12, 15) and promised["overdue"].date() == date(
            2025, 12, 16
        )
        jobs.run_due("w", now=datetime(2025, 12, 16, 9, 0, tzinfo=SHANGHAI))
        assert all(one.ran_at for one in queries.reminders(case))
        assert queries.overdue_cases(now=datetime(2025, 12, 16, 9, 0, tzinfo=SHANGHAI)).count() == 1
        assert [one.kind for one in queries.entries(case)].count("reminder") == 4

    def test_an_answered_case_is_not_reminded(self, units, now, office, cast):
        case = drafted(now)
        order.serve(actor=office, numbers=[case.number], now=now)
        jobs.run_due("w", now=now)
        unit.answer(actor=cast("liaison", "U1"), number=case.number, text="改了", url="http://x/", now=now)
        jobs.run_due("w", now=now + timedelta(days=60))
        assert [one.kind for one in queries.entries(case)].count("reminder") == 1
        assert all(one.ran_at for one in queries.reminders(case))

    def test_a_reminder_that_did_not_run_is_found(self, units, now, office):
        case = drafted(now)
        order.serve(actor=office, numbers=[case.number], now=now)
        assert queries.missed_reminders(now=now + timedelta(days=40)).count() == 4

    def test_an_order_of_december_is_served_into_a_year_without_notice(self, units, now, office):
        case = drafted(now)
        late = datetime(2026, 12, 28, 9, 0, tzinfo=SHANGHAI)
        [case] = order.serve(actor=office, numbers=[case.number], now=late)
        assert case.due_on == date(2027, 1, 19)  # 1 January rests, no Saturday or Sunday works
        assert queries.is_provisional(case, calendar(late))
        assert queries.days_left(case, calendar(late), now=late) == 15

    def test_a_year_beyond_the_table_of_festivals_is_refused(self, units, now, office):
        case = drafted(now)
        late = datetime(2040, 12, 28, 9, 0, tzinfo=SHANGHAI)
        with pytest.raises(Refused, match="2041 年.*请在工作日历中录入"):
            order.serve(actor=office, numbers=[case.number], now=late)

    def test_who_serves_and_what(self, units, now, office, cast):
        case = drafted(now)
        with pytest.raises(Refused, match="市政务公开办下发"):
            order.serve(actor=cast("inspector"), numbers=[case.number], now=now)
        with pytest.raises(Refused, match="没有选中"):
            order.serve(actor=office, numbers=[], now=now)
        order.serve(actor=office, numbers=[case.number], now=now)
        with pytest.raises(Refused, match="待下发"):
            order.serve(actor=office, numbers=[case.number], now=now)

    def test_words_are_edited_with_history(self, units, now, office):
        case = drafted(now)
        order.revise(actor=office, number=case.number, text="请改文号。", now=now)
        assert queries.case(case.number).order_text == "请改文号。"
        assert "六角括号" in queries.entries(case)[-1].text


class TestUnitAndClosing:
    @pytest.fixture
    def served(self, units, now, office):
        [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
        return case

    def test_another_unit_may_not_answer(self, served, now, cast):
        with pytest.raises(Refused, match="本单位联络员"):
            unit.answer(
                actor=cast("liaison", "U2"), number=served.number, text="改", url="http://x/", now=now
            )

    def test_evidence_is_kept_and_secrets_are_refused(self, served, now, cast, stored_files):
        liaison = cast("liaison", "U1")
        with pytest.raises(Refused, match="密级"):
            unit.answer(
                actor=liaison,
                number=served.number,
                text="改",
                files=[("a.txt", "机密★5年".encode())],
                confirmed=True,
                now=now,
            )
        unit.answer(
            actor=liaison, number=served.number, text="改", files=[("图.jpg", JPEG)], confirmed=True, now=now
        )
        assert [one.kind for one in queries.entries(served)][-2:] == ["answer", "file"]

    def test_questions_and_replies_share_the_timeline(self, served, now, cast, office):
        unit.ask(actor=cast("liaison", "U1"), number=served.number, text="哪一篇？", now=now)
        unit.reply(actor=office, number=served.number, text="第 1 号。", now=now)
        assert [one.kind for one in queries.entries(served)][-2:] == ["ask", "reply"]

    def test_a_named_person_may_close_it_too(self, served, now, cast, office, stored_files):
        closing.check(
            actor=cast("inspector", name="孙检"),
            number=served.number,
            met=True,
            note="打开网页核对，文号已改",
            photo=("a.jpg", JPEG),
            confirmed=True,
            now=now + timedelta(days=2),
        )
        assert (ledger()[-1].source, ledger()[-1].by) == ("visit", "孙检")
        closed = closing.close(actor=office, number=served.number, now=now + timedelta(days=2))
        assert "孙检核查通过" in queries.entries(closed)[-1].text
        assert opening.read_ledger(now=now + timedelta(days=3)) == 0

    def test_a_check_without_words_is_refused(self, served, now, office):
        with pytest.raises(Refused, match="怎么核查"):
            closing.check(actor=office, number=served.number, met=True, note="好", now=now)

    def test_the_unit_alone_never_closes(self, served, now, cast):
        with pytest.raises(Refused, match="单位不能自己结案：须有一次通过的复测，或一名具名人员的核查记录"):
            closing.close(actor=cast("liaison", "U1"), number=served.number, now=now)

    def test_the_timeline_only_grows(self, served):
        entry = CaseEntry.objects.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEntry.objects.filter(pk=entry.pk).update(text="改")
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEntry.objects.filter(pk=entry.pk).delete()

    def test_system_does_not_close(self, served, now):
        with pytest.raises(Refused):
            closing.close(actor=SYSTEM, number=served.number, now=now)
