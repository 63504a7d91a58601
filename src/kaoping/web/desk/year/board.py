"""The year board: what stands in the way of the next gate, the year's rail, progress, and points by unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import ROLES, Actor, Refused
from kaoping.arithmetic import half_up
from kaoping.beijing import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages as stage_words
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import stages
from kaoping.patterns import linear
from kaoping.publication import queries as publication
from kaoping.publication import standing
from kaoping.rectification import policy as rectification
from kaoping.reporting import board as facts
from kaoping.reporting import routine
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.desk.distribution import bands_of
from kaoping.web.desk.year import board_news, board_routine, board_seconds, clock_check, stage_return
from kaoping.web.desk.years import YearForm, campaign_of, crumbs, latest, require, scope_of
from kaoping.web.ui.countdown import countdown
from kaoping.web.ui.heat import cell
from kaoping.web.ui.paging import asked_page, page_count, page_links, rows_of
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.form import SignOff
from kaoping.web.ui.parts.head import Basis, Crumb, Deadline, Head
from kaoping.web.ui.parts.heat import HeatColumn, HeatHeading, HeatRow, HeatTable, PlainCell, PlainColumn
from kaoping.web.ui.parts.lists import Gate, Todo
from kaoping.web.ui.parts.score import DistributionStrip
from kaoping.web.ui.parts.year import Band, CycleRail, Station
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_short_date, points
from kaoping.workdays import logic as workdays
from kaoping.workdays.policy import can_enter_calendar
from kaoping.workdays.queries import asked_year, calendar

current = latest("desk-board-year", stage_words.ROUTINE)

# Where the screen is that the gate's words name.
SCREENS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "年度方案": ("desk-plan-year", ()),
    "方案呈批": ("desk-approval", ("plan",)),
    "结果呈批": ("desk-approval", ("result",)),
    "更正呈批": ("desk-approval", ("correction",)),
    "社会评议": ("desk-evaluation-year", ()),
    "自查": ("desk-self-reviews-year", ()),
    "部门自查": ("desk-self-reviews-year", ()),
    "不涉及": ("desk-claims", ()),
    "评审": ("desk-reviews-year", ()),
    "我的评审": ("desk-reviews-year", ()),
    "评分": ("desk-scoring-room-year", ()),
    "复核": ("desk-appeals-year", ()),
    "我的复核": ("desk-appeals-year", ()),
    "签发": ("desk-sign-off", ()),
    "发布": ("desk-publication-year", ()),
    "更正": ("desk-correction", ()),
}
# Conditions of each gate: what the list calls it, and the words by which a missing one is known.
# A third text names the condition without which this one cannot be told yet.
CONDITIONS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    stage_words.PLAN: (
        ("选定规则集", "规则集"),
        ("列出年度要点", "年度要点"),
        ("选定时间安排", "时间安排"),
        ("选定参评单位", "参评单位"),
        ("方案呈批表三人签批", "签批"),
        ("附方案呈批表签字扫描件", "扫描件", "方案呈批表三人签批"),
    ),
    stage_words.ROUTINE: (("布置社会评议", "社会评议"),),
    stage_words.EVALUATION: (
        ("问卷封存", "还没有封存"),
        ("开箱，结果计入台账", "还没有开箱|计入台账", "问卷封存"),
    ),
    stage_words.SELF_REVIEW: (("各单位提交自查", "提交自查"),),
    stage_words.REVIEW: (
        ("审定“不涉及”", "不涉及"),
        ("专家评完", "专家评分"),
        ("结束评审，评分计入台账", "评审还没有结束", "审定“不涉及”", "专家评完"),
        ("评审后计算计分表", "计算计分表", "结束评审，评分计入台账"),
    ),
    stage_words.PREVIEW: (("有可供预览的计分表", "计分表"),),
    stage_words.APPEALS: (
        ("复核申请期限届满", "期限"),
        ("复核申请都已决定", "作出决定"),
        ("计分表按最新记录", "重算"),
        ("每一格有依据", "格没有依据", "计分表按最新记录"),
        ("第二人签发", "第二人签发", "复核申请期限届满", "复核申请都已决定", "每一格有依据"),
    ),
    stage_words.FROZEN: (
        ("生成发布包", "生成发布包"),
        ("结果没有被退回", "被退回"),
        ("结果呈批表三人签批", "签批"),
        ("附结果呈批表签字扫描件", "扫描件", "结果呈批表三人签批"),
    ),
}
# Opening these gates cannot be undone for people outside the office, so the year is typed.
_ROOM: Final = linear(r"在“([^”]+)”")
TYPED: Final = (stage_words.REVIEW, stage_words.APPEALS)


@require_safe
def of_year(request: SignedIn, year: int) -> HttpResponse:
    """The board of one year; a branch sees its own units, and points only from the preview on."""
    campaign = campaign_of(year)
    units = scope_of(request.actor, campaign)
    now = clock.now()
    shown = units is None or stage_words.reached(campaign.stage, stage_words.PREVIEW)
    sheet = standing.counting(campaign) if shown else None
    rows = sheets.all_rows(sheet, units=units) if sheet else []
    standings = routine.standings(now=now, codes=units)
    if "format" in request.GET:
        return download(_file(campaign, rows, sheet, standings), request.GET["format"])
    lacks = _lacks(campaign, now, release=publication.is_frozen(campaign))
    stations = facts.stations(campaign)
    before_sheet = sheets.previous(sheet) if sheet else None
    before = sheets.all_rows(before_sheet, units=units) if before_sheet else []
    doubt = clock_check.todo(now, linked=units is None)
    seconds = board_seconds.tasks(request.actor, year)
    most = max(3, bool(doubt) + len(seconds))  # what nobody else can do is not folded away
    todo = [
        *([doubt] if doubt else []),
        *seconds,
        *(_asked_calendar(request, now) if units is None else []),
        *board_routine.stuck_task(routine.stuck_sites(now=now, codes=units), linked=units is None),
        *board_routine.questions_task(routine.waiting_for_office(units), linked=units is None),
        *(_todo(one, year, request.actor, linked=units is None) for one in lacks if not one.waits),
    ]
    context = {
        "title": _title(campaign, lacks),
        "campaign": campaign,
        "head": Head(
            title=_title(campaign, lacks),
            crumbs=(Crumb(label="年度看板"),),
            basis=Basis(
                n=f"{len(rows) or sum(campaigns.group_counts(campaign).values())} 个参评单位",
                as_of=now,
                rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
            ),
            actions=_actions(request, campaign),
        ),
        "notices": board_routine.notices(campaign, office=units is None),
        "deadline": _deadline(stations, now),
        "rail": _rail(campaign, lacks, stations, board_routine.band(routine.band(campaign, codes=units))),
        "next_date": "".join([*_not_yet(lacks), _next_date(campaign, stations)]),
        "todo": todo,
        "no_todo": _no_todo(campaign, lacks),
        "most": most,
        "more": max(len(todo) - most, 0),
        "gate": reverse("desk-advance", args=[year]) if _may_see_gate(request) else "",
        "progress": facts.progress(campaign, rows, units=units),
        "strip": _strip(campaign, rows) if rows else None,
        "sheet": sheet,
        "heat": _heat(campaign, rows, before, standings, request) if rows else None,
        "waiting": "" if shown else "得分从“结果预览”起可以看到。",
        "edges": facts.heat_edges(campaign),
        "basis": _basis(campaign, sheet, rows, before_sheet),
        "troubles": board_routine.troubles(*routine.troubles(now=now, codes=units)),
        "news": board_news.card(request.actor, year, now=now, sheet=sheet, rows=rows, before=before)
        if units is None and board_news.may_see(request.actor)
        else None,
        "years": [one.year for one in campaigns.campaigns() if one.year != year],
        "may_plan": policy.can_plan(request.actor),
    }
    return render(request, "desk/year/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: SignedIn, year: int) -> HttpResponse:
    """The gate to the next stage: its conditions, and the button when all are met."""
    campaign = campaign_of(year)
    require(_may_see_gate(request))
    now = clock.now()
    release = publication.is_frozen(campaign)
    lacks = _lacks(campaign, now, release=release)
    following = campaigns.next_stage(campaign)
    form = YearForm(request.POST or None, year=year)
    error = ""
    if request.method == "POST" and following:
        typed = campaign.stage in TYPED
        if typed and not form.is_valid():
            error = str(form.errors["confirm_year"][0])
        else:
            try:
                stages.advance(
                    actor=request.actor,
                    campaign=campaign,
                    to=request.POST.get("to", ""),
                    now=now,
                    poll_state=facts.poll_state(year, now),
                    release=release,
                )
            except Refused as refused:
                error = str(refused)
            else:
                messages.success(request, f"已进入“{stage_words.LABELS[following]}”。")
                return redirect("desk-board-year", year)
    label = stage_words.LABELS.get(following or "", "")
    title = _title(campaign, lacks)
    context = {
        "title": title,
        "has_errors": bool(error),
        "error": error,
        "crumbs": crumbs(campaign, "进入下一阶段"),
        "campaign": campaign,
        "sign": _gate_form(request, campaign, lacks, label, error, now) if following else None,
        "back": stage_return.action(request.actor, campaign),
        "trace": stage_return.trace(campaign),
    }
    return render(request, "desk/year/advance.html", context, status=409 if error else 200)


def _may_see_gate(request: SignedIn) -> bool:
    """Who opens the page of the stages is who is shown the way to it."""
    return policy.can_see_campaign(request.actor)


def way_of(missing: stage_words.Missing, year: int) -> str:
    """The address of the screen that the words of a missing thing name, '' when they name none."""
    found = _ROOM.search(missing.how)
    name, more = SCREENS.get(found.group(1) if found else "", ("", ()))
    return reverse(name, args=[year, *more]) if name else ""


def gates_of(
    stage: str, lacks: Sequence[stage_words.Missing], year: int, actor: Actor | None = None
) -> list[Gate]:
    """Every condition of a gate, met or with the words of what is missing."""
    left, open_labels = list(lacks), set[str]()
    made: list[Gate] = []
    for label, marks, *needs in CONDITIONS.get(stage, ()):
        hits = [one for one in left if any(mark in one.what for mark in marks.split("|"))]
        left = [one for one in left if one not in hits]
        waits = open_labels & set(needs)
        if hits or waits:
            open_labels.add(label)
        if not hits:
            made.append(Gate(label=label, met=not waits, note="要先具备前面的条件。" if waits else ""))
        made += [_gate(one, year, actor) for one in hits]
    return made + [_gate(one, year, actor) for one in left]


@dataclass(frozen=True, slots=True)
class Count:
    """How the conditions of a gate stand: what can be done now, what waits for a day, what waits for one before it."""

    todo: int
    day: int
    after: int

    def words(self, measure: str = "项条件未完成") -> str:
        """One number for what the list shows, and apart from it what nobody can do yet."""
        parts = [f"{self.todo} {measure}"] if self.todo else []
        parts += [f"{self.day} 项等期限届满"] if self.day else []
        parts += [f"另有 {self.after} 项要先具备前面的条件"] if self.after else []
        return "，".join(parts)


def count_of(stage: str, lacks: Sequence[stage_words.Missing]) -> Count:
    """The same count on every page of the gate; the to-do list has ``todo`` of it."""
    day = sum(one.waits for one in lacks)
    after = sum(not one.met for one in gates_of(stage, lacks, 0)) - len(lacks)
    return Count(len(lacks) - day, day, after)


def _lacks(campaign: Campaign, now: datetime, *, release: bool) -> list[stage_words.Missing]:
    """What keeps the next gate shut; the last stage has none behind it, and so nothing to wait for."""
    if campaigns.next_stage(campaign) is None:
        return []
    return facts.gate(campaign, now=now, release=release)


def _gate(one: stage_words.Missing, year: int, actor: Actor | None) -> Gate:
    return Gate(
        label=one.what,
        met=False,
        note=f"{one.how}。" if one.waits else f"由{one.who}办理：{one.how}。",
        url=way_of(one, year),
        link=_label(one, actor),
    )


def _label(one: stage_words.Missing, actor: Actor | None) -> str:
    """The way to a screen is to do something for whom the words name; for others it is to look."""
    mine = (ROLES[role] for role, _place in (actor.roles if actor else ()))
    return "去办理" if any(label in one.who or one.who in label for label in mine) else "打开看"


def _gate_form(
    request: SignedIn,
    campaign: Campaign,
    lacks: Sequence[stage_words.Missing],
    label: str,
    error: str,
    now: datetime,
) -> SignOff:
    gates = gates_of(campaign.stage, lacks, campaign.year, request.actor)
    sign = SignOff(f"进入“{label}”的条件", f"进入“{label}”", tuple(gates))
    if lacks:
        reason = f"还有 {count_of(campaign.stage, lacks).words('个条件没有具备')}，见上面。"
        return replace(sign, locked=reason)
    asked = {"actor": request.actor, "campaign": campaign, "now": now, "release": True}
    words = stages.advance.check(poll_state=facts.poll_state(campaign.year, now), **asked)
    if words:
        return replace(sign, locked=words)
    sign = replace(
        sign,
        url=reverse("desk-advance", args=[campaign.year]),
        fields=(("to", campaigns.next_stage(campaign) or ""),),
    )
    if campaign.stage in TYPED:
        sign = replace(sign, year=campaign.year, warning=_warning(campaign.stage, label), error=error)
    return sign


def _warning(stage: str, label: str) -> str:
    if stage == stage_words.REVIEW:
        return f"进入“{label}”后单位看得到得分，退回须两人办理；评审不能重开。"
    return f"进入“{label}”后不能改分；公开前要退回的，在“发布”办理。"


def _title(campaign: Campaign, lacks: Sequence[stage_words.Missing]) -> str:
    following = campaigns.next_stage(campaign)
    if following is None:
        gone = standing.withdrawal(campaign.year)
        return f"{campaign.year} 年度考核|{'结果已经撤回' if gone and not gone.valid else '已经公开'}"
    label = stage_words.LABELS[following]
    if lacks:
        count = count_of(campaign.stage, lacks).todo
        return f"进入“{label}”：|" + (
            f"还有 {count} 项条件未完成" if count else "期限还没有到，现在没有要办的"
        )
    return f"条件都已具备，|可以进入“{label}”"


def _actions(request: SignedIn, campaign: Campaign) -> tuple[Action, ...]:
    if not _may_see_gate(request):
        return ()
    made = [Action(label="年度方案", url=reverse("desk-plan-year", args=[campaign.year]), icon="list")]
    following = campaigns.next_stage(campaign)
    if following:
        label, gate = stage_words.LABELS[following], reverse("desk-advance", args=[campaign.year])
        if policy.can_advance(request.actor):
            made.append(Action(label=f"进入“{label}”", url=gate, kind="primary"))
        else:
            made.append(Action(label=f"“{label}”的条件", url=gate))
    if policy.can_second_stage_return(request.actor):
        made += stage_return.action(request.actor, campaign)
    return tuple(made)


def _rail(
    campaign: Campaign, lacks: Sequence[stage_words.Missing], found: Sequence[facts.Station], band: Band
) -> CycleRail:
    stations = []
    for one in found:
        dates = ""
        if one.days:
            first, last = one.days
            dates = f"{one.mark}{cn_short_date(first)}|至{cn_short_date(last)}"
        elif one.entered_at:
            dates = cn_short_date(one.entered_at)
        stations.append(Station(one.label, dates, one.state))
    following = campaigns.next_stage(campaign)
    note = ""
    if following:
        note = f"下一阶段“{stage_words.LABELS[following]}”：" + (
            count_of(campaign.stage, lacks).words() if lacks else "条件已具备"
        )
    return CycleRail(
        title=f"{campaign.year} 年度考核|走到“{stage_words.LABELS[campaign.stage]}”",
        stations=tuple(stations),
        note=note,
        today=clock.today(),
        routine=band,
    )


def _deadline(stations: Sequence[facts.Station], now: datetime) -> Deadline | None:
    """The planned last day of the stage, in working days where the calendar knows its year.

    From 24:00 of that day on it is past; how many working days is said when one has gone by.
    """
    planned = next((one.planned for one in stations if one.state == facts.NOW), None)
    if planned is None:
        return None
    last = planned[1]
    days, today = calendar(now), day_of(now)
    return countdown(days, today, last, over="计划已到期")


def _not_yet(lacks: Sequence[stage_words.Missing]) -> list[str]:
    """What waits for a day, in words: it stands below the list and not on it."""
    return [one.words() for one in lacks if one.waits]


def _no_todo(campaign: Campaign, lacks: Sequence[stage_words.Missing]) -> str:
    """What an empty list says."""
    if campaigns.next_stage(campaign) is None:
        return "本年度考核已经公开，没有下一阶段。要改正已公开的结果，在“更正”点“立更正”。"
    return "现在没有要办的事。" if lacks else "没有待办事项，可以进入下一阶段。"


def _next_date(campaign: Campaign, stations: Sequence[facts.Station]) -> str:
    following = campaigns.next_stage(campaign)
    planned = next((one.planned for one in stations if one.stage == following), None)
    if planned is None:
        return ""
    label = stage_words.LABELS[following or ""]
    return f"下一站：{label}，计划 {cn_short_date(planned[0])}至{cn_short_date(planned[1])}。"


def _todo(one: stage_words.Missing, year: int, actor: Actor, *, linked: bool) -> Todo:
    """``linked`` for those whose doors are behind the links: a branch reads what is missing and who does it."""
    way = way_of(one, year) if linked else ""
    return Todo(
        what=one.what,
        detail=f"{one.how}。",
        who=one.who,
        action=Action(label=_label(one, actor), url=way, small=True) if way else None,
    )


def _asked_calendar(request: SignedIn, now: datetime) -> list[Todo]:
    """From November on the office is asked for the next year's arrangement, on the board of whatever year."""
    asked = asked_year(now)
    if asked is None:
        return []
    way = reverse("desk-calendar-year", args=[asked])
    return [
        Todo(
            what=f"录入 {asked} 年的放假安排",
            detail=f"{workdays.words_of_asking(asked, day_of(now))}。",
            who=stage_words.HANDLER,
            action=Action(
                label="去录入" if can_enter_calendar(request.actor) else "看工作日历", url=way, small=True
            ),
        )
    ]


