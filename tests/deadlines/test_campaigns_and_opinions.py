"""Windows for 复核申请 and deadlines of opinions: open in December, told, later when the arrangement says so."""

import importlib
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps

from kaoping.beijing import BEIJING
from kaoping.calendars import read_arrangement
from kaoping.campaigns.models import Campaign, StageEntry
from kaoping.deadlines import queries as deadlines
from kaoping.deadlines.services import enter_arrangement
from kaoping.evaluation import queries as evaluation
from kaoping.evaluation.ballotbox.records import OpinionRecord
from kaoping.evaluation.ballotbox.store import open_opinion_outbox
from kaoping.evaluation.models import Opinion, Poll
from kaoping.evaluation.services.opinions import answer_opinion, collect_opinions
from kaoping.workdays import queries
from tests.calendars.making import NOTICE_2027, notice
from tests.campaigns.examples import make_year

pytestmark = pytest.mark.django_db
REST = read_arrangement(
    notice(days=[*NOTICE_2027["days"], {"date": "2027-01-04", "working": False, "name": "示例假"}])
)


@pytest.fixture
def preview(cast, now, units, stored_files):
    """A campaign whose preview opened on 29 December 2026 at 10:00."""
    year = make_year(cast, now)
    opened = datetime(2026, 12, 29, 10, 0, tzinfo=BEIJING)
    closes = queries.calendar(opened).deadline(date(2026, 12, 29), 5)
    Campaign.objects.filter(pk=year.campaign.pk).update(stage="preview", appeals_close_at=closes)
    StageEntry.objects.create(campaign=year.campaign, stage="preview", entered_at=opened, by="陈静")
    return year.campaign


def test_the_window_becomes_longer_and_every_assessed_unit_is_told_once(preview, cast):
    at = datetime(2026, 12, 30, 9, 0, tzinfo=BEIJING)
    assert preview.participations.filter(participates=True).count() == 2
    [move] = deadlines.effect_of(REST, now=at).moves
    assert (move.kind, move.was, move.becomes) == ("appeals", date(2027, 1, 6), date(2027, 1, 7))
    enter_arrangement(actor=cast("office_handler"), given=REST, now=at)
    preview.refresh_from_db()
    assert preview.appeals_close_at == datetime(2027, 1, 8, 0, 0, tzinfo=BEIJING)
    for unit in ("U1", "U2"):
        [told] = queries.notices(unit, since=at)
        assert told.title.endswith("复核申请期限") and "示例发电" in told.basis


def test_a_window_is_never_cut_short(preview, cast):
    at = datetime(2026, 12, 30, 9, 0, tzinfo=BEIJING)
    days = [day for day in NOTICE_2027["days"] if day["date"] not in ("2027-01-02", "2027-01-03")]
    days += [{"date": day, "working": True, "name": "示例"} for day in ("2027-01-02", "2027-01-03")]
    enter_arrangement(actor=cast("office_handler"), given=read_arrangement(notice(days=days)), now=at)
    preview.refresh_from_db()
    assert preview.appeals_close_at == datetime(2027, 1, 7, 0, 0, tzinfo=BEIJING)


@pytest.fixture
def opinion(now):
    poll = Poll.objects.create(
        organiser="city",
        year=2026,
        uid="poll-2026",
        title="评议",
        state="open",
        opens_at=now,
        closes_at=now + timedelta(days=400),
        questionnaire={},
        units=[{"code": "U1", "name": "样例市教育局"}],
        public_key="",
    )
    return Opinion.objects.create(
        uid="o1", poll=poll, unit="U1", text="公开慢", arrived_on=date(2026, 12, 14), collected_at=now
    )


class TestOpinions:
    def test_one_of_the_first_release_keeps_the_date_that_was_shown(self, opinion, cast):
        at = datetime(2026, 12, 20, 9, 0, tzinfo=BEIJING)
        assert opinion.due_on is None
        assert evaluation.opinion_due(opinion, queries.calendar(at)) == date(2027, 1, 5)
        [move] = deadlines.effect_of(REST, now=at).moves
        assert (move.kind, move.was, move.becomes, move.units) == (
            "opinion",
            date(2027, 1, 5),
            date(2027, 1, 6),
            (),
        )
        enter_arrangement(actor=cast("office_handler"), given=REST, now=at)
        opinion.refresh_from_db()
        assert opinion.due_on == date(2027, 1, 6)

    def test_the_upgrade_keeps_what_was_shown(self, opinion):
        upgrade = importlib.import_module("kaoping.evaluation.migrations.0002_opinion_due")
        upgrade.keep_what_was_shown(apps, None)
        opinion.refresh_from_db()
        assert opinion.due_on == date(2027, 1, 5)

    def test_a_new_one_bears_its_date_from_the_beginning(self, opinion, tmp_path, monkeypatch):
        monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
        with closing(open_opinion_outbox()) as outbox:
            outbox.put([OpinionRecord("o2", "poll-2026", "U1", "请公开", date(2026, 12, 14))])
        collect_opinions(now=datetime(2026, 12, 14, 9, 0, tzinfo=BEIJING))
        assert Opinion.objects.get(text="请公开").due_on == date(2027, 1, 5)

    def test_it_never_becomes_earlier(self, opinion, cast):
        at = datetime(2026, 12, 20, 9, 0, tzinfo=BEIJING)
        office = cast("office_handler")
        enter_arrangement(actor=office, given=REST, now=at)
        enter_arrangement(actor=office, given=read_arrangement(notice(source="更正")), now=at)
        opinion.refresh_from_db()
        assert opinion.due_on == date(2027, 1, 6)

    def test_it_is_closed_in_december_for_a_deadline_in_january(self, opinion, cast):
        at = datetime(2026, 12, 28, 9, 0, tzinfo=BEIJING)
        done = answer_opinion(
            actor=cast("office_handler"), opinion=opinion, reasonable=True, answer="已改", closed=True, now=at
        )
        assert done.closed_in_time is True

    def test_the_last_day_is_the_stored_one(self, opinion, cast):
        office = cast("office_handler")
        enter_arrangement(actor=office, given=REST, now=datetime(2026, 12, 20, 9, 0, tzinfo=BEIJING))
        opinion.refresh_from_db()
        given = {"actor": office, "opinion": opinion, "reasonable": True, "answer": "已改", "closed": True}
        answer_opinion(**given, now=datetime(2027, 1, 6, 23, 59, tzinfo=BEIJING))
        assert opinion.closed_in_time is True
        # Other words afterwards do not make it late.
        answer_opinion(**given, now=datetime(2027, 1, 9, 0, 0, tzinfo=BEIJING))
        assert (opinion.closed_in_time, opinion.closed_on) == (True, date(2027, 1, 6))
        answer_opinion(**{**given, "closed": False}, now=datetime(2027, 1, 9, 0, 0, tzinfo=BEIJING))
        answer_opinion(**given, now=datetime(2027, 1, 9, 0, 0, tzinfo=BEIJING))
        assert opinion.closed_in_time is False

    def test_put_right_a_day_late_is_judged_again_when_the_deadline_moves(self, opinion, cast):
        office = cast("office_handler")
        at = datetime(2027, 1, 6, 9, 0, tzinfo=BEIJING)
        answer_opinion(actor=office, opinion=opinion, reasonable=True, answer="已改", closed=True, now=at)
        assert opinion.closed_in_time is False
        enter_arrangement(actor=office, given=REST, now=at + timedelta(hours=1))
        opinion.refresh_from_db()
        assert (opinion.due_on, opinion.closed_in_time) == (date(2027, 1, 6), True)
