"""Registered people of the unit are masked; ordinary words that read like a two-character name stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.campaigns.logic.blind import UNIT, mask_of
from kaoping.campaigns.logic.blind_people import PERSON

MASK = mask_of(("样例市教育局",), (), (), ("王伟", "高峰", "欧阳小明", "李 静", "Li Lei", "杨"))


@pytest.mark.parametrize(
    "text",
    [
        "联系人：王伟，电话 0519-1",
        "联系人王伟",
        "经办：王　伟",
        "王 伟（办公室）",
        "（王伟）",
        "王伟、李静等3人参加",
        "3月由王伟、李静牵头",
        "副局长王伟在会上部署",
        "局长 高峰主持会议",
        "高峰同志任组长",
        "王伟主任、高峰科长参加",
        "由高峰负责解读",
        "请王伟审核后公开",
        "王伟带队检查 2 次",
        "样例市教育局王伟",
        "填报人：高峰　审核人：李静",
        "王伟13900000000",
        "欧阳小明上传",
        "据欧阳　小明同志说",
        "我局欧阳小明整理",
        "见 Li Lei 的说明，或 LiLei",
        "组长：王伟\n成员：李静",
    ],
)
def test_a_person_is_masked(text):
    found = MASK.over(text)
    assert PERSON in found.text and found.hits
    bare = "".join(found.text.split())
    assert not [name for name in ("王伟", "高峰", "李静", "欧阳小明", "LiLei") if name in bare]


@pytest.mark.parametrize(
    "text",
    [
        "用网高峰期前完成扩容",
        "避开早高峰和晚高峰",
        "信访量达到高峰",
        "高峰时段平均 3 分钟",
        "由高峰转入平稳",
        "高峰等时段",
        "王伟东同志",  # somebody else, whose name only begins alike
        "小王伟业公司",
        "Li Leighton",
        "杨树 3 棵",
    ],
)
def test_a_word_is_no_person(text):
    assert MASK.over(text).text == text


def test_of_the_unit_s_name_and_a_person_both_are_counted():
    found = MASK.over("样例市教育局局长王伟主持，欧阳小明记录。")
    assert (found.text, found.hits) == (f"{UNIT}局长{PERSON}主持，{PERSON}记录。", 3)


@given(st.text(max_size=60), st.sampled_from(["欧阳小明", "王　伟"]), st.text(max_size=60))
def test_a_longer_name_and_one_with_a_blank_never_stay(before, name, after):
    found = MASK.over(f"{before}{name}{after}")
    assert name not in found.text
    assert MASK.over(found.text).text == found.text


def test_nobody_registered_masks_nobody():
    assert mask_of(("样例市教育局",), (), ()).over("联系人：王伟").text == "联系人：王伟"
