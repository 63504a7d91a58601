"""The stages of a campaign in order, and what is missing before each gate opens.

The order is that of the year: 考核办法 第七条 (平时考核、社会评议、定期考核), 第八条 (部门自查、综合评定).
A gate answers with what is missing, who supplies it and by which button; an empty answer opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kaoping.beijing import deadline_day
from kaoping.checks.model import date_words

PLAN, ROUTINE, EVALUATION, SELF_REVIEW, REVIEW = "plan", "routine", "evaluation", "self_review", "review"
PREVIEW, APPEALS, FROZEN, PUBLISHED = "preview", "appeals", "frozen", "published"
STAGES: Final = (PLAN, ROUTINE, EVALUATION, SELF_REVIEW, REVIEW, PREVIEW, APPEALS, FROZEN, PUBLISHED)
LABELS: Final[dict[str, str]] = {
    PLAN: "制定方案",
    ROUTINE: "平时考核",
    EVALUATION: "社会评议",
    SELF_REVIEW: "部门自查",
    REVIEW: "综合评定",
    PREVIEW: "结果预览",
    APPEALS: "复核申请",
    FROZEN: "签发冻结",
    PUBLISHED: "公开",
}
TIMETABLES: Final[dict[str, str]] = {"A": "年底", "B": "次年初"}
# What a release shows outside. At every level but ``full`` the whole bundle stays with the office, its digest is published.
PUBLICATION_LEVELS: Final[dict[str, str]] = {
    "grades": "等次",
    "totals": "等次、总分",
    "first_level": "等次、总分和一级指标得分",
    "full": "全部指标得分和依据",
}

HANDLER: Final = "政务公开办经办"
# What is said to whoever decided on something that somebody else changed at the same moment.
MEANWHILE: Final = "刚刚已有人办理，请刷新后看现在的情况。"
# The poll's time is over and its box is not sealed yet.
POLL_CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a gate shut: what, who supplies it, by which button.

    ``waits``: nobody can do anything about it before a day that was told; it is on nobody's list till then.
    """

    what: str
    who: str
    how: str
    waits: bool = False

    def words(self) -> str:
        """The sentence a person reads."""
        return f"{self.what}。{self.how}。" if self.waits else f"{self.what}。由{self.who}办理：{self.how}。"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates look at, gathered by ``queries.campaign.stage_facts`` and by the caller (poll, release)."""

    rulebook: bool = False
    timetable: str = ""
    priorities: int = 0
    groups: Mapping[str, int] = field(default_factory=dict)  # group -> participating units
    plan_missing: tuple[str, ...] = ()  # steps of the approval still to sign, in words
    plan_scan: bool = False
    poll_state: str | None = None  # prepared | open | closed | sealed | opened; null without a poll
    tallies: bool = False  # ballots' tallies are in the ledger
    self_review_until: datetime | None = None  # 24:00 of the day that the units were told
    self_reviews_open: tuple[str, ...] = ()  # short names: neither submitted nor named as missing
    undecided_claims: int = 0
    unscored: tuple[str, ...] = ()  # short names of units with a judged item that lacks a score
    round_closed: bool = False
    sheet: bool = False
    sheet_after_round: bool = False
    appeals_close_at: datetime | None = None
    open_appeals: int = 0
    sheet_is_latest: bool = False
    sheet_prepared: bool = (
        True  # somebody is known to have computed it, and its signature did not become void
    )
    open_cells: int = 0  # items without a basis that leave a total open, in the latest sheet
    signed_off: bool = False
    release: bool = False
    result_missing: tuple[str, ...] = ()
    result_scan: bool = False
    result_returned: bool = False  # the last word on the result's approval sheet is that it goes back


def next_stage(stage: str) -> str | None:
    """The stage after ``stage``, null after the last."""
    position = STAGES.index(stage)
    return STAGES[position + 1] if position + 1 < len(STAGES) else None


def reached(stage: str, wanted: str) -> bool:
    """Whether a campaign at ``stage`` has come to ``wanted`` or further."""
    return STAGES.index(stage) >= STAGES.index(wanted)


def refusal_to_enter(stage: str, to: str) -> str | None:
    """Why a form that was made for the gate to ``to`` opens none now, or null: one form opens one gate."""
    following = next_stage(stage)
    if to == following:
        return None
    if to in STAGES and reached(stage, to):
        return f"已经进入“{LABELS[to]}”，不用再办。"
    return f"现在是“{LABELS[stage]}”阶段，请刷新本页后再办。"


def missing(stage: str, facts: Facts, now: datetime) -> list[Missing]:
    """What keeps the gate after ``stage`` shut at ``now``; empty when it opens. Nothing follows the last stage."""
    gate = _GATES.get(stage)
    if gate is None:
        return [
            Missing("本年度考核已经公开，没有下一阶段", HANDLER, "要改正已公开的结果，在“更正”点“立更正”")
        ]
    return gate(facts, now)


def _plan(facts: Facts, _now: datetime) -> list[Missing]:
    lacks = []
    if not facts.rulebook:
        lacks.append(Missing("没有选定规则集", HANDLER, "在“年度方案”点“选规则集”"))
    if not facts.priorities:
        lacks.append(Missing("没有列出年度要点", HANDLER, "在“年度方案”点“填写要点”"))
    if facts.timetable not in TIMETABLES:
        lacks.append(Missing("没有选定时间安排", HANDLER, "在“年度方案”点“选时间安排”"))
    if not any(facts.groups.values()):
        lacks.append(Missing("没有参评单位", HANDLER, "在“年度方案”点“选定参评单位”"))
    lacks += [
        Missing(f"“{group}”组没有参评单位", HANDLER, "在“年度方案”点“选定参评单位”")
        for group, count in facts.groups.items()
        if count == 0
    ]
    return lacks + approval_missing(facts.plan_missing, facts.plan_scan, "方案")


def approval_missing(steps: tuple[str, ...], scan: bool, subject: str) -> list[Missing]:
    """What an approval sheet lacks next: whose signature, in their order, and after all of them the signed scan."""
    if steps:
        return [Missing(f"{subject}呈批表缺{'、'.join(steps)}签批", steps[0], f"在“{subject}呈批”点“签批”")]
    if not scan:
        return [Missing(f"没有附{subject}呈批表签字扫描件", HANDLER, f"在“{subject}呈批”点“附扫描件”")]
    return []


def _routine(facts: Facts, _now: datetime) -> list[Missing]:
    if facts.poll_state is None:
        return [Missing("社会评议还没有布置", HANDLER, "在“社会评议”点“布置评议”")]
    return []


def _evaluation(facts: Facts, _now: datetime) -> list[Missing]:
    if facts.poll_state is None:  # it was cancelled before it began
        return [Missing("社会评议还没有布置", HANDLER, "在“社会评议”点“布置评议”")]
    if facts.poll_state in ("prepared", "open"):
        how = "截止时自动封存，再由两名开箱人开箱"
        return [Missing("评议还没有截止，问卷还没有封存", HANDLER, how, waits=True)]
    if facts.poll_state == POLL_CLOSED:
        how = "截止时自动封存；没有自动封存的，在“社会评议”点“封存问卷”"
        return [Missing("评议已截止，问卷还没有封存", HANDLER, how)]
    if facts.poll_state != "opened":
        return [Missing("问卷已封存，还没有开箱", "两名开箱人", "在“社会评议”点“开箱”")]
    if not facts.tallies:
        return [Missing("开箱结果还没有计入台账", "两名开箱人", "在“社会评议”点“开箱”")]
    return []


def refusal_before(until: datetime | None, now: datetime) -> str | None:
    """Why nothing may be closed before ``until``, the instant that the units were told, in words; null once it is past."""
    if until is None or now >= until:
        return None
    return f"自查到 {date_words(deadline_day(until))} 24:00 止，期限没有到，单位仍可填报"


def _self_review(facts: Facts, now: datetime) -> list[Missing]:
    early = refusal_before(facts.self_review_until, now)
    if early:
        return [Missing(early, HANDLER, "期限届满后再办", waits=True)]
    units = facts.self_reviews_open
    if not units:
        return []
    shown = "、".join(units[:5]) + (f" 等 {len(units)} 家" if len(units) > 5 else "")
    return [
        Missing(
            f"{shown}没有提交自查",
            "单位联络员",
            "在“部门自查”点“提交自查”；逾期不交的，由经办在“自查”打开这家单位，点“登记为逾期未报”",
        )
    ]


def _review(facts: Facts, _now: datetime) -> list[Missing]:
    lacks = []
    if facts.undecided_claims:
        lacks.append(
            Missing(f"还有 {facts.undecided_claims} 项“不涉及”没有审定", HANDLER, "在“不涉及”点“审定”")
        )
    if not facts.round_closed:
        if facts.unscored:
            shown = "、".join(facts.unscored[:5])
            more = f" 等 {len(facts.unscored)} 家" if len(facts.unscored) > 5 else ""
            lacks.append(
                Missing(f"{shown}{more}还有指标没有专家评分", "专家", "在“我的评审”逐项评完一家，点“完成”")
            )
        if not lacks:
            lacks.append(Missing("评审还没有结束，评分没有计入台账", HANDLER, "在“评审”点“结束评审”"))
    elif not facts.sheet_after_round:
        lacks.append(Missing("评审结束后还没有计算计分表", HANDLER, "在“评分”点“计算计分表”"))
    return lacks


def _preview(facts: Facts, _now: datetime) -> list[Missing]:
    if not facts.sheet:
        return [Missing("没有可供预览的计分表", HANDLER, "在“评分”点“计算计分表”")]
    return []


def may_still_appeal(close_at: datetime | None, now: datetime) -> bool:
    """Whether the window for 复核申请 that ends at ``close_at`` is open; one answer for the gate, the signature and the filing."""
    return close_at is not None and now < close_at


def _appeals(facts: Facts, now: datetime) -> list[Missing]:
    lacks = []
    if may_still_appeal(facts.appeals_close_at, now):
        words = "复核申请期限还没有到，单位仍可申请"
        lacks.append(Missing(words, HANDLER, "期限届满后再办", waits=True))
    if facts.open_appeals:
        lacks.append(
            Missing(
                f"还有 {facts.open_appeals} 件复核申请没有作出决定",
                "复核人",
                "在“我的复核”打开申请，点“作出决定”",
            )
        )
    if not facts.sheet_is_latest:
        lacks.append(Missing("计分表之后又有新记录，要按最新记录重算", HANDLER, "在“评分”点“计算计分表”"))
    elif not facts.sheet_prepared:
        lacks.append(Missing("没有经办计算的、可以签发的计分表，要重算", HANDLER, "在“评分”点“计算计分表”"))
    elif facts.open_cells:
        lacks.append(
            Missing(f"计分表还差 {facts.open_cells} 格没有依据", HANDLER, "在“评分”补录后点“计算计分表”")
        )
    elif not facts.signed_off and not lacks:
        lacks.append(Missing("计分表没有第二人签发", "第二签发人", "在“签发”核对后输入年份，点“签发”"))
    return lacks


def _frozen(facts: Facts, _now: datetime) -> list[Missing]:
    lacks = []
    if facts.result_returned:
        how = "要改结果的，在“发布”点“退回复核申请”；不用改的，在“结果呈批”点“签批”重新呈批"
        lacks.append(Missing("结果呈批表被退回", HANDLER, how))
    if not facts.release:
        lacks.append(Missing("还没有生成发布包", HANDLER, "在“发布”点“冻结”"))
    return lacks + approval_missing(facts.result_missing, facts.result_scan, "结果")


_GATES: Final[dict[str, Callable[[Facts, datetime], list[Missing]]]] = {
    PLAN: _plan,
    ROUTINE: _routine,
    EVALUATION: _evaluation,
    SELF_REVIEW: _self_review,
    REVIEW: _review,
    PREVIEW: _preview,
    APPEALS: _appeals,
    FROZEN: _frozen,
}
