from fractions import Fraction

import pytest

from kaoping.beijing import day_of, deadline_day
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.reporting import board

pytestmark = pytest.mark.django_db


def test_the_rail_follows_the_stage_and_leaves_routine_to_the_band_below(year):
    assert [one.state for one in board.stations(year.campaign)][:2] == ["now", "next"]
    year.to("routine")
    states = {one.stage: one.state for one in board.stations(year.campaign)}
    assert "routine" not in states and states["plan"] == "done" and states["evaluation"] == "next"
    year.to("review")
    states = {one.stage: one.state for one in board.stations(year.campaign)}
    assert states["self_review"] == "done" and states["review"] == "now" and states["published"] == "next"


def test_a_stage_that_is_over_has_its_real_days_and_one_to_come_those_of_the_plan(year):
    year.to("appeals")
    found = {one.stage: one for one in board.stations(year.campaign)}
    entered = {row.stage: row.entered_at for row in campaigns.stage_entries(year.campaign)}
    over, ahead = found["self_review"], found["frozen"]
    assert over.days == (day_of(entered["self_review"]), day_of(entered["review"])) != over.planned
    assert over.mark == "实际"
    assert (ahead.days, ahead.mark) == (ahead.planned, "")


def test_the_window_for_appeals_has_one_end_on_every_screen(year):
    planned = {one.stage: one.planned for one in board.stations(year.to("review").campaign)}["appeals"]
    year.to("preview")
    told = {one.stage: one.planned for one in board.stations(year.campaign)}["appeals"]
    assert told != planned and told[1] == deadline_day(year.campaign.appeals_close_at)


def test_rates_count_only_what_was_scored(year):
    columns = [board.Top("K1", "组织", "70", ("K1.1", "K1.2"))]
    summary = {"items": {"K1.1": ["20", "scored", "40"], "K1.2": ["0", "not_scored", "30"]}}
    (one,) = board.first_levels(summary, columns)
    assert (one.rate, one.done, one.of) == (Fraction(50), 1, 2)
    (none,) = board.first_levels({"items": {"K1.1": ["0", "not_scored", "40"]}}, columns)
    assert none.rate is None and none.of == 1
    (out,) = board.first_levels({"items": {"K1.1": ["0", "not_applicable", "40"]}}, columns)
    assert out.of == 0


def test_rates_and_totals_compare_exact_numbers():
    columns = [board.Top("K1", "组织", "70", ("K1.1",))]
    # 60 of 100 times 50/9, written 3.33 of 5.56: the written numbers would give 59.
    (one,) = board.first_levels({"items": {"K1.1": ["3.33", "scored", "5.56", "10/3", "50/9"]}}, columns)
    assert (one.rate, one.percent) == (Fraction(60), 60)
    assert sheets.total_of({"total": "90.00", "exact": "89999/1000"}) < 90
    assert sheets.total_of({"total": None, "exact": None}) is None
    assert sheets.total_of({"total": "90.00"}) == 90


def test_progress_is_counted_and_what_has_not_begun_is_left_out(year):
    assert board.progress(year.campaign, [], units=None) == []
    year.to("preview")
    rows = sheets.all_rows(sheets.latest(year.campaign))
    made = {one.label: (one.done, one.total) for one in board.progress(year.campaign, rows, units=None)}
    assert made == {"自查提交": (2, 2), "评审完成": (4, 4), "已有依据的格": (8, 8)}
    branch = board.progress(year.campaign, rows[:1], units={"U1"})
    assert {one.label: one.total for one in branch} == {"自查提交": 1, "已有依据的格": 4}


def test_bands_rise_and_heat_follows_three_of_them(year):
    assert [one.label for one in board.bands(year.campaign, [])] == ["不合格", "良好"]
    assert board.heat_edges(year.campaign) == (60, 70, 80, 90)
