"""What the unit's own annual report (政府信息公开年度报告) says on assessment and evaluation, to copy or to download."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.publication import queries as publication
from kaoping.reporting import annual_report, report_facts
from kaoping.reporting.render import docx as renderer
from kaoping.support import clock
from kaoping.web.ui.errors import not_yet
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.table import table_of
from kaoping.web.ui.report_words import STILL_OPEN, download_action
from kaoping.web.ui.requests import SignedIn
from kaoping.web.unit.own import Own, latest, own_page

current = latest("unit-report-year", stages.ROUTINE)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _facts(own: Own) -> annual_report.Facts:
    return report_facts.of_unit(publication.report_year(own.campaign), own.unit.code)


@require_safe
@own_page(policy.can_preview)
def of_year(request: SignedIn, own: Own) -> HttpResponse:
    """Three paragraphs and the table; each year is named with its state (已定 or 未定)."""
    facts = _facts(own)
    settled = facts.assessment is not None and facts.assessment.settled
    blocks = annual_report.blocks(facts)
    may_state = policy.can_state_accountability(request.actor, own.unit.code)
    title = "年度报告文本可以用了" if settled else "年度报告文本：|考核结果还没有定"
    if facts.is_withdrawn:
        title = "年度报告文本：|考核结果已撤回"
    if facts.is_correction:
        title = "年度报告文本是更正稿：|考核结果公开后有更正"
    context: dict[str, object] = {
        "title": title,
        "shell_width": "unit",
        "facts": facts,
        "note": annual_report.CORRECTION_NOTE if facts.is_correction else "",
        "head": Head(
            title=title,
            crumbs=own.crumbs("年度报告文本"),
            basis=Basis(as_of=clock.now(), extra=(facts.unit, f"{facts.report_year} 年年度报告")),
            lead="部门 1 月 31 日前、政府 3 月 31 日前公布年度报告（条例第四十九条）。未定的，公开后另发更正稿。",
            actions=(download_action(own.url("unit-report-docx"), facts),),
        ),
        "parts": annual_report.parts(facts),
        "accountability": own.url("unit-accountability") if may_state else "",
        "unfinished": facts.is_unfinished,
        "tables": [
            table_of(
                caption=grid.caption,
                columns=list(grid.header),
                rows=[list(row) for row in grid.rows],
                fold=True,
            )
            for grid in blocks
            if isinstance(grid, renderer.Grid)
        ],
    }
    return render(request, "unit/report.html", context)


@require_safe
@own_page(policy.can_preview)
def docx(request: SignedIn, own: Own) -> HttpResponse:
    """The text in the layout of GB/T 9704."""
    facts = _facts(own)
    if facts.is_unfinished:
        return not_yet(request, STILL_OPEN)
    title = (
        f"{facts.unit}{own.campaign.year}年年度报告考核与评议部分{'更正稿' if facts.is_correction else ''}"
    )
    content = renderer.render(
        annual_report.blocks(facts), title=title, footer="示例数据" if facts.example else ""
    )
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = (
        f"attachment; filename=\"kaoping.docx\"; filename*=UTF-8''{quote(title)}.docx"
    )
    response["Cache-Control"] = "no-store"
    return response