def _strip(campaign: Campaign, rows: Sequence[sheets.Row]) -> DistributionStrip:
    totals = [total for row in rows if (total := sheets.total_of(row.summary)) is not None]
    open_units = len(rows) - len(totals)
    more = f"，另 {open_units} 个还有没有依据的格，不计总分" if open_units else ""
    return DistributionStrip(
        totals=totals,
        bands=bands_of(campaign, rows),
        caption=f"每点是一个单位，共 {len(totals)} 个{more}。",
        csv="?format=csv",
    )


def _heat(
    campaign: Campaign,
    rows: Sequence[sheets.Row],
    before: Sequence[sheets.Row],
    standings: Mapping[str, Any],
    request: SignedIn,
) -> HeatTable:
    columns = facts.tops(campaign)
    names = sheets.grade_names(campaign)
    pages = page_count(len(rows))
    page = asked_page(request.GET, pages)
    here = rows_of(rows, page)
    edges = facts.heat_edges(campaign)
    return HeatTable(
        caption="单位乘一级指标的得分率表",
        columns=tuple(HeatColumn(top.title, max=top.max) for top in columns),
        plain_columns=(
            PlainColumn("考核进度", "已有依据 / 全部"),
            PlainColumn("总分"),
            PlainColumn("等次"),
            board_routine.COLUMN,
        ),
        rows=_heat_rows(
            here,
            columns,
            names,
            edges,
            before=before,
            standings=standings,
            linked=rectification.can_list_cases(request.actor),
            year=campaign.year,
        ),
        pages=page_links(request.GET, range(1, pages + 1)),
        page=page,
        total=len(rows),
    )


