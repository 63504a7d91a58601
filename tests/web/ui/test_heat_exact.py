"""The step and the arrow of a heat cell come from exact numbers, its words from the written ones."""

from fractions import Fraction

from kaoping.web.ui.heat import cell


def test_a_rate_on_an_edge_takes_the_higher_step_however_it_is_written() -> None:
    # 10/3 of 50/9 is sixty percent; the written 3.33 of 5.56 is less.
    written = cell("3.33", maximum="5.56", unit="甲局", item="K1")
    made = cell("3.33", maximum="5.56", unit="甲局", item="K1", rate=Fraction(3, 5))
    assert (written.mark.step, made.mark.step) == (0, 1)
    assert "3.33 分，满分 5.56" in made.label and "低于" not in made.label


def test_the_arrow_comes_from_exact_rates_too() -> None:
    made = cell(
        "3.33", maximum="5.56", unit="甲局", item="K1", rate=Fraction(3, 5), rate_before=Fraction(57, 100)
    )
    assert made.mark.moved == "up"
    still = cell("3.33", maximum="5.56", unit="甲局", item="K1", rate=Fraction(3, 5))
    assert still.mark.moved == ""
