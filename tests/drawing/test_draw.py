"""Draws repeat, are fair in size and cannot be steered by the order of the list."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.drawing import DrawError, check_protocol, draw, proportional_sizes, protocol

NONCE = "a secret of the office"
STRATA = {"部门": [f"D{number:02}" for number in range(20)], "辖市区": ["LY", "JT", "WJ", "XB", "TN", "ZL"]}
SIZES = {"部门": 5, "辖市区": 2}


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=20), st.permutations(STRATA["部门"]), st.integers(0, 20))
def test_same_seed_draws_the_same_whatever_the_order(seed, order, size):
    result = draw({"部门": order}, {"部门": size}, seed)
    assert result == draw({"部门": STRATA["部门"]}, {"部门": size}, seed)
    assert len(set(result.units)) == size
    assert sorted(result.units + [one.unit for one in result.reserves]) == STRATA["部门"]


def test_a_larger_draw_keeps_the_smaller_one():
    assert draw(STRATA, {"部门": 8}, "s").units[:5] == draw(STRATA, {"部门": 5}, "s").units


def test_every_unit_is_drawn_about_equally_often():
    times = dict.fromkeys(STRATA["辖市区"], 0)
    for number in range(600):
        for unit in draw(STRATA, {"辖市区": 2}, str(number)).units:
            times[unit] += 1
    assert all(150 < count < 250 for count in times.values())


@pytest.mark.parametrize("sizes", [{"辖市区": 7}, {"辖市区": -1}, {"乡镇": 1}])
def test_impossible_sizes(sizes):
    with pytest.raises(DrawError, match="不能抽取"):
        draw(STRATA, sizes, "s")


def test_proportional_sizes_round_up():
    assert proportional_sizes(STRATA, 30) == {"部门": 6, "辖市区": 2}
    with pytest.raises(DrawError):
        proportional_sizes(STRATA, 0)


def test_protocol_can_be_drawn_again_from_its_file():
    data = json.loads(json.dumps(protocol(STRATA, SIZES, NONCE, "08 12 31")))
    assert check_protocol(data, data["commitment"]) == []
    assert len(data["drawn"]) == 7


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nonce": "another secret number"}, "事先承诺"),
        ({"public_value": "1"}, "种子不符"),
        ({"drawn": []}, "抽中的单位不符"),
        ({"list": {**STRATA, "辖市区": STRATA["辖市区"][1:]}}, "名单校验值不符"),
        ({"sizes": {"部门": 99}}, "不能抽取"),
        ({"list": None}, "不完整"),
    ],
)
def test_altered_protocol_is_named(change, words):
    data = protocol(STRATA, SIZES, NONCE, "08 12 31") | change
    assert any(words in found for found in check_protocol(data))


def test_other_commitment_is_named():
    assert check_protocol(protocol(STRATA, SIZES, NONCE), "0" * 64) == ["与抽取前公布的承诺不符"]
