"""Places in the small drawings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.web.ui.charts import satisfaction, spread, strip
from kaoping.web.ui.parts.score import DistributionStrip, GradeBand, RaterScore, RaterSpread

BANDS = (
    GradeBand("不合格", 0, 60),
    GradeBand("合格", 60, 80),
    GradeBand("良好", 80, 90),
    GradeBand("优秀", 90, 100),
)
totals = st.lists(st.decimals(min_value=0, max_value=100, places=2), max_size=40)


@given(totals, st.sampled_from([24, 60]))
@settings(max_examples=50, deadline=None)
def test_every_unit_is_one_dot_inside_its_own_band(values: list[Decimal], columns: int) -> None:
    drawn = strip(DistributionStrip(values, BANDS), columns=columns)
    assert len(drawn.dots) == len(values) == sum(band.count for band in drawn.bands)
    inside = Counter(
        band.label for dot in drawn.dots for band in drawn.bands if band.x < dot.x < band.x + band.width + 0.2
    )
    assert inside == {band.label: band.count for band in drawn.bands if band.count}
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == len(values)
    assert all(0 < dot.y < drawn.base for dot in drawn.dots)


def test_the_band_counts_the_grades_given_and_the_held_are_marked() -> None:
    bands = tuple(replace(band, count=number) for number, band in enumerate(BANDS))
    drawn = strip(DistributionStrip(["90", "91", "91"], bands, held=["91"]))
    assert [band.count for band in drawn.bands] == list(range(len(BANDS)))
    assert [dot.held for dot in drawn.dots].count(True) == 1


def test_without_totals_the_strip_is_empty_and_keeps_its_table() -> None:
    drawn = strip(DistributionStrip([], BANDS))
    assert drawn.empty and [band.count for band in drawn.bands] == [0, 0, 0, 0]
    assert strip(DistributionStrip([1], ())).empty


def test_a_tie_stays_a_tie_when_one_unit_is_looked_for() -> None:
    drawn = strip(DistributionStrip(["77.8", "77.8", "90"], BANDS, highlight=Decimal("77.8")))
    assert [dot.found for dot in drawn.dots] == [True, True, False]


def test_answers_keep_their_order_and_fill_the_bar() -> None:
    parts = satisfaction(
        {"satisfied": 43, "basic": 36, "dissatisfied": 13, "unclear": 8}, {"satisfied": "4.8"}
    )
    assert [part.label for part in parts] == ["满意", "基本满意", "不满意", "说不清"]
    assert parts[3].x == "92%" and parts[0].margin == "4.8" and parts[1].margin == ""


def test_a_reviewer_far_from_the_median_is_hollow() -> None:
    scores = (RaterScore("甲", 4), RaterScore("乙", 4), RaterScore("丙", 2))
    placed = spread(RaterSpread(scores, 0, 5, apart=1))
    assert [score.apart for score in placed] == [False, False, True]
    assert placed[0].x == "80%"
    assert spread(RaterSpread((RaterScore("甲", None),), 0, 5))[0].x == ""
