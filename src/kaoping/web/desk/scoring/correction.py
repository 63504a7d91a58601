"""更正 of the published result: what was wrong, what the ledger changed since, what comes out, and the steps to publish it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Actor
from kaoping.campaigns.logic import approval
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as reads
from kaoping.campaigns.queries import items
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import correction as services
from kaoping.campaigns.services.sheet import compute_sheet
from kaoping.publication import policy, queries, standing
from kaoping.publication.services import freeze, publish
from kaoping.registry.queries import short_names_of
from kaoping.reporting.tables import Table
from kaoping.scoring.changes import ItemChange
from kaoping.scoring.sheet import WrittenLine, WrittenUnit
from kaoping.support import clock
from kaoping.web.desk.years import ReasonForm, act_page, campaign_of, crumbs, require
from kaoping.web.ui.item_points import GENERAL, given_words, scale_words
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.observed import source_words, value_words
from kaoping.web.ui.offering import offered
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.parts.lists import Fact, Gate, Pair
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column, DataTable
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_datetime, points

_PUBLISHING: Final = (
    "由经办办理。公开后原来的结果标明“已被更正”，总分或等次变了的单位，年度报告文本成为更正稿。"
)
WORDS = "更正由市政务公开办、签发人、领导小组和审计员查看。"


@require_safe
def of_year(request: SignedIn, year: int) -> HttpResponse:
    """The correction under way with its steps, what it changes, and all earlier ones."""
    campaign = campaign_of(year)
    require(policy.can_see_releases(request.actor), WORDS)
    open_one = reads.under_way(campaign)
    sheet = reads.sheet_of(open_one) if open_one else None
    difference = reads.difference(open_one, sheet) if open_one and sheet else None
    if "format" in request.GET and difference is not None:
        return download(_file(campaign, difference), request.GET["format"])
    title = _title(campaign, open_one)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("发布", _publication(year)), "更正"),
            actions=_actions(request, campaign, open_one),
        ),
        "withdrawal": withdrawal_notice(year),
        "empty": "" if open_one else services.open_correction.hindrance(campaign=campaign) or "",
        "open": open_one,
        "pairs": _pairs(open_one) if open_one else [],
        "steps": steps(request.actor, campaign, open_one) if open_one else [],
        "lines": _lines(request, open_one) if open_one else None,
        "sheet": sheet,
        "changes": _changes(campaign, difference, request) if difference else None,
        "history": [_past(one) for one in reads.corrections(campaign) if one != open_one],
        "waiting": "点“计算更正计分表”要等几秒（300 个单位、60 项约 3 秒，机器忙时更久），点一次就行；别人照常办事。",
    }
    return render(request, "desk/scoring/correction.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: SignedIn, year: int) -> HttpResponse:
    """Open a correction with what was wrong."""
    campaign = campaign_of(year)
    require(policy.can_see_releases(request.actor), WORDS)

    def run(data: dict[str, Any]) -> str:
        made = services.open_correction(
            actor=request.actor,
            campaign=campaign,
            reason=data["reason"],
            corrects=standing.counting(campaign),
            now=clock.now(),
        )
        return f"已立第 {made.number} 次更正。下一步在台账更正或撤回记录，再计算更正计分表。"

    locked = services.open_correction.check(actor=request.actor, campaign=campaign) or ""
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "错在哪里，怎样发现的"
    form.fields["reason"].help_text = "写进更正的数据包，公开显示，不要写个人姓名。"
    return _page(
        request,
        campaign,
        form,
        title=f"更正 {year} 年度结果",
        label="立更正",
        run=run,
        locked=locked,
        notice="冻结后不能改分，只能发更正：原来的结果仍可看，标明“已被更正”；更正要重算，由第二人签发，再冻结、公开；改变单位等次的，公开前还要呈批。",
    )


class PointsForm(forms.Form):
    """The right points of one item of one unit, and why."""

    unit = forms.ChoiceField(label="单位", error_messages={"required": "请选单位。"})
    item = forms.ChoiceField(label="指标", error_messages={"required": "请选指标。"})
    points = forms.CharField(
        label="改为多少分",
        max_length=12,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        help_text=f"{GENERAL}原来的记录都留着。",
        error_messages={"required": "请填分数。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="写进得分理由，单位和公众看得到。",
        error_messages={"required": "请写明改分的理由。"},
    )

    def __init__(self, *args: Any, units: Any, codes: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, item = str(self.data.get("unit", "")), str(self.data.get("item", ""))
        scale = sheets.scale_of(standing.at_work(campaign), unit, item) if unit and item else None
        chosen = items.item(campaign, item)
        if scale and chosen:  # shown again with what was chosen: the two scales of this very item
            self.fields["points"].help_text = scale_words(chosen, scale)
        self.fields["unit"].choices = [("", "请选"), *units]  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", "请选"), *codes]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def change_points(request: SignedIn, year: int) -> HttpResponse:
    """Record the right points of one item."""
    campaign = campaign_of(year)
    require(policy.can_see_releases(request.actor), WORDS)

    def run(data: dict[str, Any]) -> str:
        services.correct_points(
            actor=request.actor,
            campaign=campaign,
            organisation=data["unit"],
            item=data["item"],
            points=data["points"],
            reason=data["reason"],
            now=clock.now(),
        )
        scale = sheets.scale_of(standing.at_work(campaign), data["unit"], data["item"])
        given = given_words(items.item(campaign, data["item"]), scale, data["points"])
        return f"已记入台账：{data['item']} 改为 {given}。改完以后计算更正计分表。"

    form = PointsForm(
        request.POST or None,
        units=[
            (row.organisation.code, row.organisation.short_name)
            for row in campaigns.participations(campaign, only=True)
        ],
        codes=[
            (one.code, f"{one.code} {one.title}（满分 {one.max}）")
            for one in items.items(campaign)
            if one.role == "item"
        ],
        campaign=campaign,
    )
    return _page(
        request,
        campaign,
        form,
        title="改一项得分",
        label="记入台账",
        run=run,
        locked=services.correct_points.check(actor=request.actor, campaign=campaign) or "",
        notice="某条记录本来就不该有的，请到台账打开那一条，点“撤回”；这里用来直接写明一项应得多少分。",
    )


@require_POST
def compute(request: SignedIn, year: int) -> HttpResponse:
    """Compute the corrected sheet from the ledger as it is now."""
    campaign = campaign_of(year)
    require(policy.can_see_releases(request.actor), WORDS)
    sheet = compute_sheet(actor=request.actor, campaign=campaign, occasion="correction", now=clock.now())
    messages.success(
        request, f"已计算更正计分表，校验值 {sheet.digest[:8]}……。核对下面的前后对照，再由第二人签发。"
    )
    return redirect("desk-correction", year)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: SignedIn, year: int) -> HttpResponse:
    """End the correction without a result."""
    campaign = campaign_of(year)
    require(policy.can_see_releases(request.actor), WORDS)

    def run(data: dict[str, Any]) -> str:
        services.drop_correction(
            actor=request.actor, campaign=campaign, reason=data["reason"], now=clock.now()
        )
        return "更正已作罢，已公开的结果不变。"

    return _page(
        request,
        campaign,
        ReasonForm(request.POST or None),
        title="作罢更正",
        label="作罢",
        run=run,
        locked=services.drop_correction.check(actor=request.actor, campaign=campaign) or "",
        notice="作罢不删台账：这次更正记入的记录不该有的，请到台账逐条撤回，否则会计入下一次更正。",
        danger=True,
    )


def _page(
    request: SignedIn,
    campaign: Campaign,
    form: forms.Form,
    *,
    title: str,
    label: str,
    run: Callable[[dict[str, Any]], str],
    locked: str,
    **more: Any,
) -> HttpResponse:
    back = reverse("desk-correction", args=[campaign.year])
    return act_page(
        request,
        form=form,
        title=title,
        crumbs=crumbs(campaign, ("发布", _publication(campaign.year)), ("更正", back), label),
        button=label,
        run=run,
        back=back,
        locked=locked,
        **more,
    )


def _publication(year: int) -> str:
    return reverse("desk-publication-year", args=[year])


def _title(campaign: Campaign, open_now: reads.Correction | None) -> str:
    if open_now is None:
        return f"{campaign.year} 年度结果|没有在办的更正"
    return title_of(open_now)


def title_of(open_now: reads.Correction) -> str:
    """The correction under way with its next step."""
    lacks = reads.missing(open_now)
    step = lacks[0].what if lacks else "等冻结、公开"
    return f"第 {open_now.number} 次更正：|{step}"


def _actions(request: SignedIn, campaign: Campaign, open_now: reads.Correction | None) -> tuple[Action, ...]:
    asked = {"actor": request.actor, "campaign": campaign}
    here = [campaign.year]
    if open_now is None:
        url = reverse("desk-correction-open", args=here)
        if services.open_correction.hindrance(campaign=campaign):
            return ()  # the page says it in place of a list
        words = services.open_correction.check(**asked)
        return (Action(label="立更正", url=url, kind="primary", disabled=words or ""),)
    url = reverse("desk-correction-compute", args=here)
    computing = Action(label="计算更正计分表", url=url, method="post", kind="primary")
    changing = Action(label="改一项得分", url=reverse("desk-correction-points", args=here))
    dropping = Action(label="作罢", url=reverse("desk-correction-drop", args=here))
    return (
        *offered(compute_sheet, computing, occasion="correction", now=clock.now(), **asked),
        *offered(services.correct_points, changing, **asked),
        *offered(services.drop_correction, dropping, **asked),
    )


def _pairs(one: reads.Correction) -> list[Fact]:
    corrected = queries.of_sheet(one.sheet)
    return [
        ("错在哪里", one.reason),
        ("立更正", f"{cn_datetime(one.opened_at)} {one.opened_by.name}"),
        ("更正哪一次", f"发布 {corrected.year}-{corrected.number}" if corrected else "—"),
        Pair(label="原计分表校验值", text=one.sheet.digest, mono=True),
    ]


def steps(actor: Actor, campaign: Campaign, one: reads.Correction) -> list[Gate]:
    """Compute, sign, freeze, publish; what is missing is said in the words of the logic."""
    year = campaign.year
    lacks = reads.missing(one)
    signed = reads.is_signed(one)
    release = queries.release_of_signed(campaign) if signed else None
    first = lacks[0] if lacks else None
    computed = not lacks or first is not None and "签发" in first.what
    return [
        Gate(
            label="按最新台账计算更正计分表，与已公开的不同",
            met=computed,
            note="" if computed or first is None else f"{first.what}。由{first.who}办理：{first.how}。",
        ),
        Gate(
            label="第二人签发，输入年份",
            met=signed,
            url=reverse("desk-sign-off", args=[year]) if computed else "",
            link="去签发",
            note="" if signed else "由第二签发人办理，不能由立更正、计算的人签发。",
        ),
        freezing(
            actor,
            campaign,
            "冻结、生成发布包，输入年份",
            release,
            "由经办办理。数据包写明更正的是哪一次发布。",
            signed=signed,
        ),
        *_approval(campaign, one, signed),
        publishing(actor, "公开，输入年份", release, _PUBLISHING),
    ]


def freezing(
    actor: Actor, campaign: Campaign, label: str, release: queries.Release | None, note: str, *, signed: bool
) -> Gate:
    """The step of freezing, with the way there while the act would be done; before the signature nothing is asked."""
    if release is not None:
        return Gate(label=label, met=True)
    words = freeze.check(actor=actor, campaign=campaign) if signed else ""
    url = reverse("desk-freeze", args=[campaign.year]) if words is None else ""
    return Gate(label=label, met=False, url=url, link="冻结", note=words or note)


def publishing(
    actor: Actor, label: str, release: queries.Release | None, note: str, *, met: bool = False
) -> Gate:
    """The step of publishing a frozen release, with the way there while the act would be done."""
    if release is None or met:
        return Gate(label=label, met=met, note=note)
    words = publish.check(actor=actor, release=release, now=clock.now())
    url = "" if words else reverse("desk-publish", args=[release.year, release.pk])
    return Gate(label=label, met=False, url=url, link="公开", note=words or note)


def _approval(campaign: Campaign, one: reads.Correction, signed: bool) -> list[Gate]:
    """The leading group's step, where the correction changes a grade."""
    moved = len(reads.grades_moved(one))
    if not moved:
        return []
    state = campaigns.approval_state(campaign, approval.CORRECTION)
    return [
        Gate(
            label=f"更正呈批表三人签批并附扫描件（{moved} 个单位等次改变）",
            met=state.complete,
            url=reverse("desk-approval", args=[campaign.year, approval.CORRECTION]) if signed else "",
            link="去呈批",
            note=""
            if state.complete
            else f"等{state.next_label or '经办附扫描件'}。"
            if signed
            else "签发以后办理。",
        )
    ]


