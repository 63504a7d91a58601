"""Entering an arrangement: told dates become later or stay, each unit is told once a date, wrong entries can be taken back."""

from datetime import date, datetime, timedelta

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.models import AuditEntry
from kaoping.beijing import BEIJING
from kaoping.calendars import read_arrangement
from kaoping.deadlines import queries as deadlines
from kaoping.deadlines.services import CHANGED, enter_arrangement, withdraw_arrangement
from kaoping.rectification import queries as cases
from kaoping.rectification.queries import case_days
from kaoping.rectification.services import order
from kaoping.support import jobs
from kaoping.workdays import queries
from kaoping.workdays.models import Arrangement, DateNotice
from tests.calendars.making import NOTICE_2027, notice
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db


def longer(*rest: str, source="示例发电〔2026〕2号"):
    """The invented notice with more days of rest in January."""
    days = NOTICE_2027["days"] + [{"date": day, "working": False, "name": "示例假"} for day in rest]
    return read_arrangement(notice(days=days, source=source))


def shorter(*work: str, source="示例发电〔2026〕3号"):
    """The invented notice with make-up work on weekends of January."""
    days = [day for day in NOTICE_2027["days"] if day["date"] not in work]
    days += [{"date": day, "working": True, "name": "示例"} for day in work]
    return read_arrangement(notice(days=days, source=source))


