"""Steps of the heat scale and marks of grades."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from kaoping.web.ui.heat import cell
from kaoping.web.ui.parts.score import Seal
from kaoping.web.ui.scales import heat_step, percent


@pytest.mark.parametrize(
    ("points", "maximum", "step"),
    [
        (Decimal("59.999"), 100, 0),
        (60, 100, 1),
        (Fraction(7, 10), 1, 2),
        (8, 10, 3),
        (90, 100, 4),
        (None, 6, None),
        (3, 0, None),
    ],
)
def test_a_value_on_an_edge_takes_the_higher_step(points: object, maximum: object, step: int | None) -> None:
    assert heat_step(points, maximum) == step


def test_the_steps_move_with_the_bands_of_the_rulebook() -> None:
    assert heat_step(84, 100, (50, 65, 85, 95)) == 2


def test_a_width_is_never_outside_its_track() -> None:
    assert percent(1, 3) == "33.33"
    assert percent(-1, 3) == "0"
    assert percent(5, 3) == "100"
    assert percent(None, 3) == percent(1, 0) == "0"


def test_only_known_grades_get_a_seal() -> None:
    assert (Seal("优秀").kind, Seal("优秀").letter) == ("a", "优")
    assert Seal("未参加").kind == Seal("未定").letter == ""


def test_a_cell_says_in_words_what_it_shows() -> None:
    low = cell(Decimal("3.5"), maximum=6, unit="市卫生健康委", item="政策解读", before=4, veto=True)
    assert low.mark.step == 0
    assert low.label == "市卫生健康委，政策解读，3.5 分，满分 6，低于 60%，下降，单项否决"
    assert cell(90, unit="甲", item="乙", before=88).mark.moved == ""
    assert cell(90, unit="甲", item="乙", before=87).mark.moved == "up"


def test_what_could_not_be_told_is_neither_zero_nor_red() -> None:
    told = cell(None, unit="甲", item="乙", state="undecided").mark
    assert (told.text, told.step, told.state) == ("无法判定", None, "undecided")
    assert cell(None, unit="甲", item="乙").mark.text == "待评"
    assert cell(None, unit="甲", item="乙", state="few").mark.text == "份数不足"
