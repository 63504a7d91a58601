"""The permission table: asks every policy for every role and writes ``docs/reference/permissions.md``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import django

from kaoping.accounts.actor import ROLES, Actor
from tests.declared import APPS, Door, verbs
from tests.declared import doors_of as declared_doors
from tests.declared import policies as doors

if TYPE_CHECKING:
    from kaoping.accounts.verbs import Declaration

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "permissions.md"
OWN, OTHER = "U1", "U2"
# Every verb that adds lines to the ledger or takes them out, and so moves points. A test reads the program and compares.
LEDGER_VERBS = (
    "campaigns.services.appeal.decide_appeal",
    "campaigns.services.applicability.decide_claim",
    "campaigns.services.correction.correct_points",
    "campaigns.services.ledger.correct_restoration",
    "campaigns.services.ledger.correct_withdrawal",
    "campaigns.services.ledger.import_lines",
    "campaigns.services.ledger.second_ruling",
    "campaigns.services.review.close_round",
    "campaigns.services.ruling.second_points",
    "campaigns.services.severe.second_severe",
    "campaigns.services.self_review.submit",
    "evaluation.services.box.open_poll",
    "evaluation.services.opinions.record_opinion_ratios",
    "evidence.services.import_register",
    "evidence.services.withdrawal.restore",
    "evidence.services.withdrawal.rule",
    "evidence.services.withdrawal.second_ruling",
    "evidence.services.withdrawal.undo_import",
    "evidence.services.withdrawal.withdraw",
    "inspection.services.record_visit",
    "monitoring.services.findings.clear",
    "monitoring.services.findings.confirm_batch",
    "monitoring.services.findings.settle_removed",
    "monitoring.services.retest.perform_retest",
    "monitoring.services.sighting.record_sightings",
    "rectification.services.closing.check",
    "rectification.services.merging.merge",
    "rectification.services.overdue.record_overdue",
)


# Every verb that can bring a sheet to other points without a line of the ledger: the test tries every
# verb that writes what a sheet is made of and compares.
POINT_VERBS = (
    "campaigns.services.plan.change_participation",
    "campaigns.services.plan.set_participation",
    "campaigns.services.plan.set_rulebook",
    "campaigns.services.plan.set_timetable",
    "campaigns.services.assigning.assign_evenly",
    "campaigns.services.assigning.assign_reviewers",
    "campaigns.services.review.recuse",
    "campaigns.services.review.save_score",
    "campaigns.services.review.take_back_assignment",
    "evidence.services.record",
    "registry.services.change_organisation",
    "registry.services.close_organisation",
    "registry.services.import_roster",
)
# Doors of the verbs that these call; and of a verb that is a door to another one and is not declared itself.
BESIDES = {
    "campaigns.services.ledger.correct_restoration": ("evidence.withdraw_by_correction",),
    "campaigns.services.ledger.correct_withdrawal": ("evidence.withdraw_by_correction",),
    "campaigns.services.ledger.import_lines": ("evidence.import_register",),
    "campaigns.services.ledger.second_ruling": ("evidence.second_ruling",),
    "evidence.disposals.confirm_disposal": ("evidence.confirm_disposal",),
    "evidence.disposals.destroy_artefact": ("evidence.confirm_disposal",),
    "evidence.services.withdrawal.withdraw": ("evidence.undo_import", "evidence.rule"),
    "monitoring.services.findings.clear": ("evidence.rule",),
    "rectification.services.merging.merge": ("evidence.rule",),
}
# The last step of the year at which each of both kinds still moves points. What comes into the ledger after the round closed is
# kept and moves nothing (``scoring.succession.in_time``), so that ``review`` is the last step of whatever has no act of two.
UNTIL = {
    **dict.fromkeys((*LEDGER_VERBS, *POINT_VERBS), "review"),
    "campaigns.services.appeal.decide_appeal": "appeals",
    "campaigns.services.correction.correct_points": "published",
    "campaigns.services.ledger.correct_restoration": "published",
    "campaigns.services.ledger.correct_withdrawal": "published",
    "campaigns.services.ledger.import_lines": "published",
    "campaigns.services.ledger.second_ruling": "appeals",
    "campaigns.services.plan.change_participation": "plan",
    "campaigns.services.plan.set_participation": "plan",
    "campaigns.services.plan.set_rulebook": "plan",
    "campaigns.services.plan.set_timetable": "plan",
    "campaigns.services.ruling.second_points": "appeals",
    "campaigns.services.severe.second_severe": "published",
    "evidence.services.withdrawal.restore": "published",
    "evidence.services.withdrawal.second_ruling": "published",
}
# They write lines, and yet a sheet comes to the same points with and without them.
MOVE_NOTHING = {
    "campaigns.services.self_review.submit": "自查的档次不计分，不涉及另行审定",
    "campaigns.services.review.close_round": "把评好的分计入台账，不改分",
}
# What still moves points when the round has closed: an act of two persons, or a correction, which two sign.
AFTER_THE_ROUND = {verb for verb, step in UNTIL.items() if step not in ("plan", "review")}
STEP_WORDS = {
    "plan": "方案批准前",
    "review": "评审结束前",
    "appeals": "签发冻结前（评审结束后两人办理）",
    "published": "公开以后也可以（两人审定或更正）",
}


# Every verb that one person cannot do alone: who may not be the second. A test reads the
# program and compares; another renames a person and makes a namesake at each.
TWO_PERSONS = {
    "accounts.services.switch_person": "被停用的本人",
    "campaigns.services.appeal.decide_appeal": "提出申请的人、评过这家单位的专家、登记所依据记录的人",
    "campaigns.services.approval.approve": "同一份呈批表上签过的人",
    "campaigns.services.ledger.second_ruling": "提请审定的人",
    "campaigns.services.ruling.second_points": "提请审定的人",
    "campaigns.services.severe.second_severe": "提出的人",
    "campaigns.services.sign_off.sign_off": "计算计分表的人；更正的，还有立更正的人",
    "campaigns.services.stage_return.second_stage_return": "提出退回的人",
    "campaigns.services.step_back.bring_back": "退回呈批表的人",
    "campaigns.services.step_back.second_back": "提出退回的人",
    "evaluation.services.box.open_poll": "第一位开箱人",
    "evaluation.services.poll.prepare_poll": "第一位开箱人不能兼作第二位",
    "evidence.disposals.confirm_disposal": "提出销毁、启封、放行的人",
    "evidence.disposals.destroy_artefact": "提出销毁的人",
    "evidence.services.withdrawal.second_ruling": "提请审定的人",
    "rectification.services.closing.check": "下发整改单的人",
    "rectification.services.closing.confirm_explanation": "下发整改单的人",
    "rectification.services.closing.decline_explanation": "下发整改单的人",
    "registry.passwords.ask_reset": "口令的本人",
    "registry.passwords.confirm_reset": "提出重置的人、口令的本人",
    "registry.passwords.release_rest": "重置的人、口令的本人",
    "registry.services.appoint": "任职的本人",
}


def doors_of(verb: str) -> tuple[str, ...]:
    """The doors of a verb, as its declaration names them. None: others call it, or the worker does."""
    declared = verbs().get(verb)
    return (*(declared_doors(declared) if declared else ()), *BESIDES.get(verb, ()))


def verdict(may: Door, role: str | None) -> str:
    """What a holder of ``role`` for the unit ``OWN`` may do: 可 everywhere, 本 for the own unit only, — nothing."""
    actor = Actor("1", "someone", "某人", ((role, OWN),) if role else (), main=OWN)
    own, other, city = may(actor, OWN), may(actor, OTHER), may(actor, None)
    if own and not other:
        return "本"
    return "可" if own or other or city else "—"


def table() -> str:
    """The page."""
    lines = [
        "# 谁能办什么",
        "",
        "本页由 `python -m tests.permission_table` 生成，测试逐项核对各应用 `policy.py` 的门；改了门而没有重写本页，测试不过。",
        "",
        "“可”：办得；“本”：岗位是为哪个单位任的，只对哪个单位办得——组织考核的单位各办自己的年度、评议和公开，被考核单位各办自己的事；“—”：办不得。这里只问岗位。事情所处的阶段、"
        "两人分办（签发人不是经办人，复核人不是原评分人）、评审指派和主管范围由各动词另行核对，不满足时用话说明缺什么。"
        "主管部门的范围取自单位名录，本表问的是任职单位自身。",
        "",
        "每个岗位有起止日期，过期自动失效。三员分立：系统管理员、安全管理员、审计员彼此分开，也不兼业务岗位。",
        "",
        "岗位："
        + "；".join(f"{short} {label}" for short, label in zip(_SHORT, ROLES.values(), strict=True))
        + "。",
    ]
    found = doors()
    for app, title in APPS.items():
        own = {door: entry for door, entry in found.items() if door.startswith(f"{app}.")}
        if not own:
            continue
        lines += ["", f"## {title}", "", "| 办什么 | 门 | " + " | ".join(_SHORT) + " |"]
        lines.append("| --- | --- |" + " :-: |" * len(_SHORT))
        for door, (label, may) in own.items():
            cells = [verdict(may, role) for role in ROLES]
            lines.append(f"| {label} | `{door}` | " + " | ".join(cells) + " |")
    lines += [
        "",
        "## 增减台账、影响得分的动词",
        "",
        "每个把记录记进台账或撤出台账的动词，由哪几道门管；测试逐个读程序核对，多一个、少一个都不过。"
        "没有门的由别的动词或后台任务调用。“到哪一步为止”：过了这一步，这个动词不再移动得分，或者办不了；"
        "测试在年度的每一步逐个办一遍，算到底再比。",
        "",
        *_point_rows(LEDGER_VERBS),
        "",
        "## 不经台账、影响得分的动词",
        "",
        "计分表由哪些表算出，由测试从程序读；写这些表的动词逐个试过，移动得分的都在这里。",
        "",
        *_point_rows(POINT_VERBS),
        "",
        "## 一人不能单独办的动词",
        "",
        "同一人由人员编号判断：改了姓名仍是同一人，同名的两人是两个人。早先的记录没有编号的，同名（含曾用名）算同一人。"
        "测试逐个读程序核对，并对每一个改名、造同名的人试一遍。",
        "",
        "| 动词 | 门 | 谁不能办 |",
        "| --- | --- | --- |",
        *(f"| `{verb}` | {_doors_words(verb)} | {who} |" for verb, who in sorted(TWO_PERSONS.items())),
        "",
        "## 全部动词",
        "",
        "每个动词在程序里只声明一次：由哪道门管、办完以后怎么退回。没有门的由本人办、由别的动词或后台任务调用。",
        "",
        "| 叫法 | 动词 | 门 | 怎么退回 |",
        "| --- | --- | --- | --- |",
        *(
            f"| {one.declared.title} | `{name}` | {_doors_words(name)} | {_back_words(one.declared)} |"
            for name, one in sorted(verbs().items())
        ),
    ]
    return "\n".join(lines) + "\n"


def _point_rows(verbs: Iterable[str]) -> list[str]:
    return [
        "| 动词 | 门 | 到哪一步为止 |",
        "| --- | --- | --- |",
        *(f"| `{verb}` | {_doors_words(verb)} | {_until_words(verb)} |" for verb in sorted(verbs)),
    ]


def _doors_words(verb: str) -> str:
    return "、".join(f"`{door}`" for door in doors_of(verb)) or "—"


def _back_words(declared: Declaration) -> str:
    titles = {one.declared.id: one.declared.title for one in verbs().values()}
    return f"用“{titles.get(declared.back, declared.back)}”" if declared.back else declared.final


def _until_words(verb: str) -> str:
    if verb in MOVE_NOTHING:
        return f"不移动得分：{MOVE_NOTHING[verb]}"
    return STEP_WORDS[UNTIL[verb]]


_SHORT = [
    "经办",
    "主任",
    "签发",
    "领导",
    "开箱",
    "辖区",
    "行业",
    "联络",
    "专家",
    "复核",
    "检查",
    "系统",
    "安全",
    "审计",
]

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaoping.config.settings_test")
    django.setup()
    PAGE.write_text(table(), encoding="utf-8")
