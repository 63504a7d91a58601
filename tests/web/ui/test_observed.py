"""What was seen is told in one way to everybody."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from kaoping.scoring.observations import ACTS, SOURCES
from kaoping.web.ui.observed import rule, times, times_words, value_words


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("verdict", "met", "符合"),
        ("verdict", "undecided", "无法判定，不扣分"),
        ("level", "good", "好"),
        ("level", "strange", "strange"),
        ("ratio", {"done": 1200, "of": 1300}, "应办 1,300，办到 1,200"),
        ("count", 3, "3 件"),
        ("points", "2.50", "定为 2.50 分"),
        ("tally", {"question": "q1", "options": {"a": 1200, "b": 3}}, "1,203 份"),
        ("withdrawn", None, "撤去原来的记录"),
    ],
)
def test_each_kind_in_words(kind, value, words):
    assert value_words(SimpleNamespace(kind=kind, value=value), {"good": "好"}) == words


def test_a_tally_is_told_by_answer_where_the_question_is_known():
    one = SimpleNamespace(kind="tally", value={"question": "q1", "options": {"a": 29, "z": 2}})
    assert value_words(one, options={"a": "满意"}) == "31 份：满意 29、z 2"


@pytest.mark.parametrize(
    ("role", "label", "words"),
    [
        ("item", "满分", "3 分（待核）"),
        ("penalty", "最多扣", "3 分（待核）"),
        ("bonus", "最多加", "3 分（待核）"),
        ("veto", "作用", "单项否决，有一次就成立（待核）"),
        ("gate", "作用", "评优前提，有一次不符合就不满足（待核）"),
    ],
)
def test_a_rule_says_what_it_can_give_or_take(role, label, words):
    item = SimpleNamespace(
        role=role, max="3", confidence="proposed", legal_basis="第六条", how="登记", levels=()
    )
    assert (label, words) in rule(item)


SEEN = datetime(2025, 11, 30, 15, 59, 59, tzinfo=UTC)
TAKEN = datetime(2026, 1, 8, 1, 0, tzinfo=UTC)
JUDGED = datetime(2025, 12, 3, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "act", "judged", "words"),
    [
        ("reviewer", None, JUDGED, "评定时间 2025年12月3日 14:20，计入台账 2026年1月8日 09:00"),
        ("reviewer", None, None, "计入台账 2026年1月8日 09:00"),
        ("self", None, None, "提交时间 2026年1月8日 09:00"),
        ("office", None, None, "认定时间 2026年1月8日 09:00"),
        ("office", "ruling:1", None, "审定时间 2026年1月8日 09:00"),
        ("office", "appeal:FH-1", None, "复核决定时间 2026年1月8日 09:00"),
        ("register", "batch:1", None, "撤回时间 2026年1月8日 09:00"),
        ("monitor", None, None, "查看时间 2025年11月30日 23:59，认定时间 2026年1月8日 09:00"),
        ("retest", None, None, "复测时间 2025年11月30日 23:59，登记时间 2026年1月8日 09:00"),
        ("visit", None, None, "查看时间 2025年11月30日 23:59，登记时间 2026年1月8日 09:00"),
        ("register", None, None, "发生时间 2025年11月30日 23:59，登记时间 2026年1月8日 09:00"),
    ],
)
def test_a_judgement_stands_at_its_own_time_never_at_the_end_of_the_year(source, act, judged, words):
    one = SimpleNamespace(source=source, act=act, observed_at=SEEN, recorded_at=TAKEN)
    assert times_words(one, judged) == words


def test_two_instants_that_read_alike_are_one():
    one = SimpleNamespace(source="visit", act=None, observed_at=TAKEN, recorded_at=TAKEN)
    assert times_words(one) == "查看时间 2026年1月8日 09:00"


def test_every_source_and_every_act_names_its_times():
    for source in SOURCES:
        one = SimpleNamespace(source=source, act=None, observed_at=SEEN, recorded_at=TAKEN)
        assert "观察时间" not in times_words(one)
    for act in ACTS:
        one = SimpleNamespace(source="office", act=f"{act}:1", observed_at=SEEN, recorded_at=TAKEN)
        assert len(times(one)) == 1 and times(one)[0][0] != "认定时间"
