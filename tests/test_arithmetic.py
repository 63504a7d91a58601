"""Exact numbers, and halves away from nought."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.arithmetic import exact, half_up, plain, ratio


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(45, 10), 0, "5"),
        (Fraction(4, 1687) * 100, 2, "0.24"),
        (Fraction(100), 2, "100.00"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction("0.5"), 0, "1"),
        (Fraction("2.5"), 0, "3"),
        (Fraction("-0.125"), 2, "-0.13"),
        (Fraction("89.995"), 2, "90.00"),
        (Fraction("89.9949999"), 2, "89.99"),
        (Fraction("1/3"), 4, "0.3333"),
    ],
)
def test_half_up(value, places, text):
    assert half_up(value, places) == text


@settings(max_examples=60, deadline=None)
@given(st.fractions(0, 1000), st.integers(0, 6))
def test_half_up_is_within_half_a_unit(value, places):
    unit = Fraction(1, 10**places)
    rounded = Fraction(half_up(value, places))
    assert -unit / 2 < rounded - value <= unit / 2


def test_decimal_text_and_numbers_are_exact():
    assert exact(0.7) == exact("0.7") == Fraction(7, 10)
    assert ratio(Fraction(50, 226)) == "25/113"
    assert plain(Fraction(7, 10)) == "0.7"
    assert [plain(Fraction(text)) for text in ("2", "1.25", "1/3")] == ["2", "1.25", "1/3"]


@given(st.fractions())
def test_what_people_read_is_exact(value):
    assert Fraction(plain(value)) == value == Fraction(ratio(value))


@pytest.mark.parametrize(
    "value", [True, None, "x", float("nan"), "Infinity", [1], "１０", "3_0", "1e3", "1" + "0" * 31]
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="数字"):
        exact(value)
