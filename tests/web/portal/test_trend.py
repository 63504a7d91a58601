"""The line of a unit's totals over the years."""

from fractions import Fraction

from kaoping.web.portal.trend import HEIGHT, TOP, trend

BANDS = [("优秀", Fraction(90)), ("良好", Fraction(80)), ("合格", Fraction(60))]


def test_one_year_is_no_line():
    assert trend([], BANDS) is None
    assert trend([(2025, Fraction(80))], BANDS) is None


def test_higher_totals_stand_higher_and_the_last_change_is_told():
    drawn = trend(
        [(2023, Fraction(71)), (2024, Fraction(93)), (2025, Fraction(93, 1) - Fraction(1, 3))], BANDS
    )
    first, second, last = drawn["dots"]
    assert first["x"] < second["x"] < last["x"]
    assert first["y"] > last["y"] > second["y"]
    assert len(drawn["lines"]) == 2
    assert [band["label"] for band in drawn["bands"]] == ["优秀 90", "良好 80"]
    assert "2025 年度比 2024 年度低 0.33 分" in drawn["caption"]


def test_a_small_difference_is_not_made_steep():
    drawn = trend([(2024, Fraction(99)), (2025, Fraction(98))], BANDS)
    first, last = drawn["dots"]
    assert last["y"] - first["y"] < HEIGHT / 10
    assert all(TOP <= dot["y"] <= TOP + HEIGHT for dot in drawn["dots"])
    assert "持平" in trend([(2024, Fraction(80)), (2025, Fraction(80))], BANDS)["caption"]
