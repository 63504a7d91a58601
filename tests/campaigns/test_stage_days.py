"""Planned days of a stage: those that rest are known, moving later within the plan tells every unit, anything else is refused."""

from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.actor import Refused
from kaoping.beijing import BEIJING
from kaoping.calendars import calendar_from_seed
from kaoping.campaigns.logic import stage_days
from kaoping.campaigns.logic.stage_days import Wanted
from kaoping.campaigns.models import Campaign, StageMove
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import period
from kaoping.campaigns.services import stages
from kaoping.workdays import queries
from tests.campaigns.examples import make_year
from tests.campaigns.rulebook import FILES

DATES = {
    "evaluation": (date(2026, 10, 13), date(2026, 11, 14)),
    "self_review": (date(2026, 11, 17), date(2026, 12, 5)),
    "published": (date(2027, 1, 13), date(2027, 1, 20)),
}
END = date(2027, 1, 20)
CALENDAR = calendar_from_seed()


def refusal(first, last, *, at="routine", stage="self_review", reason="末日是星期六", signing=False):
    words = stage_days.refusal_to_move(at, DATES, stage, signing=signing)
    return words or stage_days.refusal_of_days(DATES, END, Wanted(stage, first, last, reason))


FIRST, LAST = DATES["self_review"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"first": FIRST, "last": date(2026, 12, 7)}, None),
        ({"first": FIRST, "last": END}, None),
        (
            {"first": FIRST, "last": date(2027, 1, 21)},
            "最后一天是 2027年1月20日；要提前或推到这一天以后，须修订方案",
        ),
        ({"first": date(2026, 11, 16), "last": LAST}, "不能提前"),
        ({"first": FIRST, "last": date(2026, 12, 4)}, "不能提前"),
        ({"first": FIRST, "last": LAST}, "没有改动"),
        ({"first": date(2026, 12, 9), "last": date(2026, 12, 8)}, "早于首日"),
        ({"first": FIRST, "last": date(2026, 12, 7), "reason": " "}, "写明理由"),
        ({"first": FIRST, "last": date(2026, 12, 7), "at": "review"}, "已经结束"),
        ({"first": FIRST, "last": date(2026, 12, 7), "stage": "preview"}, "没有给这个阶段排日期"),
        ({"first": FIRST, "last": date(2026, 12, 7), "signing": True}, "退回"),
    ],
)
def test_how_far_a_stage_may_be_moved(given, words):
    said = refusal(**given)
    assert said is None if words is None else words in said


@given(st.dates(date(2026, 10, 1), date(2027, 2, 28)), st.dates(date(2026, 10, 1), date(2027, 2, 28)))
def test_whatever_is_allowed_is_later_and_within_the_plan(first, last):
    if refusal(first, last) is None:
        assert FIRST <= first <= last <= END and last >= LAST


def test_which_days_rest():
    assert stage_days.rest_words(date(2026, 12, 5), CALENDAR) == "星期六"
    assert stage_days.rest_words(date(2026, 10, 1), CALENDAR) == "星期四，国庆节放假"
    assert stage_days.rest_words(date(2026, 12, 7), CALENDAR) == ""
    assert stage_days.rest_words(date(2050, 1, 1), CALENDAR) == ""


@pytest.mark.django_db
class TestMoving:
    def move(self, year, now, last=date(2025, 12, 5), **changes):
        first = date(2025, 11, 18)
        given = {
            "actor": year.handler,
            "stage": "self_review",
            "first": first,
            "last": last,
            "reason": "原定是星期五",
        }
        stages.move_stage(campaign=year.campaign, now=now, **{**given, **changes})

    def test_every_assessed_unit_is_told_once_a_date(self, year, now):
        year.to("routine")
        self.move(year, now)
        assert period.stage_dates(year.campaign)["self_review"][0] == date(2025, 11, 18)
        for unit in ("U1", "U2"):
            [told] = queries.notices(unit, since=now)
            assert (told.was, told.becomes, told.basis) == (
                date(2025, 11, 17),
                date(2025, 11, 18),
                "原定是星期五",
            )
            assert "“部门自查”开始" in told.title

    def test_nobody_is_told_while_the_plan_is_written(self, year, now):
        self.move(year, now)
        assert queries.notices("U1", since=now) == []
        Campaign.objects.filter(pk=year.campaign.pk).update(timetable="B")
        year.campaign.refresh_from_db()
        assert period.stage_dates(year.campaign) == period.planned_dates(year.campaign)

    def test_beyond_the_plan_and_by_others_it_is_refused(self, year, now):
        year.to("routine")
        with pytest.raises(Refused, match="修订方案"):
            self.move(year, now, last=date(2026, 6, 1))
        with pytest.raises(Refused, match="经办调整"):
            self.move(year, now, actor=year.head)
        assert not StageMove.objects.exists()

    def test_what_was_moved_stays_in_the_table(self, year, now):
        year.to("routine")
        self.move(year, now)
        with pytest.raises(DatabaseError), transaction.atomic():
            StageMove.objects.update(reason="改")


