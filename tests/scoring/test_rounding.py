"""Half up, exact."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.scoring.rounding import exact, half_up, plain


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("-0.001", 2, "0.00"),
        ("89.995", 2, "90.00"),
        ("89.9949999", 2, "89.99"),
        ("1/3", 4, "0.3333"),
        ("100", 2, "100.00"),
    ],
)
def test_halves_go_away_from_zero(value, places, text):
    assert half_up(Fraction(value), places) == text


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_a_value_by_at_most_half_a_unit(value, places):
    assert abs(Fraction(half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


@given(st.fractions())
def test_what_people_read_is_exact(value):
    assert Fraction(plain(value)) == value == Fraction(exact(value))


def test_plain_is_short():
    assert [plain(Fraction(text)) for text in ("2", "0.5", "1.25", "1/3")] == ["2", "0.5", "1.25", "1/3"]