def _lines(request: SignedIn, one: reads.Correction) -> DataTable:
    lines = reads.ledger_lines(one)
    names = short_names_of({line.unit for line in lines})
    return data_table(
        columns=[
            "登记时间",
            "单位",
            "指标",
            "来源",
            "取值",
            "理由",
            "记录",
        ],
        rows=lines,
        cells=lambda line: [
            cn_datetime(line.recorded_at),
            names.get(line.unit, line.unit),
            line.item or line.check or "",
            source_words(line),
            "撤回原记录" if line.kind == "withdrawn" else value_words(line, None),
            line.reason or "—",
            Cell(text="看这一条", url=reverse("desk-observation", args=[line.id])),
        ],
        params=request.GET,
        caption="公开以后的台账记录",
        empty=Empty(
            title="公开以后，台账没有新记录。",
            text="记录有误的，在台账打开那一条点“撤回”；要直接写明得分的，点“改一项得分”。",
        ),
        fold=True,
    )


def _result(campaign: Campaign, names: dict[str, str], unit: WrittenUnit | None) -> list[str]:
    if unit is None:
        return ["没有", "没有"]
    total = points(unit["total"], 2) if unit["total"] is not None else "未定"
    return [total, names.get(unit["grade"] or "", "未定")]


def _item_words(change: ItemChange) -> str:
    def value(line: WrittenLine | None) -> str:
        return points(line["points"], 2) if line and line["status"] == "scored" else "未计分"

    return f"{change.code} {value(change.before)}→{value(change.after)}"


