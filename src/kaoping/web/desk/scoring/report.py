"""The text for the statutory annual reports: the city's, every unit's, and who has stated 责任追究."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.accountability import must_state
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.publication import queries as publication
from kaoping.registry.queries import organisers
from kaoping.reporting import annual_report, report_facts
from kaoping.reporting.render.docx import Grid
from kaoping.reporting.render.docx import render as render_docx
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.desk.years import DOCX, attachment, campaign_of, crumbs, latest, require, scope_of
from kaoping.web.ui.errors import not_yet
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.report_words import STILL_OPEN, download_action
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download

current = latest("desk-report-year", stages.ROUTINE)
CITY = "city"


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Every unit's text in one list, and the city's."""
    campaign = campaign_of(key)
    units = scope_of(request.actor, campaign)
    rows = campaigns.participations(campaign, only=True)
    if units is not None:
        rows = rows.filter(organisation__code__in=units)
    facts = _year(campaign)
    if "format" in request.GET:
        return download(_file(facts, rows), request.GET["format"])
    note = campaigns.report_note(campaign)
    settled = facts.state == annual_report.SETTLED
    title = f"{key.year} 年年度报告文本{'|可以用了' if settled else f'：|考核结果{facts.state}'}"
    context = {
        "title": title,
        "campaign": campaign,
        "whole": units is None,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "年度报告文本"),
            basis=Basis(
                n=f"{rows.count()} 个单位",
                extra=(f"考核年度 {facts.assessed.year}" if facts.assessed else "没有上年考核",),
            ),
            lead="部门 1 月 31 日前、政府 3 月 31 日前公布年度报告（条例第四十九条）。未定的，公开后另发更正稿。",
            actions=(
                Action(label="全市文本", url=reverse("desk-report-of", args=[key, CITY]), kind="primary"),
            )
            if units is None
            else (),
        ),
        "note": note,
        "stated": len(facts.accountability),
        "table": paged_table(
            columns=["单位", "分组", "总分", "等次", "状态", "有效问卷", "责任追究", "文本"],
            rows=rows,
            cells=lambda row: _cells(row, facts, key),
            params=request.GET,
            caption="各单位年度报告文本",
            empty="没有参评单位。" if units is None else "您的地区或行业没有参评单位。",
        ),
    }
    return render(request, "desk/scoring/report.html", context)


@require_safe
def of_unit(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """One text to read, copy or download."""
    campaign, facts = _facts(request, key, code)
    blocks = annual_report.blocks(facts)
    title = f"{facts.unit}：|年度报告考核与评议部分{'更正稿' if facts.is_correction else ''}"
    context = {
        "title": title,
        "campaign": campaign,
        "facts": facts,
        "note": annual_report.CORRECTION_NOTE if facts.is_correction else "",
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("年度报告文本", reverse("desk-report-year", args=[key])), facts.unit),
            actions=(download_action(reverse("desk-report-docx", args=[key, code]), facts),),
        ),
        "parts": annual_report.parts(facts),
        "grids": [one for one in blocks if isinstance(one, Grid)],
    }
    return render(request, "desk/scoring/report_text.html", context)


@require_safe
def docx(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """The text in the layout of GB/T 9704."""
    _campaign, facts = _facts(request, key, code)
    if facts.is_unfinished:
        return not_yet(request, STILL_OPEN)
    title = f"{facts.unit}{key.year}年年度报告考核与评议部分{'更正稿' if facts.is_correction else ''}"
    content = render_docx(
        annual_report.blocks(facts), title=title, footer="示例数据" if facts.example else ""
    )
    return attachment(content, DOCX, f"{title}.docx")


def _year(campaign: Campaign) -> report_facts.Year:
    return publication.report_year(campaign)


def _facts(request: SignedIn, key: OrganisedYear, code: str) -> tuple[Any, annual_report.Facts]:
    campaign = campaign_of(key)
    units = scope_of(request.actor, campaign)
    if code == CITY:
        require(units is None, "全市文本由政务公开办查看。")
        return campaign, report_facts.of_city(_year(campaign), city=organisers.body_of(campaign.organiser))
    require(units is None or code in units, "这家单位不在您的地区或行业里。")
    if not campaigns.participates(campaign, code):
        raise Http404
    return campaign, report_facts.of_unit(_year(campaign), code)


def _result(facts: report_facts.Year, code: str) -> tuple[str, str | None, int | None]:
    summary = facts.lines.get(code)
    ballots = facts.ballots.get(code)
    return (
        summary["total"] if summary else facts.state,
        facts.grades.get(summary["grade"] or "") if summary else None,
        ballots["n"] if ballots else None,
    )


def _state(facts: report_facts.Year, code: str) -> str:
    found = report_facts.assessment(facts, code) if facts.out else None
    return annual_report.state_of(found) if found else facts.state


def _cells(row: Any, facts: report_facts.Year, key: OrganisedYear) -> list[Value]:
    unit = row.organisation
    total, grade, n = _result(facts, unit.code)
    return [
        Cell(text=unit.short_name, url=reverse("desk-report-of", args=[key, unit.code])),
        row.group or "—",
        total,
        Cell(grade=grade) if grade else facts.state if facts.gone else "未定",
        _state(facts, unit.code),
        f"{n} 份" if n is not None else "—",
        _stated(facts, unit),
        _text(facts, unit, key),
    ]


def _text(facts: report_facts.Year, unit: Any, key: OrganisedYear) -> Cell:
    """The way to the DOCX, or beside its name why it cannot be taken yet."""
    if unit.code not in facts.accountability and must_state(unit.kind):
        return Cell(text="DOCX 暂不能下载", note="待填写责任追究情况")
    return Cell(text="DOCX", url=reverse("desk-report-docx", args=[key, unit.code]))


STATED: Final = {"none": "没有发生", "some": "有", "omitted": "不列"}


def _stated(facts: report_facts.Year, unit: Any) -> str:
    said = facts.accountability.get(unit.code)
    if said is not None:
        return STATED[said.choice]
    return "待填写" if must_state(unit.kind) else "没有填"


def _file(facts: report_facts.Year, rows: Any) -> Table:
    made = []
    for row in rows:
        total, grade, n = _result(facts, row.organisation.code)
        made.append(
            [
                row.organisation.code,
                row.organisation.short_name,
                row.group,
                facts.assessed.year if facts.assessed else None,
                total,
                grade or (facts.state if facts.gone else "未定"),
                _state(facts, row.organisation.code),
                n,
                _stated(facts, row.organisation),
            ]
        )
    return Table(
        f"{facts.campaign.year} 年年度报告考核与评议",
        ["代码", "单位", "分组", "考核年度", "总分", "等次", "状态", "有效问卷", "责任追究"],
        made,
    )
