"""Until when a stage goes one back, and what keeps it."""

import pytest

from kaoping.accounts.actor import Who
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.stage_return import (
    Facts,
    back_to,
    kept_by,
    refusal,
    refusal_to_return,
    refusal_to_second,
)


@pytest.mark.parametrize("stage", stages.STAGES)
def test_every_stage_goes_back_or_says_which_way_there_is(stage):
    facts = Facts(stage)
    if back_to(stage) is None:
        assert refusal(facts)
        assert kept_by(facts) == []
    else:
        assert refusal(facts) is None
        assert stages.next_stage(str(back_to(stage))) == stage


@pytest.mark.parametrize(
    ("facts", "what", "remedy"),
    [
        (Facts("routine", poll_state="prepared"), "社会评议已经布置", "取消评议"),
        (Facts("routine", poll_state="open"), "公众已经开始评议", "封存、开箱"),
        (Facts("evaluation", poll_state="open"), "公众已经开始评议", "封存、开箱"),
        (Facts("evaluation", poll_state="opened"), "公众已经开始评议", "封存、开箱"),
        (Facts("self_review", begun=3), "3 家单位已经填报自查", "点“退回”"),
        (Facts("review", scores=7), "专家已经评了 7 项", "由专家回避"),
        (Facts("review", scores=7, round_closed=True), "评审不能重开", "审定改分"),
        (Facts("preview", appeals=2), "2 件复核申请", "撤回"),
        (Facts("preview", rulings=1), "1 件审定改分", "不同意"),
        (Facts("appeals", signed=True), "计分表已经签发", "退回复核申请"),
    ],
)
def test_what_was_handed_in_keeps_the_stage_and_the_remedy_is_named(facts, what, remedy):
    words = refusal(facts)
    assert words is not None and what in words and remedy in words
    assert refusal_to_return(facts) == words


@pytest.mark.parametrize(
    "facts",
    [
        Facts("evaluation", poll_state="prepared"),
        Facts("evaluation"),
        Facts("review"),
        Facts("preview", round_closed=True, scores=9),
        Facts("appeals", round_closed=True, appeals=4, rulings=1),
    ],
)
def test_what_stays_within_reach_keeps_nothing(facts):
    assert refusal_to_return(facts) is None


def test_the_second_person_is_another_and_may_say_no_to_what_cannot_go_back_any_more():
    assert "没有等待确认" in (refusal_to_second(Facts("preview"), Who("2"), True) or "")
    waiting = Facts("preview", proposed_by=Who("1"), appeals=1)
    assert "提出人不能自己确认" in (refusal_to_second(waiting, Who("1"), True) or "")
    assert "复核申请" in (refusal_to_second(waiting, Who("2"), True) or "")
    assert refusal_to_second(waiting, Who("2"), False) is None
