"""A stage opened by mistake goes one back (退回上一阶段): until when, and by whom. Pure.

Nothing is final until something is published. A stage can go back as long as nobody has handed in or recorded anything in
it that would lie where it cannot be reached; what keeps it is named with what to do instead. A closed round of review is
never opened again: after it only a ruling, an appeal or a correction moves points. The two stages behind it, in which the
units have seen their points, go back by two persons. How a signed result goes back is ``step_back``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kaoping.accounts.actor import Who, same_person
from kaoping.campaigns.logic.stages import (
    APPEALS,
    EVALUATION,
    FROZEN,
    HANDLER,
    LABELS,
    PLAN,
    POLL_CLOSED,
    PREVIEW,
    PUBLISHED,
    REVIEW,
    ROUTINE,
    SELF_REVIEW,
    STAGES,
    Missing,
)
from kaoping.campaigns.logic.step_back import WAY

BUTTON: Final = "退回上一阶段"
NO_REASON: Final = "请写明为什么退回，阶段记录里列出这条理由。"
ONLY_HANDLER: Final = "退回上一阶段由政务公开办经办提出。"
ONLY_SECOND: Final = "“结果预览”“复核申请”的退回由第二签发人或办公室负责人确认。"
BY_TWO: Final = (PREVIEW, APPEALS)
_UNIT: Final = "单位联络员"
KEPT: Final = "已经记下的都保留，不删除；办好以后照常进入下一阶段。"
# Only where the preview itself is shut do the units lose sight of their points, and only then is the window set anew.
_FOR_UNITS: Final[dict[str, str]] = {
    PREVIEW: "单位从此看不到得分，到再次进入“结果预览”为止；复核申请期限作废，再次进入时从头算起。",
    APPEALS: "单位照常看得到得分；复核申请期限不变，没有届满的照常可以申请、撤回。",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What was handed in or recorded in the stage. ``poll_state`` null: no evaluation stands."""

    stage: str
    poll_state: str | None = None  # prepared | open | closed | sealed | opened
    begun: int = 0  # units that wrote in their self-review, handed it in or were named as missing
    scores: int = 0  # scores that reviewers saved
    round_closed: bool = False
    appeals: int = 0  # not withdrawn
    rulings: int = 0  # rulings on points that wait or were agreed to
    signed: bool = False
    proposed_by: Who | None = None  # of a proposal that waits for its second person


def back_to(stage: str) -> str | None:
    """The stage before ``stage``, null where the way back is another one or there is none."""
    return None if stage in (PLAN, FROZEN, PUBLISHED) else STAGES[STAGES.index(stage) - 1]


def effect(stage: str) -> str:
    """What going back from ``stage`` does to what was recorded and to what the units see, for who is about to do it."""
    return KEPT + _FOR_UNITS.get(stage, "")


def kept_by(facts: Facts) -> list[Missing]:
    """What keeps the stage from going back, each with who does what instead; empty when nothing does."""
    found = _KEPT.get(facts.stage)
    return found(facts) if found else []


def refusal_of_stage(stage: str) -> str | None:
    """Why this is not the way back of ``stage``, or null."""
    if stage == PLAN:
        return "“制定方案”是第一个阶段，没有上一阶段。年份建错的，在“年度方案”点“作废”。"
    if stage == FROZEN:
        return f"结果已经签发冻结。{WAY}"
    if stage == PUBLISHED:
        return "结果已经公开，不能退回。要改正，请在“更正”立更正。"
    return None


def refusal(facts: Facts) -> str | None:
    """Why the stage cannot go back now, or null."""
    words = refusal_of_stage(facts.stage)
    if words:
        return words
    lacks = kept_by(facts)
    return f"不能退回：{''.join(one.words() for one in lacks)}" if lacks else None


def refusal_to_return(facts: Facts) -> str | None:
    """Why the handler cannot take the stage back, or propose it, or null."""
    words = refusal(facts)
    if words:
        return words
    if facts.proposed_by is not None:
        return "已经提出退回，等第二签发人或办公室负责人确认。"
    return None


def refusal_to_second(facts: Facts, actor: Who, agreed: bool) -> str | None:
    """Why this person cannot answer the proposal, or null."""
    if facts.proposed_by is None:
        return "没有等待确认的退回。"
    if same_person(facts.proposed_by, actor):
        return "退回须两人办理，提出人不能自己确认。"
    return refusal(facts) if agreed else None


def _routine(facts: Facts) -> list[Missing]:
    if facts.poll_state is None:
        return []
    if facts.poll_state == "prepared":
        return [Missing("社会评议已经布置", HANDLER, "在“社会评议”点“取消评议”，再退回")]
    return [_voted(facts)]


def _evaluation(facts: Facts) -> list[Missing]:
    return [_voted(facts)] if facts.poll_state in ("open", POLL_CLOSED, "sealed", "opened") else []


def _voted(_facts: Facts) -> Missing:
    return Missing(f"公众已经开始评议，“{LABELS[EVALUATION]}”要办完", HANDLER, "截止后在“社会评议”封存、开箱")


def _self_review(facts: Facts) -> list[Missing]:
    if not facts.begun:
        return []
    how = "照常提交；日期要改的，由经办在“年度方案”改“部门自查”的日期，个别要重报的，由经办在“自查”点“退回”"
    return [Missing(f"{facts.begun} 家单位已经填报自查", _UNIT, how)]


def _review(facts: Facts) -> list[Missing]:
    if facts.round_closed:
        how = "改分由单位申请复核，或由两人在“评分”的“审定改分”办理"
        return [Missing("评审已经结束，评分已计入台账，评审不能重开", HANDLER, how)]
    if facts.scores:
        how = "照常评完；分错单位的，由专家回避，另行分派"
        return [Missing(f"专家已经评了 {facts.scores} 项", "专家", how)]
    return []


def _preview(facts: Facts) -> list[Missing]:
    lacks = []
    if facts.appeals:
        how = "在“结果预览”撤回；已经作出决定的，不能退回，改分在“审定改分”办理"
        lacks.append(Missing(f"单位已经提出 {facts.appeals} 件复核申请", _UNIT, how))
    if facts.rulings:
        how = "往前办理；待确认的由第二人答复“不同意”以后再退回"
        lacks.append(Missing(f"已经有 {facts.rulings} 件审定改分", HANDLER, how))
    return lacks


def _appeals(facts: Facts) -> list[Missing]:
    return (
        [Missing("计分表已经签发", HANDLER, "进入“签发冻结”以后，在“发布”退回复核申请")]
        if facts.signed
        else []
    )


_KEPT: Final[dict[str, Callable[[Facts], list[Missing]]]] = {
    ROUTINE: _routine,
    EVALUATION: _evaluation,
    SELF_REVIEW: _self_review,
    REVIEW: _review,
    PREVIEW: _preview,
    APPEALS: _appeals,
}
