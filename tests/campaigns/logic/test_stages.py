"""Gates: a state machine walked at random never passes a gate whose condition is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.stages import STAGES, Facts

NOW = datetime(2025, 12, 30, 4, 0, tzinfo=UTC)
READY = Facts(
    rulebook=True,
    timetable="A",
    priorities=3,
    groups={"市级部门": 2},
    plan_scan=True,
    poll_state="opened",
    tallies=True,
    round_closed=True,
    sheet=True,
    sheet_after_round=True,
    appeals_close_at=NOW - timedelta(days=1),
    sheet_is_latest=True,
    signed_off=True,
    release=True,
    result_scan=True,
)
# Stage -> one spoiled fact, and what the refusal must speak of.
SPOILED: list[tuple[str, dict[str, Any], str]] = [
    ("plan", {"rulebook": False}, "规则集"),
    ("plan", {"timetable": ""}, "时间安排"),
    ("plan", {"priorities": 0}, "年度要点"),
    ("plan", {"groups": {}}, "没有参评单位"),
    ("plan", {"groups": {"辖市、区": 0, "市级部门": 2}}, "“辖市、区”组"),
    ("plan", {"plan_missing": ("领导小组领导",)}, "领导小组领导签批"),
    ("plan", {"plan_scan": False}, "扫描件"),
    ("routine", {"poll_state": None}, "布置"),
    ("evaluation", {"poll_state": "open"}, "封存"),
    ("evaluation", {"poll_state": "sealed"}, "开箱"),
    ("evaluation", {"tallies": False}, "台账"),
    ("self_review", {"self_reviews_open": ("市教育局",)}, "市教育局没有提交自查"),
    ("review", {"undecided_claims": 2}, "2 项“不涉及”"),
    ("review", {"round_closed": False}, "评审还没有结束"),
    ("review", {"round_closed": False, "unscored": ("市水利局",)}, "市水利局还有指标没有专家评分"),
    ("review", {"sheet_after_round": False}, "没有计算计分表"),
    ("preview", {"sheet": False}, "计分表"),
    ("appeals", {"appeals_close_at": NOW + timedelta(seconds=1)}, "期限还没有到"),
    ("appeals", {"open_appeals": 1}, "没有作出决定"),
    ("appeals", {"sheet_is_latest": False}, "新记录"),
    ("appeals", {"open_cells": 38}, "还差 38 格没有依据"),
    ("appeals", {"signed_off": False}, "第二人签发"),
    ("frozen", {"release": False}, "发布包"),
    ("frozen", {"result_missing": ("经办",)}, "经办签批"),
    ("frozen", {"result_scan": False}, "扫描件"),
]


@pytest.mark.parametrize("stage", STAGES[:-1])
def test_a_gate_opens_when_nothing_is_missing(stage: str) -> None:
    assert stages.missing(stage, READY, NOW) == []


@pytest.mark.parametrize(("stage", "spoil", "words"), SPOILED)
def test_a_gate_names_what_is_missing_who_and_how(stage: str, spoil: dict[str, Any], words: str) -> None:
    lacks = stages.missing(stage, replace(READY, **spoil), NOW)
    assert words in "".join(one.words() for one in lacks)
    assert all(one.what and one.who and one.how for one in lacks)


def test_nothing_follows_the_last_stage() -> None:
    assert stages.next_stage("published") is None
    assert stages.missing("published", READY, NOW)


@given(
    spoils=st.lists(st.sampled_from(SPOILED), max_size=6),
    stage=st.sampled_from(STAGES[:-1]),
)
@settings(max_examples=60, deadline=None)
def test_only_the_gates_own_facts_keep_it_shut(
    spoils: list[tuple[str, dict[str, Any], str]], stage: str
) -> None:
    facts = READY
    for _stage, spoil, _words in spoils:
        facts = replace(facts, **spoil)
    shut = bool(stages.missing(stage, facts, NOW))
    own = {name for at, spoil, _words in SPOILED if at == stage for name in spoil} - {"unscored"}
    if stage == "routine":  # any state of the poll will do here
        assert shut == (facts.poll_state is None)
    else:
        assert shut == any(getattr(facts, name) != getattr(READY, name) for name in own)


class Walk(RuleBasedStateMachine):
    """Facts come and go at random; the stage moves by one, only through an open gate, never back."""

    def __init__(self) -> None:
        super().__init__()
        self.stage, self.facts = STAGES[0], Facts()
        self.entered = [self.stage]

    @rule(name=st.sampled_from(list(Facts.__dataclass_fields__)), good=st.booleans())
    def change(self, name: str, good: bool) -> None:
        self.facts = replace(self.facts, **{name: getattr(READY if good else Facts(), name)})

    @rule()
    def all_good(self) -> None:
        self.facts = READY

    @rule()
    def try_to_advance(self) -> None:
        if not stages.missing(self.stage, self.facts, NOW):
            following = stages.next_stage(self.stage)
            assert following is not None
            self.stage = following
            self.entered.append(following)

    @invariant()
    def stages_come_in_order(self) -> None:
        assert tuple(self.entered) == STAGES[: len(self.entered)]


Walk.TestCase.settings = settings(max_examples=40, deadline=None, stateful_step_count=30)
TestWalk = Walk.TestCase