def _heat_rows(
    rows: Sequence[sheets.Row],
    columns: Sequence[facts.Top],
    names: Mapping[str, str],
    edges: Sequence[int],
    *,
    before: Sequence[sheets.Row],
    standings: Mapping[str, Any],
    linked: bool,
    year: int,
) -> tuple[HeatRow | HeatHeading, ...]:
    made: list[HeatRow | HeatHeading] = []
    group = None
    old = {row.unit: row.summary for row in before}
    for row in rows:
        if row.summary["group"] != group:
            group = row.summary["group"]
            made.append(HeatHeading(group or "未分组"))
        lines = facts.first_levels(row.summary, columns)
        was = facts.first_levels(old[row.unit], columns) if row.unit in old else [None] * len(columns)
        total = row.summary["total"]
        made.append(
            HeatRow(
                label=row.short_name,
                url=reverse("desk-unit-sheet", args=[year, row.unit]),
                cells=tuple(
                    cell(
                        line.percent,
                        maximum=100,
                        before=then.percent if then else None,
                        unit=row.short_name,
                        item=f"{top.title}得分率",
                        state="value" if line.of or line.done else "absent",
                        bands=edges,
                    )
                    for top, line, then in zip(columns, lines, was, strict=True)
                ),
                plain=(
                    PlainCell(done=sum(line.done for line in lines), total=sum(line.of for line in lines)),
                    PlainCell(points(total, 2) if total is not None else "未定", strong=total is not None),
                    PlainCell(grade=names.get(row.summary["grade"] or "", row.summary["grade"]))
                    if row.summary["grade"]
                    else PlainCell("未定"),
                    board_routine.case_cell(row.unit, row.short_name, standings, linked=linked),
                ),
            )
        )
    return tuple(made)


