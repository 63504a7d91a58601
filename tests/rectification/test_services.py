from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.queries import audit_entries
from kaoping.beijing import BEIJING
from kaoping.evidence.services.withdrawal import rule
from kaoping.rectification import queries
from kaoping.rectification.models import CaseEntry
from kaoping.rectification.queries import case_days
from kaoping.rectification.services import closing, opening, order, unit
from kaoping.rectification.services.overdue import record_overdue
from kaoping.registry.scope import about
from kaoping.support import jobs
from kaoping.support.models import Job
from kaoping.workdays.queries import calendar
from tests.ledger import ledger
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
        assert sorted(queries.cases().values_list("number", flat=True)) == [
            "ZG-G1-2025-0001",
            "ZG-G1-2025-0002",
        ]

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
        closing.close(actor=office, case=case, now=now + timedelta(days=1))
        assert drafted(now + timedelta(days=9)).number == "ZG-G1-2025-0002"


class TestServing:
    def test_deadline_counts_working_days_and_reminders_are_promised(self, units, now, office):
        case = drafted(now)
        [case] = order.serve(actor=office, numbers=[case.number], now=now, days=15)
        assert case.due_on == date(2025, 12, 15)
        promised = {one.kind: one.promised_at.astimezone(BEIJING) for one in queries.reminders(case)}
        assert promised["before"] == datetime(2025, 12, 10, 8, 30, tzinfo=BEIJING)
        assert promised["due"].date() == date(2025, 12, 15) and promised["overdue"].date() == date(
            2025, 12, 16
        )
        for day in (10, 15, 16):
            jobs.run_due("w", now=datetime(2025, 12, day, 9, 0, tzinfo=BEIJING))
        assert [bool(one.ran_at) for one in queries.reminders(case)] == [False, True, True, True]
        assert queries.overdue_cases(now=datetime(2025, 12, 16, 9, 0, tzinfo=BEIJING)).count() == 1
        texts = [one.text for one in queries.entries(case) if one.kind == "reminder"]
        assert [text[:8] for text in texts] == ["距期限还有 3 ", "今天 24:00", "已经逾期，请立即"]

    def test_after_a_stop_only_what_is_true_is_written(self, units, now, office):
        case = drafted(now)
        order.serve(actor=office, numbers=[case.number], now=now)
        jobs.run_due("w", now=now)
        late = datetime(2025, 12, 29, 9, 0, tzinfo=BEIJING)
        jobs.run_due("w", now=late)
        [first, second] = [one.text for one in queries.entries(case) if one.kind == "reminder"]
        assert "已下发" in first and "已经逾期" in second
        rows = {one.kind: one for one in queries.reminders(case)}
        assert rows["overdue"].ran_at == late and not rows["overdue"].why
        assert rows["before"].ran_at is None and "没有发出" in rows["before"].why
        assert rows["due"].ran_at is None and "没有发出" in rows["due"].why
        assert not queries.missed_reminders(now=late + timedelta(days=1)).exists()

    def test_an_answered_case_is_not_reminded(self, units, now, office, cast):
        case = drafted(now)
        order.serve(actor=office, numbers=[case.number], now=now)
        jobs.run_due("w", now=now)
        liaison = cast("liaison", "U1")
        unit.answer(actor=liaison, case=case, text="改了", url="http://x/", now=now)
        jobs.run_due("w", now=now + timedelta(days=60))
        assert [one.kind for one in queries.entries(case)].count("reminder") == 1
        assert [bool(one.why) for one in queries.reminders(case)] == [False, True, True, True]

    def test_a_reminder_that_did_not_run_is_found(self, units, now, office):
        case = drafted(now)
        order.serve(actor=office, numbers=[case.number], now=now)
        assert queries.missed_reminders(now=now + timedelta(days=40)).count() == 4

    def test_an_order_of_december_is_served_into_a_year_without_notice(self, units, now, office):
        case = drafted(now)
        late = datetime(2026, 12, 28, 9, 0, tzinfo=BEIJING)
        [case] = order.serve(actor=office, numbers=[case.number], now=late)
        assert case.due_on == date(2027, 1, 19)  # 1 January rests, no Saturday or Sunday works
        assert case_days.is_provisional(case, calendar(late))
        assert case_days.days_left(case, calendar(late), now=late) == 15

    def test_a_year_beyond_the_table_of_festivals_is_refused(self, units, now, office):
        case = drafted(now)
        late = datetime(2040, 12, 28, 9, 0, tzinfo=BEIJING)
        with pytest.raises(Refused, match="2041 年.*请在工作日历中录入"):
            order.serve(actor=office, numbers=[case.number], now=late)

    def test_who_serves_and_what(self, units, now, office, cast):
        case = drafted(now)
        with pytest.raises(Refused, match="政务公开办下发"):
            order.serve(actor=cast("inspector"), numbers=[case.number], now=now)
        with pytest.raises(Refused, match="没有选中"):
            order.serve(actor=office, numbers=[], now=now)
        order.serve(actor=office, numbers=[case.number], now=now)
        with pytest.raises(Refused, match="待下发"):
            order.serve(actor=office, numbers=[case.number], now=now)

    def test_words_are_edited_with_history(self, units, now, office):
        case = drafted(now)
        order.revise(actor=office, case=case, text="请改文号。", now=now)
        assert queries.case(case.number).order_text == "请改文号。"
        assert "六角括号" in queries.entries(case)[-1].text