class TestADateBecomesLater:
    def test_the_preview_lists_each_date_with_both_days_and_the_count(self, served, december):
        effect = deadlines.effect_of(longer("2027-01-04", "2027-01-05"), now=december)
        [case, *reminders] = effect.moves
        assert (case.kind, case.thing, case.units) == ("case", served.number, ("U1",))
        assert (case.was, case.becomes) == (date(2027, 1, 5), date(2027, 1, 7))
        assert case.why == "2026年12月14日下发，15 个工作日"
        assert {one.thing.partition(":")[2] for one in reminders} == {"due", "overdue"}
        assert not effect.kept
        assert queries.entries().count() == 0

    def test_case_timeline_notice_and_reminders_follow(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04", "2027-01-05"), now=december)
        case = cases.case(served.number)
        assert case.due_on == date(2027, 1, 7)
        [entry] = [one for one in cases.entries(case) if one.kind == "moved"]
        assert "原定 2027年1月5日 24:00，改为 2027年1月7日 24:00" in entry.text
        assert "示例发电〔2026〕2号" in entry.text and entry.actor == "陈静"
        [told] = queries.notices("U1", since=december)
        assert (told.was, told.becomes) == (date(2027, 1, 5), date(2027, 1, 7))
        assert queries.notices("U2", since=december) == []
        promised = {one.kind: one.promised_at.astimezone(BEIJING).date() for one in cases.reminders(case)}
        assert promised["due"] == date(2027, 1, 7) and promised["overdue"] == date(2027, 1, 8)
        assert not case_days.is_provisional(case, queries.calendar(december))

    def test_reminders_run_at_the_new_times_only(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04", "2027-01-05"), now=december)
        for day in range(14, 60):
            at = datetime(2026, 12, 1, 9, 0, tzinfo=BEIJING) + timedelta(days=day)
            jobs.run_due("w", now=at)
        case = cases.case(served.number)
        said = [
            (one.at.astimezone(BEIJING).date(), one.text[:4])
            for one in cases.entries(case)
            if one.kind == "reminder"
        ]
        assert said == [
            (date(2026, 12, 15), "整改单已"),
            (date(2026, 12, 30), "距期限还"),
            (date(2027, 1, 7), "今天 2"),
            (date(2027, 1, 8), "已经逾期"),
        ]
        assert not jobs.failed_count()

    def test_a_deadline_moved_after_its_reminders_is_reminded_of_again(self, served, december, office):
        jobs.run_due("w", now=datetime(2027, 1, 6, 9, 0, tzinfo=BEIJING))
        late = datetime(2027, 1, 6, 10, 0, tzinfo=BEIJING)
        assert cases.overdue_count(now=late) == 1
        enter_arrangement(actor=office, given=longer("2027-01-04", "2027-01-05", "2027-01-06"), now=late)
        case = cases.case(served.number)
        assert case.due_on == date(2027, 1, 8) and cases.overdue_count(now=late) == 0
        jobs.run_due("w", now=datetime(2027, 1, 11, 9, 0, tzinfo=BEIJING))
        texts = [one.text for one in cases.entries(case) if one.kind == "reminder"]
        assert sum("已经逾期" in text for text in texts) == 2
        assert all(one.ran_at or one.why for one in cases.reminders(case))

    def test_an_order_not_yet_served_is_counted_anew(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04", "2027-01-05"), now=december)
        [second] = order.serve(
            actor=office, numbers=[drafted(december, target="http://u1.kaoping.test/2").number], now=december
        )
        assert second.due_on == date(2027, 1, 7)


class TestADateNeverBecomesEarlier:
    def test_make_up_work_shortens_no_promise(self, served, december, office):
        given = shorter("2027-01-02", "2027-01-03")
        effect = deadlines.effect_of(given, now=december)
        [kept] = effect.kept
        assert (kept.was, kept.counted, kept.becomes) == (
            date(2027, 1, 5),
            date(2027, 1, 3),
            date(2027, 1, 5),
        )
        enter_arrangement(actor=office, given=given, now=december)
        case = cases.case(served.number)
        assert case.due_on == date(2027, 1, 5)
        assert not [one for one in cases.entries(case) if one.kind == "moved"]
        assert not DateNotice.objects.exists()

    def test_replacing_a_wrong_entry_takes_no_day_back(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04", "2027-01-05"), now=december)
        moved = enter_arrangement(actor=office, given=shorter("2027-01-02"), now=december)
        assert [one.kind for one in moved if one.kind == "case"] == []
        assert cases.case(served.number).due_on == date(2027, 1, 7)
        assert [one.source for one in queries.entries()] == ["示例发电〔2026〕3号", "示例发电〔2026〕2号"]
        assert queries.calendar(december).is_working(date(2027, 1, 4))

    def test_withdrawing_leaves_a_trace_and_takes_no_day_back(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04", "2027-01-05"), now=december)
        entry = queries.standing_of(2027)
        with pytest.raises(Refused, match="理由"):
            withdraw_arrangement(actor=office, entry=entry, reason=" ", now=december)
        withdraw_arrangement(actor=office, entry=entry, reason="录错年份", now=december)
        assert queries.calendar(december).table.state(2027).value == "provisional"
        assert cases.case(served.number).due_on == date(2027, 1, 7)
        row = Arrangement.objects.get()
        assert (row.withdrawn_by, row.withdrawn_reason) == ("陈静", "录错年份")
        with pytest.raises(Refused, match="已经由陈静于 .* 撤回，未重复办理"):
            withdraw_arrangement(actor=office, entry=entry, reason="再撤", now=december)


class TestAYearThatCameWithANewVersion:
    def test_dates_that_lag_behind_are_found_and_moved_by_entering(self, served, december, office):
        assert deadlines.lagging(december) == []
        type(served).objects.update(due_on=date(2027, 1, 4))
        [late] = deadlines.lagging(december)
        assert (late.was, late.becomes) == (date(2027, 1, 4), date(2027, 1, 5))
        enter_arrangement(actor=office, given=read_arrangement(notice()), now=december)
        assert deadlines.lagging(december) == []
        assert cases.case(served.number).due_on == date(2027, 1, 5)


class TestDoors:
    def test_only_the_office_enters(self, served, december, cast):
        for role in ("office_head", "liaison", "auditor", "system_admin"):
            with pytest.raises(Refused, match="经办录入"):
                enter_arrangement(
                    actor=cast(role, "U1" if role == "liaison" else None), given=longer(), now=december
                )
        assert AuditEntry.objects.filter(verb="enter_calendar", refused=True).count() == 4
        assert not Arrangement.objects.exists()

    def test_the_log_says_what_was_entered(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04"), now=december)
        line = AuditEntry.objects.get(verb="enter_calendar")
        assert line.sentence.startswith("录入 2027 年放假安排（示例发电〔2026〕2号）")
        assert "1 个期限顺延，没有期限提前" in line.sentence

    def test_the_same_again_is_refused_and_changes_nothing(self, served, december, office):
        enter_arrangement(actor=office, given=longer("2027-01-04"), now=december)
        with pytest.raises(Refused, match="已经是这样录入的"):
            enter_arrangement(actor=office, given=longer("2027-01-04"), now=december)
        assert DateNotice.objects.count() == 1

    def test_nobody_confirms_another_list_than_was_shown(self, served, december, office):
        given = longer("2027-01-04")
        seen = deadlines.effect_of(given, now=december).seen
        order.serve(
            actor=office, numbers=[drafted(december, target="http://u1.kaoping.test/2").number], now=december
        )
        with pytest.raises(Refused, match=CHANGED[:8]):
            enter_arrangement(actor=office, given=given, seen=seen, now=december)
        assert not Arrangement.objects.exists()
        seen = deadlines.effect_of(given, now=december).seen
        moved = enter_arrangement(actor=office, given=given, seen=seen, now=december)
        assert sum(one.kind == "case" for one in moved) == 2

    def test_before_its_time_an_entry_does_not_count(self, december):
        enter_arrangement(actor=SYSTEM, given=longer(), now=december)
        assert queries.calendar(december - timedelta(seconds=1)).table.state(2027).value == "provisional"
        assert queries.calendar(december).table.state(2027).value == "entered"