def _basis(
    campaign: Campaign, sheet: sheets.Sheet | None, rows: Sequence[sheets.Row], before: sheets.Sheet | None
) -> Basis | None:
    if sheet is None:
        return None
    compared = [f"▲▼ 较上一份计分表（{cn_short_date(before.as_of)}）变动 3 个百分点以上"] if before else []
    settled = stage_words.reached(campaign.stage, stage_words.FROZEN)
    return Basis(
        n=f"{len(rows)} 个单位",
        as_of=sheet.as_of,
        rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
        extra=("得分率 = 已得分 ÷ 已有依据的项满分，取整数，不进位", *compared),
        state="frozen" if settled else "provisional",
        digest=sheet.digest if settled else "",
        csv="?format=csv",
        xlsx="?format=xlsx",
        address=reverse("desk-board-year", args=[campaign.year]),
    )


def _exact(value: str | Decimal | None) -> Decimal | None:
    """Points as stored on the sheet: a finite decimal, null while there are none."""
    if value is None:
        return None
    number = Fraction(value)
    return Decimal(number.numerator) / Decimal(number.denominator)


def _file(
    campaign: Campaign, rows: Sequence[sheets.Row], sheet: sheets.Sheet | None, standings: Mapping[str, Any]
) -> Table:
    columns = facts.tops(campaign)
    names = sheets.grade_names(campaign)
    lines = []
    for row in rows:
        first = facts.first_levels(row.summary, columns)
        got = [Decimal(half_up(one.points, 2)) if one.points is not None else None for one in first]
        lines.append(
            [
                row.unit,
                row.short_name,
                row.summary["group"],
                *got,
                _exact(row.summary["total"]),
                names.get(row.summary["grade"] or "", ""),
                *([case.overdue, case.open] if (case := standings.get(row.unit)) else [0, 0]),
            ]
        )
    basis = [f"{len(rows)} 个单位。规则集 {campaign.rulebook.title} {campaign.rulebook.version}。"]
    if sheet is not None:
        basis.append(f"计分表截至 {sheet.as_of.isoformat()}，校验值 {sheet.digest}。")
    return Table(
        f"{campaign.year} 年度考核一级指标得分",
        [
            "代码",
            "单位",
            "分组",
            *(f"{top.title}（满分 {top.max}）" for top in columns),
            "总分",
            "等次",
            "逾期整改单",
            "在办整改单",
        ],
        lines,
        basis,
    )