class TestUnitAndClosing:
    @pytest.fixture
    def served(self, units, now, office):
        [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
        return case

    def test_another_unit_may_not_answer(self, served, now, cast):
        with pytest.raises(Refused, match="本单位联络员"):
            unit.answer(actor=cast("liaison", "U2"), case=served, text="改", url="http://x/", now=now)

    def test_evidence_is_kept_and_secrets_are_refused(self, served, now, cast, stored_files):
        liaison = cast("liaison", "U1")
        with pytest.raises(Refused, match="密级"):
            unit.answer(
                actor=liaison,
                case=served,
                text="改",
                files=[("作战方案.txt", "机密★5年".encode())],
                confirmed=True,
                now=now,
            )
        [line] = audit_entries(refused=True)
        assert line.verb == "upload_file" and "作战" not in line.sentence and "机密" not in line.sentence
        with pytest.raises(Refused, match="作战方案"):
            unit.answer(
                actor=liaison, case=served, text="改", files=[("作战方案.exe", b"x")], confirmed=True, now=now
            )
        assert not audit_entries(words="作战").exists()
        unit.answer(actor=liaison, case=served, text="改", files=[("图.jpg", JPEG)], confirmed=True, now=now)
        assert [one.kind for one in queries.entries(served)][-2:] == ["answer", "file"]

    def test_questions_and_replies_share_the_timeline(self, served, now, cast, office):
        unit.ask(actor=cast("liaison", "U1"), case=served, text="哪一篇？", now=now)
        unit.reply(actor=office, case=served, text="第 1 号。", now=now)
        assert [one.kind for one in queries.entries(served)][-2:] == ["ask", "reply"]

    def test_a_named_person_may_close_it_too(self, served, now, cast, office, stored_files):
        closing.check(
            actor=cast("inspector", name="孙检"),
            case=served,
            met=True,
            note="打开网页核对，文号已改",
            photo=("a.jpg", JPEG),
            confirmed=True,
            now=now + timedelta(days=2),
        )
        assert (ledger()[-1].source, ledger()[-1].by) == ("visit", "孙检")
        closed = closing.close(actor=office, case=served, now=now + timedelta(days=2))
        assert "孙检核查通过" in queries.entries(closed)[-1].text
        assert opening.read_ledger(now=now + timedelta(days=3)) == 0

    def test_a_check_without_words_is_refused(self, served, now, cast):
        with pytest.raises(Refused, match="怎么核查"):
            closing.check(actor=cast("inspector"), case=served, met=True, note="好", now=now)

    def test_the_unit_alone_never_closes(self, served, now, cast):
        with pytest.raises(Refused, match="单位不能自己结案：须有一次通过的复测，或一名具名人员的核查记录"):
            closing.close(actor=cast("liaison", "U1"), case=served, now=now)

    def test_the_timeline_only_grows(self, served):
        entry = CaseEntry.objects.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEntry.objects.filter(pk=entry.pk).update(text="改")
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEntry.objects.filter(pk=entry.pk).delete()

    def test_system_does_not_close(self, served, now):
        with pytest.raises(Refused):
            closing.close(actor=SYSTEM, case=served, now=now)


class TestTheClockIsFair:
    DUE = date(2025, 12, 15)

    @pytest.fixture
    def liaison(self, cast):
        return cast("liaison", "U1", name="周敏")

    @pytest.fixture
    def served(self, units, now, office):
        [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
        return case

    def answer(self, liaison, case, at):
        unit.answer(actor=liaison, case=case, text="改了", url="http://x/", now=at)

    def looked(self, value, at, *, source="retest"):
        seen(value, at, source=source)
        opening.read_ledger(now=at)

    def late(self, at):
        return queries.overdue_count(now=at)

    def test_a_pass_ends_overdue_and_leaves_the_list_of_the_unit(self, served, now, liaison, office):
        after = now + timedelta(days=60)
        assert self.late(after) == 1 and queries.standings(now=after)["U1"].overdue == 1
        self.looked("met", after)
        case = queries.case(served.number)
        assert (case.state, self.late(after)) == ("passed", 0)
        assert queries.standings(now=after)["U1"].overdue == 0
        assert case_days.days_left(case, calendar(after), now=after) is None
        assert not queries.is_overdue(case, now=after)
        with pytest.raises(Refused, match="不必再回复"):
            self.answer(liaison, served, after)
        assert closing.close(actor=office, case=case, now=after).ending == "mended"

    def test_a_sentence_alone_saves_nothing(self, served, now, liaison):
        self.answer(liaison, served, now + timedelta(days=1))
        after = now + timedelta(days=60)
        assert self.late(after) == 0
        self.looked("not_met", after)
        assert self.late(after) == 1
        assert case_days.days_left(queries.case(served.number), calendar(after), now=after) < 0
        assert record_overdue(actor=SYSTEM, on=date(2025, 12, 20), now=after) == 0
        assert record_overdue(actor=SYSTEM, on=date(2026, 1, 23), now=after) == 1
        assert "ZG-G1-2025-0001" in [one for one in ledger() if one.check == "cases_overdue"][-1].reason

    def test_an_answer_after_the_deadline_stays_late_until_a_look_passes(self, served, now, liaison):
        after = now + timedelta(days=60)
        self.answer(liaison, served, after)
        case = queries.case(served.number)
        assert self.late(after) == 1 and case_days.days_left(case, calendar(after), now=after) < 0
        self.looked("met", after + timedelta(hours=1))
        assert self.late(after + timedelta(hours=1)) == 0

    def test_what_comes_back_after_a_pass_is_another_case(self, served, now, liaison, office):
        self.answer(liaison, served, now + timedelta(days=1))
        self.looked("met", now + timedelta(days=1, hours=1))
        after = now + timedelta(days=40)
        self.looked("not_met", after, source="monitor")
        again = queries.case("ZG-G1-2026-0001")
        assert again.relapse_of == served.number and "反弹" in queries.entries(again)[0].text
        assert self.late(after) == 0 and queries.why_not_closed(queries.case(served.number)) is None

    def test_a_look_from_before_the_word_decides_nothing(self, served, now, liaison):
        self.answer(liaison, served, now + timedelta(days=2))
        seen("not_met", now + timedelta(days=1), source="visit")
        opening.read_ledger(now=now + timedelta(days=3))
        assert queries.case(served.number).state == "answered"

    def test_a_pass_that_was_withdrawn_opens_the_case_again(self, served, now, office):
        passed = seen("met", now + timedelta(days=1), source="visit")
        opening.read_ledger(now=now + timedelta(days=1))
        assert queries.case(served.number).state == "passed"
        rule(line=passed, ref="ruling:1", actor=office, reason="看错了地方", now=now + timedelta(days=2))
        opening.read_ledger(now=now + timedelta(days=2))
        assert queries.case(served.number).state == "served"
        assert self.late(now + timedelta(days=60)) == 1

    def test_on_the_word_of_the_unit_the_page_is_looked_at_at_once(self, served, now, liaison):
        self.answer(liaison, served, now + timedelta(days=1))
        names = {job.name for job in Job.objects.filter(due_at=now + timedelta(days=1))}
        assert names == {"kaoping.monitoring.jobs:look_on_word", "kaoping.rectification.jobs:capture_link"}

    def test_what_cannot_be_repaired_is_explained_and_keeps_its_points(
        self, served, now, liaison, office, cast
    ):
        told = {"actor": liaison, "case": served, "now": now + timedelta(days=3)}
        with pytest.raises(Refused, match="为什么不能补救"):
            unit.explain(text="不能", **told)
        unit.explain(text="当时系统停机，公开时已过 20 个工作日。", **told)
        after = now + timedelta(days=60)
        assert self.late(after) == 0
        act = {"case": served, "now": after}
        with pytest.raises(Refused, match="由您下发.*另一人"):
            closing.confirm_explanation(actor=office, note="", **act)
        with pytest.raises(Refused, match="政务公开办确认"):
            closing.confirm_explanation(actor=liaison, note="", **act)
        closed = closing.confirm_explanation(actor=cast("office_head"), note="已核对", **act)
        assert (closed.state, closed.ending) == ("closed", "irreparable")
        assert "不可补救，已说明，按规定计分" in queries.entries(closed)[-1].text
        assert "整改到位" not in queries.entries(closed)[-1].text
        assert [one.value for one in ledger()] == ["not_met"]
        drafted(after)  # the same past fact seen once more
        assert queries.cases().count() == 1

    def test_an_explanation_that_is_not_accepted_changes_no_deadline(self, served, now, liaison, cast):
        unit.explain(
            actor=liaison, case=served, text="当时系统停机，公开时已过期限。", now=now + timedelta(1)
        )
        head, after = cast("office_head"), now + timedelta(days=60)
        with pytest.raises(Refused, match="为什么不予确认"):
            closing.decline_explanation(actor=head, case=served, reason=" ", now=after)
        closing.decline_explanation(actor=head, case=served, reason="可以补公开", now=after)
        assert queries.case(served.number).state == "served" and self.late(after) == 1


class TestSentSeenDelivered:
    @pytest.fixture
    def served(self, units, now, office):
        [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
        return case

    def state(self, case):
        return queries.delivery(queries.case(case.number)).state

    def test_each_person_of_the_unit_opens_it_once(self, served, now, cast, office):
        assert self.state(served) == "已发出"
        for other in (office, cast("liaison", "U2")):
            with pytest.raises(Refused, match="本单位联络员"):
                unit.opened(actor=other, case=served, now=now)
        assert self.state(served) == "已发出"
        first, second = cast("liaison", "U1", name="周敏"), cast("liaison", "U1", name="周敏")
        for actor in (first, first, second):
            unit.opened(actor=actor, case=served, now=now)
        rows = [one for one in queries.entries(served) if one.kind == "seen"]
        assert [one.person for one in rows] == [first.id, second.id]
        assert self.state(served) == "已查看" and "周敏" in queries.delivery(served).words

    def test_the_liaison_signs_once(self, served, now, cast, office):
        liaison = cast("liaison", "U1", name="周敏")
        for _ in range(2):
            unit.sign_for(actor=liaison, case=served, now=now)
        with pytest.raises(Refused, match="本单位联络员"):
            unit.sign_for(actor=office, case=served, now=now)
        assert [one.kind for one in queries.entries(served)].count("signed") == 1
        assert self.state(served) == "已送达"

    def test_the_office_notes_how_it_was_handed_over(self, served, now, cast, office):
        with pytest.raises(Refused, match="怎么送达"):
            order.hand_over(actor=office, case=served, how="  ", now=now)
        with pytest.raises(Refused, match="政务公开办登记"):
            order.hand_over(actor=cast("liaison", "U1"), case=served, how="电话告知", now=now)
        for _ in range(2):
            order.hand_over(actor=office, case=served, how="电话告知王敏", now=now)
        assert [one.kind for one in queries.entries(served)].count("handed") == 1
        assert "电话告知王敏" in queries.delivery(served).words

    def test_a_draft_was_not_sent(self, units, now, office):
        case = drafted(now)
        assert queries.delivery(case) is None
        with pytest.raises(Refused, match="还没有下发"):
            order.hand_over(actor=office, case=case, how="电话告知王敏", now=now)


class TestAnotherPersonChecks:
    def test_who_served_does_not_check(self, units, now, office, cast):
        [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
        said = {"case": case, "met": True, "note": "打开网页看过", "now": now}
        with pytest.raises(Refused, match="由您下发，人工核查请由另一人办理"):
            closing.check(actor=office, **said)
        other = cast("office_handler", name="陈静")  # of the same name, another person
        assert closing.check(actor=other, **said).state == "passed"

    def test_a_question_waits_until_it_is_answered(self, units, now, office, cast):
        [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
        assert queries.open_questions() == []
        unit.ask(actor=cast("liaison", "U1"), case=case, text="哪一篇？", now=now)
        assert queries.open_questions() == [case] and queries.open_questions(about("U2")) == []
        unit.reply(actor=office, case=case, text="第 1 号。", now=now)
        assert queries.open_questions() == []
