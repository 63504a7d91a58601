"""One unit's whole sheet: every point with its reason and how many records stand behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.evidence.policy import can_see_ledger
from kaoping.evidence.queries import batch_of
from kaoping.publication import standing
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.desk.scoring.scoring_drawer import STATUS_WORDS
from kaoping.web.desk.years import campaign_of, crumbs, require, scope_of, unit_name
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import points


@require_safe
def of_unit(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """The tree with points. A branch sees its own units, from the preview on."""
    campaign = campaign_of(key)
    units = scope_of(request.actor, campaign)
    if units is not None:
        require(code in units, "这家单位不在您的地区或行业里。")
        require(stages.reached(campaign.stage, stages.PREVIEW), "得分从“结果预览”起可以看到。")
    counting = standing.counting(campaign)
    # A correction under way is the office's own until it is published.
    shown = standing.at_work(campaign) if policy.can_see_sheet(request.actor, key) else counting
    view = sheets.unit_view(campaign, code, sheet=shown)
    if view is None:
        raise Http404
    name = unit_name(code)
    if "format" in request.GET:
        return download(_file(campaign, name, view), request.GET["format"])
    names = sheets.grade_names(campaign)
    grade = names.get(view.grade or "", view.grade)
    total = f"{points(view.total, 2)} 分，{grade or '等次未定'}" if view.total is not None else "总分未定"
    title = f"{name}：|{total}"
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("评分", reverse("desk-scoring-room-year", args=[key])), name)
            if policy.can_see_sheet(request.actor, key)
            else crumbs(campaign, name),
            basis=Basis(
                as_of=view.sheet.as_of,
                rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
                state="frozen"
                if stages.reached(campaign.stage, stages.FROZEN) and view.sheet == counting
                else "provisional",
                digest=view.sheet.digest,
                csv="?format=csv",
                xlsx="?format=xlsx",
                address=reverse("desk-unit-sheet", args=[key, code]),
            ),
        ),
        "withdrawal": withdrawal_notice(key),
        "pairs": _pairs(campaign, view, grade),
        "lines": [
            _line(
                campaign,
                code,
                line,
                link=policy.can_see_sheet(request.actor, key),
                ledger=can_see_ledger(request.actor, campaign),
            )
            for line in view.lines
        ],
    }
    return render(request, "desk/scoring/unit_sheet.html", context)


def _pairs(campaign: Campaign, view: sheets.UnitView, grade: str | None) -> list[tuple[str, str]]:
    parts = sheets.component_names(campaign)
    made = [
        ("分组", view.group or "未分组"),
        ("等次", f"{grade or '未定'}{'：' + view.grade_reason if view.grade_reason else ''}"),
        ("名次", f"组内第 {view.rank} 名" if view.rank else "未定"),
        *((parts.get(code, code), f"{points(value)} 分") for code, value in view.components.items()),
    ]
    if view.vetoes:
        made.append(("单项否决", "、".join(view.vetoes)))
    return made


def _line(
    campaign: Campaign, unit: str, line: sheets.PointLine, *, link: bool, ledger: bool
) -> dict[str, Any]:
    column = line.column
    room = reverse("desk-scoring-room-year", args=[campaign.key])
    return {
        "code": column.code,
        "title": column.title,
        "level": column.level,
        "leaf": column.leaf,
        "points": points(line.points)
        if line.status == "scored"
        else STATUS_WORDS.get(line.status, line.status),
        "max": points(line.max),
        "reason": line.reason,
        "count": len(line.observations),
        "batches": _batches(line) if ledger else [],
        "url": f"{room}?unit={unit}&item={column.code}#reason" if link else "",
    }


def _batches(line: sheets.PointLine) -> list[str]:
    """Where the imports stand that the records of a line came with, each once."""
    found = dict.fromkeys(batch for one in line.observations if (batch := batch_of(one.id)))
    return [reverse("desk-ledger-batch", args=[batch]) for batch in found]


def _file(campaign: Campaign, name: str, view: sheets.UnitView) -> Table:
    return Table(
        f"{campaign.year} 年度{name}得分",
        ["代码", "指标", "得分", "满分", "状态", "理由", "记录数"],
        [
            [
                line.column.code,
                line.column.title,
                Decimal(line.points) if line.status == "scored" else None,
                Decimal(line.max),
                STATUS_WORDS.get(line.status, line.status) or "已计分",
                line.reason,
                len(line.observations),
            ]
            for line in view.lines
        ],
        [f"截至 {view.sheet.as_of.isoformat()}，校验值 {view.sheet.digest}。"],
    )
