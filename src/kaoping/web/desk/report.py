"""The text for the statutory annual reports: the city's, every unit's, and what the office adds on 责任追究."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.queries import replaced_texts
from kaoping.campaigns import policy
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.services.plan import write_report_note
from kaoping.publication import queries as publication
from kaoping.reporting import annual_report, report_facts
from kaoping.reporting.render.docx import Grid
from kaoping.reporting.render.docx import render as render_docx
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.desk.approval import DOCX
from kaoping.web.desk.years import act_page, attachment, campaign_of, crumbs, latest, require, scope_of
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download

current = latest("desk-report-year")
CITY = "city"


@require_safe
def of_year(request: SignedIn, year: int) -> HttpResponse:
    """Every unit's text in one list, and the city's."""
    campaign = campaign_of(year)
    units = scope_of(request.actor, campaign)
    rows = campaigns.participations(campaign, only=True)
    if units is not None:
        rows = rows.filter(organisation__code__in=units)
    facts = _year(campaign)
    if "format" in request.GET:
        return download(_file(facts, rows), request.GET["format"])
    note = campaigns.report_note(campaign)
    settled = facts.published_on is not None
    title = f"{year} 年年度报告文本|可以用了" if settled else f"{year} 年年度报告文本：|考核结果未定"
    context = {
        "title": title,
        "campaign": campaign,
        "whole": units is None,
        "head": {
            "title": title,
            "crumbs": crumbs(campaign, "年度报告文本"),
            "basis": {
                "n": f"{rows.count()} 个单位",
                "extra": [f"考核年度 {facts.assessed.year}" if facts.assessed else "没有上年考核"],
            },
            "lead": "部门 1 月 31 日前、政府 3 月 31 日前公布年度报告（条例第四十九条）。未定的，公开后另发更正稿。",
            "actions": [
                {"label": "全市文本", "url": reverse("desk-report-of", args=[year, CITY]), "kind": "primary"}
            ]
            if units is None
            else [],
        },
        "note": note,
        "may_write": policy.can_write_report_note(request.actor),
        "table": paged_table(
            columns=["单位", "分组", "总分", "等次", "状态", "有效问卷", "文本"],
            rows=rows,
            cells=lambda row: _cells(row, facts, year),
            params=request.GET,
            caption="各单位年度报告文本",
            empty="没有参评单位。" if units is None else "您的地区或行业没有参评单位。",
        ),
    }
    return render(request, "desk/report.html", context)


@require_safe
def of_unit(request: SignedIn, year: int, code: str) -> HttpResponse:
    """One text to read, copy or download."""
    campaign, facts = _facts(request, year, code)
    blocks = annual_report.blocks(facts)
    title = f"{facts.unit}：|年度报告考核与评议部分{'更正稿' if facts.is_correction else ''}"
    context = {
        "title": title,
        "campaign": campaign,
        "facts": facts,
        "note": annual_report.CORRECTION_NOTE if facts.is_correction else "",
        "head": {
            "title": title,
            "crumbs": crumbs(
                campaign, ("年度报告文本", reverse("desk-report-year", args=[year])), facts.unit
            ),
            "actions": [
                {
                    "label": "下载 DOCX",
                    "url": reverse("desk-report-docx", args=[year, code]),
                    "icon": "download",
                    "kind": "primary",
                }
            ],
        },
        "parts": [
            ("（一）工作考核结果", annual_report.assessment_sentence(facts)),
            ("（二）社会评议结果", annual_report.evaluation_sentence(facts)),
            ("（三）责任追究结果", annual_report.accountability_sentence(facts)),
        ],
        "grids": [one for one in blocks if isinstance(one, Grid)],
    }
    return render(request, "desk/report_text.html", context)


@require_safe
def docx(request: SignedIn, year: int, code: str) -> HttpResponse:
    """The text in the layout of GB/T 9704."""
    _campaign, facts = _facts(request, year, code)
    title = f"{facts.unit}{year}年年度报告考核与评议部分{'更正稿' if facts.is_correction else ''}"
    content = render_docx(
        annual_report.blocks(facts), title=title, footer="示例数据" if facts.example else ""
    )
    return attachment(content, DOCX, f"{title}.docx")


class NoteForm(forms.Form):
    """What no number says."""

    accountability = forms.CharField(
        label="责任追究情况",
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text="如实填写，没有的写“没有”。写进全市和各单位的文本。",
        error_messages={"required": "请如实填写，没有的写“没有”。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: SignedIn, year: int) -> HttpResponse:
    """责任追究, written by the office."""
    campaign = campaign_of(year)
    require(policy.can_write_report_note(request.actor), "年报内容由市政务公开办经办填写。")
    stored = plan_reads.report_note(campaign)
    form = NoteForm(request.POST or None, initial=stored)

    def run(data: dict[str, Any]) -> str:
        write_report_note(
            actor=request.actor,
            campaign=campaign,
            accountability=data["accountability"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return "责任追究情况已保存。"

    back = reverse("desk-report-year", args=[year])
    return act_page(
        request,
        form=form,
        title="填写责任追究情况",
        crumbs=crumbs(campaign, ("年度报告文本", back), "责任追究"),
        button="保存",
        run=run,
        back=back,
        stored=stored,
        before=replaced_texts("report_note", campaign.pk),
    )


def _year(campaign: Any) -> report_facts.Year:
    return report_facts.year_of(campaign, published=publication.results_out())


def _facts(request: SignedIn, year: int, code: str) -> tuple[Any, annual_report.Facts]:
    campaign = campaign_of(year)
    units = scope_of(request.actor, campaign)
    if code == CITY:
        require(units is None, "全市文本由市政务公开办查看。")
        return campaign, report_facts.of_city(_year(campaign), city=f"{settings.KAOPING_CITY}人民政府")
    require(units is None or code in units, "这家单位不在您的地区或行业里。")
    if not campaigns.participates(campaign, code):
        raise Http404
    return campaign, report_facts.of_unit(_year(campaign), code)


def _result(facts: report_facts.Year, code: str) -> tuple[str, str | None, int | None]:
    summary = facts.lines.get(code)
    ballots = facts.ballots.get(code)
    return (
        summary["total"] if summary else "未定",
        facts.grades.get(summary["grade"] or "") if summary else None,
        ballots["n"] if ballots else None,
    )


def _state(facts: report_facts.Year, code: str) -> str:
    found = report_facts.assessment(facts, code) if facts.out else None
    return annual_report.state_of(found) if found else annual_report.UNSETTLED


def _cells(row: Any, facts: report_facts.Year, year: int) -> list[Any]:
    unit = row.organisation
    total, grade, n = _result(facts, unit.code)
    return [
        {"text": unit.short_name, "url": reverse("desk-report-of", args=[year, unit.code])},
        row.group or "—",
        total,
        {"grade": grade} if grade else "未定",
        _state(facts, unit.code),
        f"{n} 份" if n is not None else "—",
        {"text": "DOCX", "url": reverse("desk-report-docx", args=[year, unit.code])},
    ]


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
                grade or "未定",
                _state(facts, row.organisation.code),
                n,
            ]
        )
    return Table(
        f"{facts.campaign.year} 年年度报告考核与评议",
        ["代码", "单位", "分组", "考核年度", "总分", "等次", "状态", "有效问卷"],
        made,
    )