@pytest.mark.django_db
def test_the_preview_opens_in_december_for_a_window_into_the_next_year(year, monkeypatch):
    late = datetime(2026, 12, 28, 10, 0, tzinfo=BEIJING)
    assert stages._window(year.campaign, late) == datetime(2027, 1, 6, 0, 0, tzinfo=BEIJING)


@pytest.fixture
def told_until(cast, now, units, stored_files):
    """A plan that tells the units: appeals from 8 to 15 December. The preview opens in November."""
    days = "self_review: [year-11-17, year-12-05]"
    more = "appeals: [year-12-08, year-12-15], published: [year-12-22, year-12-29]"
    timetable = FILES["timetable.yaml"].replace(days, f"{days}, {more}")
    assert timetable != FILES["timetable.yaml"]
    return make_year(cast, now, files={**FILES, "timetable.yaml": timetable}).to("preview")


@pytest.mark.django_db
def test_the_window_does_not_end_before_the_day_that_the_units_were_told(told_until):
    campaign = told_until.campaign
    opened = campaign.stage_entries.filter(stage="preview").get().entered_at
    counted = queries.calendar(opened).add_working_days(opened.astimezone(BEIJING).date(), 5)
    assert counted < date(2025, 12, 15)
    assert campaign.appeals_close_at == datetime(2025, 12, 16, 0, 0, tzinfo=BEIJING)
    assert period.told_dates(campaign)["appeals"][1] == date(2025, 12, 15)
    # Counting anew does not cut it short and tells nobody of a move that is none.
    assert period.moves(queries.calendar(opened)) == []
    told_until.advance()
    lacks = campaigns.missing(campaign, now=datetime(2025, 12, 15, 23, 59, tzinfo=BEIJING))
    assert any("期限还没有到" in one.what for one in lacks)


@pytest.mark.django_db
def test_moving_the_stage_moves_the_window_with_it(told_until):
    campaign = told_until.campaign
    Campaign.objects.filter(pk=campaign.pk).update(
        appeals_close_at=datetime(2025, 12, 18, 0, 0, tzinfo=BEIJING)
    )
    first = date(2025, 12, 8)

    def move(last):
        stages.move_stage(
            actor=told_until.handler,
            campaign=campaign,
            stage="appeals",
            first=first,
            last=last,
            reason="专家在外",
            now=told_until.tick(),
        )

    Campaign.objects.filter(pk=campaign.pk).update(stage="appeals")
    with pytest.raises(Refused, match="单位已被告知可以申请到 2025年12月17日"):
        move(date(2025, 12, 16))
    move(date(2025, 12, 22))
    campaign.refresh_from_db()
    assert campaign.appeals_close_at == datetime(2025, 12, 23, 0, 0, tzinfo=BEIJING)
    assert period.told_dates(campaign)["appeals"][1] == date(2025, 12, 22)
    titles = [one.title for one in queries.notices("U1", since=campaign.created_at)]
    assert any("复核申请" in one for one in titles)


@pytest.mark.django_db
def test_a_window_longer_than_the_plan_told_is_told_to_every_unit(cast, now, units, stored_files):
    days = "self_review: [year-11-17, year-12-05]"
    plan = FILES["timetable.yaml"].replace(days, f"{days}, appeals: [year-11-24, year-11-25]")
    year = make_year(cast, now, files={**FILES, "timetable.yaml": plan}).to("preview")
    last = period.told_dates(year.campaign)["appeals"][1]
    assert last > date(2025, 11, 25)
    for unit in ("U1", "U2"):
        [told] = queries.notices(unit, since=now)
        assert (told.was, told.becomes) == (date(2025, 11, 25), last)
        assert "复核申请期限" in told.title
