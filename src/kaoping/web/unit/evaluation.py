"""What the public said about the unit, after the opening: how many, how satisfied. No opinion text, no ballot."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.beijing import deadline_day
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.evaluation import queries
from kaoping.support import clock
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.table import Column, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, points
from kaoping.web.unit.own import Own, latest, own_page

current = latest("unit-evaluation-year", stages.EVALUATION)


@require_safe
@own_page(policy.can_preview)
def of_year(request: SignedIn, own: Own) -> HttpResponse:
    """The unit's own result; before the opening nobody sees anything."""
    poll = queries.poll_of(own.campaign.key)
    told = queries.told_of(poll, own.unit.code)
    title, waiting = _title(own, poll, told)
    context = {
        "title": title,
        "shell_width": "unit",
        "head": Head(
            title=title,
            crumbs=own.crumbs("本单位社会评议"),
            basis=Basis(
                n=f"有效问卷 {points(told.n)} 份" if told else "",
                as_of=clock.now(),
                rubric=f"问卷 {queries.version_of(poll)} 版" if poll else "",
            ),
        ),
        "waiting": waiting,
        "result": told,
        "rows": _rows(told) if told else [],
        "table": _table(told, own) if told and told.grade else None,
    }
    return render(request, "unit/evaluation.html", context)


def _title(own: Own, poll: queries.Poll | None, told: queries.Told | None) -> tuple[str, str]:
    year = own.campaign.year
    if poll is None:
        return f"{year} 年社会评议还没有布置", "政务公开办布置以后，这里写明起止时间。"
    if not poll.result:
        return (
            _until_opened(poll, year),
            "开箱以前，任何页面都不显示份数和结果，本单位和政务公开办的页面都没有。",
        )
    if told is None:
        return f"{year} 年没有收到对本单位的有效问卷", "没有问卷，不给出等次；这部分分值按规则摊到其他项。"
    if told.grade:
        return f"公众对本单位{told.grade}" + (f"：|满意度 {told.value}" if told.value else ""), ""
    return f"有效问卷 {points(told.n)} 份，|不给出等次", ""


def _until_opened(poll: queries.Poll, year: int) -> str:
    now = clock.now()
    state = "closed" if queries.waits_for_seal(poll, now) else queries.state(poll, now)
    closes = cn_date(deadline_day(poll.closes_at))
    return {
        "prepared": f"{year} 年社会评议还没有开始",
        "open": f"社会评议正在进行，|{closes} 24:00 截止",
        "closed": "社会评议已经截止，|还没有封存",
    }.get(state or "", "社会评议已经截止，|结果还封存着")


def _rows(told: queries.Told) -> list[tuple[str, str]]:
    rows = [("有效问卷", f"{points(told.n)} 份")]
    if told.value is not None:
        margin = f"（95% 区间 {told.interval[0]}–{told.interval[1]}）" if told.interval else ""
        rows.append(("满意度", f"{told.value}{margin}"))
    elif told.grade:
        rows.append(("满意度", told.reason))
    rows.append(("等次", told.grade or f"不给出等次：{told.reason}"))
    if told.network:
        rows.append(("其中来自政府网络", f"{points(told.network)} 份，单列"))
    return rows


def _table(told: queries.Told, own: Own) -> DataTable:
    heads = ("满意", "基本满意", "不满意", "说不清", "份数")
    return table_of(
        caption="各题回答",
        columns=["题目", *(Column(head, num=True) for head in heads)],
        rows=[_line(one, own) for one in told.questions],
        empty="没有可列的题目。",
        fold=True,
    )


def _line(one: queries.Asked, own: Own) -> list[Value]:
    label = one.label.replace("{unit}", own.unit.short_name)
    if one.shares is None:
        return [f"{label}（作出评价 {points(one.judged)} 份，份数不足，不列）", *["—"] * 5]
    return [
        label,
        *(f"{points(one.shares[kind] * 100, 1)}%" for kind in queries.KINDS),
        points(one.n),
    ]