def _changes(campaign: Campaign, difference: reads.Difference, request: SignedIn) -> dict[str, Any]:
    names = sheets.grade_names(campaign)
    moved = sum(one.result_moved for one in difference.units)
    table = data_table(
        columns=[
            "单位",
            Column("原总分", num=True),
            "原等次",
            Column("现总分", num=True),
            "现等次",
            "变了的项",
        ],
        rows=difference.units,
        cells=lambda one: [
            Cell(
                text=difference.names.get(one.unit, one.unit),
                url=reverse("desk-unit-sheet", args=[campaign.year, one.unit]),
            ),
            *_result(campaign, names, one.before),
            *_result(campaign, names, one.after),
            "、".join(_item_words(change) for change in one.items[:6])
            + (f" 等 {len(one.items)} 项" if len(one.items) > 6 else ""),
        ],
        params=request.GET,
        caption="更正前后对照",
        empty=Empty(title="总分、等次和各项得分都没有变。")
        if difference.identical
        else Empty(title="总分、等次和各项得分都没有变，变的是理由或依据。"),
        csv="?format=csv",
        fold=True,
    )
    return {"table": table, "count": len(difference.units), "moved": moved}


def _file(campaign: Campaign, difference: reads.Difference) -> Table:
    names = sheets.grade_names(campaign)
    return Table(
        f"{campaign.year} 年度更正前后对照",
        ["代码", "单位", "原总分", "原等次", "现总分", "现等次", "变了的项"],
        [
            [
                one.unit,
                difference.names.get(one.unit, one.unit),
                *_result(campaign, names, one.before),
                *_result(campaign, names, one.after),
                "；".join(_item_words(change) for change in one.items),
            ]
            for one in difference.units
        ],
    )


def _past(one: reads.Correction) -> Entry:
    end = one.end
    said = f"{reads.ENDS[end.kind]}{'：' + end.reason if end.reason else ''}"
    gone = standing.withdrawn_correction(one)
    taken = f"　{cn_datetime(gone.act.at)} 撤回：{gone.act.reason}（{gone.act.by}）" if gone else ""
    return Entry(
        f"第 {one.number} 次更正：{reads.ENDS[end.kind]}{'，后已撤回' if gone else ''}",
        at=one.opened_at,
        actor=f"立更正：{one.opened_by.name}",
        body=f"{one.reason}　{cn_datetime(end.at)} {said}（{end.by.name}）{taken}",
    )
