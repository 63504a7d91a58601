"""What the public said about the unit, after the opening: how many, how satisfied. No opinion text, no ballot."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.balloting import public_unit, questionnaire_from_dict, shown
from kaoping.beijing import deadline_day
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.evaluation import queries
from kaoping.support import clock
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.table import Column, DataTable, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, points
from kaoping.web.unit.own import Own, latest, own_page

current = latest("unit-evaluation-year", stages.EVALUATION)
KINDS = ("satisfied", "basic", "dissatisfied", "unclear")


@require_safe
@own_page(policy.can_preview)
def of_year(request: SignedIn, own: Own) -> HttpResponse:
    """The unit's own result; before the opening nobody sees anything."""
    poll = queries.poll_of_year(own.campaign.year)
    result = queries.result_of_unit(poll, own.unit.code)
    told = _told(poll, result)
    title, waiting = _title(own, poll, result, told)
    context = {
        "title": title,
        "shell_width": "unit",
        "head": Head(
            title=title,
            crumbs=own.crumbs("本单位社会评议"),
            basis=Basis(
                n=f"有效问卷 {points(result['n'])} 份" if result else "",
                as_of=clock.now(),
                rubric=f"问卷 {poll.questionnaire.get('version', '')} 版" if poll else "",
            ),
        ),
        "waiting": waiting,
        "result": result,
        "rows": _rows(result, told) if result and told else [],
        "table": _table(poll, result, own) if result and told and told["grade"] else None,
    }
    return render(request, "unit/evaluation.html", context)


def _told(poll: Any, result: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What of the result may be told by the rule of small numbers: the unit is the last who should see a handful's answers."""
    if result is None:
        return None
    return public_unit(result, questionnaire_from_dict(poll.questionnaire))


def _title(
    own: Own, poll: Any, result: Mapping[str, Any] | None, told: Mapping[str, Any] | None
) -> tuple[str, str]:
    year = own.campaign.year
    if poll is None:
        return f"{year} 年社会评议还没有布置", "市政务公开办布置以后，这里写明起止时间。"
    now = clock.now()
    state = "closed" if queries.waits_for_seal(poll, now) else queries.state(poll, now)
    if not poll.result:
        closes = cn_date(deadline_day(poll.closes_at))
        words = {
            "prepared": f"{year} 年社会评议还没有开始",
            "open": f"社会评议正在进行，|{closes} 24:00 截止",
            "closed": "社会评议已经截止，|还没有封存",
        }.get(state or "", "社会评议已经截止，|结果还封存着")
        return words, "开箱以前，任何页面都不显示份数和结果，本单位和市政务公开办的页面都没有。"
    if result is None or told is None:
        return f"{year} 年没有收到对本单位的有效问卷", "没有问卷，不给出等次；这部分分值按规则摊到其他项。"
    if told["grade"]:
        figures = told["satisfaction"]
        return f"公众对本单位{told['grade']}" + (f"：|满意度 {figures['value']}" if figures else ""), ""
    return f"有效问卷 {points(result['n'])} 份，|不给出等次", ""


def _rows(result: Mapping[str, Any], told: Mapping[str, Any]) -> list[tuple[str, str]]:
    figures = told["satisfaction"] or {"value": None, "interval": None}
    interval = figures["interval"]
    network = (result.get("strata") or {}).get("government") or {}
    rows = [("有效问卷", f"{points(result['n'])} 份")]
    if figures["value"] is not None:
        margin = f"（95% 区间 {interval[0]}–{interval[1]}）" if interval else ""
        rows.append(("满意度", f"{figures['value']}{margin}"))
    elif told["grade"]:
        rows.append(("满意度", told["grade_reason"]))
    rows.append(("等次", told["grade"] or f"不给出等次：{told['grade_reason']}"))
    if network.get("n"):
        rows.append(("其中来自政府网络", f"{points(network['n'])} 份，单列"))
    return rows


def _table(poll: Any, result: Mapping[str, Any], own: Own) -> DataTable:
    lines = []
    for question in poll.questionnaire["questions"]:
        found = result["questions"].get(question["id"])
        if not question.get("dimension") or not found or not found["n"]:
            continue
        label = (
            str(question.get("label", question["id"])).replace("|", "").replace("{unit}", own.unit.short_name)
        )
        counts = {code: int(one["count"]) for code, one in found["options"].items()}
        stand = {one["code"] for one in question["options"] if one["counts_as"]}
        kept = shown(counts, stand, int(poll.questionnaire.get("min_n") or 1))
        if kept.options is None:
            lines.append([f"{label}（作出评价 {points(kept.n)} 份，份数不足，不列）", *["—"] * 5])
            continue
        shares = dict.fromkeys(KINDS, Fraction(0))
        for option in question["options"]:
            counted = found["options"].get(option["code"])
            if counted:
                shares[option["counts_as"] or "unclear"] += Fraction(counted["share"])
        lines.append([label, *(f"{points(shares[kind] * 100, 1)}%" for kind in KINDS), points(found["n"])])
    heads = ("满意", "基本满意", "不满意", "说不清", "份数")
    return table_of(
        caption="各题回答",
        columns=["题目", *(Column(head, num=True) for head in heads)],
        rows=lines,
        empty="没有可列的题目。",
        fold=True,
    )
