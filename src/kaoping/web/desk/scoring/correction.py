"""更正 of the published result: what was wrong, what the ledger changed since, what comes out, and the steps to publish it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import correction as services
from kaoping.campaigns.services.sheet import compute_sheet
from kaoping.publication import policy, queries, standing
from kaoping.registry.queries import short_names_of
from kaoping.reporting.tables import Table
from kaoping.scoring.changes import ItemChange
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.sheet import WrittenLine, WrittenUnit
from kaoping.support import clock
from kaoping.web.desk.scoring.correction_steps import WORDS, publication_page, steps, title_of
from kaoping.web.desk.years import campaign_of, crumbs, require
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.observed import source_words, value_words
from kaoping.web.ui.offering import offered
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column, DataTable
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_datetime, points


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The correction under way with its steps, what it changes, and all earlier ones."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)
    open_one = corrections.under_way(campaign)
    sheet = corrections.sheet_of(open_one) if open_one else None
    difference = corrections.difference(open_one, sheet) if open_one and sheet else None
    if "format" in request.GET and difference is not None:
        return download(_file(campaign, difference), request.GET["format"])
    title = _title(campaign, open_one)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("发布", publication_page(key)), "更正"),
            actions=_actions(request, campaign, open_one),
        ),
        "withdrawal": withdrawal_notice(key),
        "empty": "" if open_one else services.open_correction.hindrance(campaign=campaign) or "",
        "open": open_one,
        "pairs": _pairs(open_one) if open_one else [],
        "steps": steps(request.actor, campaign, open_one) if open_one else [],
        "lines": _lines(request, open_one) if open_one else None,
        "sheet": sheet,
        "changes": _changes(campaign, difference, request) if difference else None,
        "history": [_past(one) for one in corrections.corrections(campaign) if one != open_one],
        "waiting": "点“计算更正计分表”要等几秒（300 个单位、60 项约 3 秒，机器忙时更久），点一次就行；别人照常办事。",
    }
    return render(request, "desk/scoring/correction.html", context)


def _title(campaign: Campaign, open_now: corrections.Correction | None) -> str:
    if open_now is None:
        return f"{campaign.year} 年度结果|没有在办的更正"
    return title_of(open_now)


def _actions(
    request: SignedIn, campaign: Campaign, open_now: corrections.Correction | None
) -> tuple[Action, ...]:
    asked = {"actor": request.actor, "campaign": campaign}
    here = [campaign.key]
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


def _pairs(one: corrections.Correction) -> list[Fact]:
    corrected = queries.of_sheet(one.sheet)
    return [
        ("错在哪里", one.reason),
        ("立更正", f"{cn_datetime(one.opened_at)} {one.opened_by.name}"),
        ("更正哪一次", f"发布 {corrected.year}-{corrected.number}" if corrected else "—"),
        Pair(label="原计分表校验值", text=one.sheet.digest, mono=True),
    ]


def _lines(request: SignedIn, one: corrections.Correction) -> DataTable:
    lines = corrections.ledger_lines(one)
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


def _changes(campaign: Campaign, difference: corrections.Difference, request: SignedIn) -> dict[str, Any]:
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
                url=reverse("desk-unit-sheet", args=[campaign.key, one.unit]),
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


def _file(campaign: Campaign, difference: corrections.Difference) -> Table:
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


def _past(one: corrections.Correction) -> Entry:
    end = one.end
    said = f"{corrections.ENDS[end.kind]}{'：' + end.reason if end.reason else ''}"
    gone = standing.withdrawn_correction(one)
    taken = f"　{cn_datetime(gone.act.at)} 撤回：{gone.act.reason}（{gone.act.by}）" if gone else ""
    return Entry(
        f"第 {one.number} 次更正：{corrections.ENDS[end.kind]}{'，后已撤回' if gone else ''}",
        at=one.opened_at,
        actor=f"立更正：{one.opened_by.name}",
        body=f"{one.reason}　{cn_datetime(end.at)} {said}（{end.by.name}）{taken}",
    )
