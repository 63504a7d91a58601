from datetime import UTC, date, datetime, timedelta

import pytest

from kaoping.inspection import logic

NOW = datetime(2025, 6, 18, 3, 0, tzinfo=UTC)
GOOD = {
    "place": "办事大厅",
    "item": "K4.3.p",
    "check": "",
    "outcome": "met",
    "note": "",
    "photo": "a.jpg",
    "visited_at": NOW,
    "now": NOW,
}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": " "}, "place"),
        ({"item": ""}, "item"),
        ({"outcome": "maybe"}, "outcome"),
        ({"outcome": "not_met"}, "note"),
        ({"outcome": "undecided"}, "note"),
        ({"photo": ""}, "photo"),
        ({"photo": "a.pdf"}, "photo"),
        ({"pledged": False}, "photo"),
        ({"visited_at": None}, "visited_at"),
        ({"visited_at": NOW + timedelta(minutes=11)}, "visited_at"),
        ({"visited_at": datetime(1990, 6, 30, tzinfo=UTC), "since": date(2024, 12, 1)}, "visited_at"),
    ],
)
def test_each_field_says_what_is_wrong(change, field):
    assert list(logic.refusal_to_record(**(GOOD | change))) == [field]


def test_what_can_be_recorded():
    assert logic.refusal_to_record(**GOOD) == {}
    assert logic.refusal_to_record(**(GOOD | {"item": "", "check": "P-05"})) == {}
    sent_late = {"visited_at": datetime(2024, 12, 1, tzinfo=UTC), "since": date(2024, 12, 1)}
    assert logic.refusal_to_record(**(GOOD | sent_late)) == {}
    no_photo = {"outcome": "undecided", "note": "施工围挡", "photo": ""}
    assert logic.refusal_to_record(**(GOOD | no_photo)) == {}


SOURCE = ("示例彩票第1期", date(2025, 6, 3), date(2025, 6, 1))
DAY = {"published": True, "source_on": date(2025, 6, 3), "today": date(2025, 6, 3)}


def test_a_draw_is_refused_in_words():
    strata = {"市级部门": ["U1", "U2"]}
    assert "名称" in logic.refusal_to_commit(" ", strata, {"市级部门": 1}, *SOURCE)
    assert "没有可抽的单位" in logic.refusal_to_commit("抽查", {}, {}, *SOURCE)
    assert "至少抽取一个" in logic.refusal_to_commit("抽查", strata, {}, *SOURCE)
    assert "只有 2 个" in logic.refusal_to_commit("抽查", strata, {"市级部门": 3}, *SOURCE)
    assert "不能重抽" in logic.refusal_to_draw(NOW, **DAY)
    assert "公开数值" in logic.refusal_of_value("1")
    assert logic.refusal_to_draw(None, **DAY) is None and logic.refusal_of_value("2025060 123") is None


@pytest.mark.parametrize("ahead", range(14))
def test_the_example_of_a_public_number_is_never_past(ahead):
    today = date(2025, 12, 28) + timedelta(days=ahead)
    words = logic.example_of_source(today)
    coming = [today + timedelta(days=n) for n in range(1, 4)]
    assert any(f"{one.year}年{one.month}月{one.day}日" in words for one in coming)
