"""The scoring room: units by second-level items, what has no basis yet, and the reason behind each cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.sign_off import again
from kaoping.campaigns.services.review import close_round
from kaoping.campaigns.services.sheet import compute_sheet
from kaoping.evidence.policy import can_see_ledger
from kaoping.publication import standing
from kaoping.publication.policy import can_see_releases
from kaoping.reporting import board
from kaoping.reporting import scoring_room as facts
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.scoring.scoring_drawer import STATUS_WORDS, drawer
from kaoping.web.desk.scoring.scoring_heat import heat_of
from kaoping.web.desk.years import campaign_of, crumbs, latest, require, term_mark
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.offering import offered
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.lists import Figure
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Column
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import points

current = latest("desk-scoring-room-year", stages.REVIEW)
# What a sheet computed now is for.
OCCASION_AT: Final = {
    stages.REVIEW: "preview",
    stages.PREVIEW: "preview",
    stages.APPEALS: "final",
}


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The heat table, fifty units a page; ``?unit=&item=`` opens the reason of one cell beside it."""
    campaign = campaign_of(key)
    require(policy.can_see_sheet(request.actor, key), "计分表由政务公开办、签发人、领导小组和复核人查看。")
    sheet = standing.at_work(campaign)
    room = facts.room(campaign, sheet=sheet)
    if "format" in request.GET and room is not None:
        return download(_file(campaign, room), request.GET["format"])
    title = _title(campaign, room)
    unit, item = request.GET.get("unit", ""), request.GET.get("item", "")
    why = None
    if room is not None and unit and item:
        spread = policy.can_see_spread(request.actor, key)
        why = facts.reason(campaign, unit, item, sheet=sheet, with_spread=spread)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "评分"),
            basis=_head_basis(campaign, room),
            actions=_actions(request, campaign, room),
            lead=_lead(request, campaign),
        ),
        "figures": _figures(room.counts) if room else [],
        "heat": heat_of(request, campaign, room, unit, item) if room else None,
        "edges": board.heat_edges(campaign),
        "basis": _basis(campaign, room) if room else None,
        "moves": _moves(campaign, room, request) if room and room.previous else None,
        "term_mark": term_mark(campaign.key),
        "why": drawer(campaign, why, files=can_see_ledger(request.actor, campaign)) if why else None,
        "sheets": list(sheets.sheets(campaign)[:10]),
        "occasions": sheets.OCCASIONS,
    }
    return render(request, "desk/scoring/scoring_room.html", context)


@require_POST
def compute(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Score every unit as known now, and keep the answer as a new sheet."""
    campaign = campaign_of(key)
    sheet = compute_sheet(
        actor=request.actor,
        campaign=campaign,
        occasion=OCCASION_AT.get(campaign.stage, "provisional"),
        now=clock.now(),
    )
    messages.success(
        request, f"已计算{sheets.OCCASIONS[sheet.occasion]}计分表，校验值 {sheet.digest[:8]}……。旧表都留着。"
    )
    return redirect("desk-scoring-room-year", key)


def _title(campaign: Campaign, room: facts.Room | None) -> str:
    if room is None:
        return "还没有计分表"
    if stages.reached(campaign.stage, stages.FROZEN) and not _counts(campaign, room):
        return f"{campaign.year} 年度更正计分表，|还没有公开"
    if stages.reached(campaign.stage, stages.FROZEN) and room.counts.open == 0:
        return f"{campaign.year} 年度计分表|已经签发"
    if room.counts.open:
        return f"还差 {room.counts.open} 格没有依据，|暂不能签发"
    return "每一格都有依据"


def _actions(request: SignedIn, campaign: Campaign, room: facts.Room | None) -> tuple[Action, ...]:
    key = campaign.key
    made: list[Action] = []
    url = reverse("desk-compute", args=[key])
    computing = Action(label="计算计分表", url=url, method="post", kind="primary", icon="calculator")
    made += offered(compute_sheet, computing, **_computing(request, campaign))
    if campaign.stage == stages.PUBLISHED and can_see_releases(request.actor, campaign):
        made.append(Action(label="更正", url=reverse("desk-correction", args=[key]), icon="history"))
    if close_round.check(actor=request.actor, campaign=campaign) is None:
        made.append(Action(label="结束评审", url=reverse("desk-close-round", args=[key])))
    elif policy.can_see_spread(request.actor, campaign):
        made.append(Action(label="评审", url=reverse("desk-reviews-year", args=[key])))
    if can_see_ledger(request.actor, campaign):
        made.append(Action(label="单项否决、重大减分", url=reverse("desk-severe-year", args=[key])))
    if campaign.stage in (stages.PREVIEW, stages.APPEALS):
        made.append(Action(label="审定改分", url=reverse("desk-rulings", args=[key])))
    if room is not None:
        made.append(Action(label="签发", url=reverse("desk-sign-off", args=[key]), icon="stamp"))
    return tuple(made)


def _lead(request: SignedIn, campaign: Campaign) -> str:
    """What is valid now after a withdrawal, else what computing does to a signature, and how long it takes."""
    gone = standing.withdrawal(campaign.key)
    return gone.words if gone else f"{again(campaign)}{_waiting(request, campaign)}"


def _waiting(request: SignedIn, campaign: Campaign) -> str:
    """How long the button keeps one waiting, where there is a button: the sheet is computed while the page loads."""
    if compute_sheet.check(**_computing(request, campaign)):
        return ""
    return "点“计算计分表”要等几秒（300 个单位、60 项约 3 秒，机器忙时更久），点一次就行；别人照常办事。"


def _computing(request: SignedIn, campaign: Campaign) -> dict[str, object]:
    """What is asked of the verb by its button and by what is said beside it."""
    return {"actor": request.actor, "campaign": campaign, "now": clock.now()}


def _counts(campaign: Campaign, room: facts.Room) -> bool:
    """Whether the sheet shown is the one that counts: after freezing, a correction's counts once it is published."""
    counting = standing.counting(campaign)
    return counting is not None and counting.pk == room.sheet.pk


def _figures(counts: facts.Counts) -> list[Figure]:
    made: list[Figure] = [
        Figure(
            label="单位 × 指标",
            value=points(counts.cells),
            note=f"{counts.units} 单位 × {counts.items} 项",
        ),
        Figure(label="有分且有依据", value=points(counts.scored)),
        Figure(
            label="待评",
            value=points(counts.pending),
            tone="cau" if counts.pending else "",
            note="还没有可以计分的记录",
        ),
        Figure(
            label="无法判定，需人工",
            value=points(counts.undecided),
            tone="cau" if counts.undecided else "",
            note="不扣分，核后才能计入",
        ),
        Figure(label="不涉及", value=points(counts.absent), note="分值已分到其他项"),
    ]
    if counts.vetoed:
        made.append(
            Figure(
                label="单项否决",
                value=len(counts.vetoed),
                tone="neg",
                note="、".join(counts.vetoed[:3]) + (" 等" if len(counts.vetoed) > 3 else ""),
            )
        )
    return made


def _head_basis(campaign: Campaign, room: facts.Room | None) -> Basis:
    rubric = f"{campaign.rulebook.title} {campaign.rulebook.version}"
    if room is None:
        return Basis(rubric=rubric)
    return Basis(n=f"{room.counts.units} 个单位", as_of=room.sheet.as_of, rubric=rubric)


def _basis(campaign: Campaign, room: facts.Room) -> Basis:
    frozen = stages.reached(campaign.stage, stages.FROZEN) and _counts(campaign, room)
    return Basis(
        n=f"{room.counts.units} 个单位",
        as_of=room.sheet.as_of,
        rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}",
        extra=("箭头为比上一张计分表变动 3 个百分点以上",) if room.previous else (),
        state="frozen" if frozen else "provisional",
        digest=room.sheet.digest,
        csv="?format=csv",
        xlsx="?format=xlsx",
        address=reverse("desk-scoring-room-year", args=[campaign.key]),
    )


def _moves(campaign: Campaign, room: facts.Room, request: SignedIn) -> dict[str, Any]:
    names = sheets.grade_names(campaign)
    table = data_table(
        columns=[
            "单位",
            Column("原总分", num=True),
            Column("现总分", num=True),
            "原等次",
            "现等次",
        ],
        rows=room.moves[:20],
        cells=lambda one: [
            Cell(text=one.short_name, url=reverse("desk-unit-sheet", args=[campaign.key, one.unit])),
            points(one.before, 2) if one.before is not None else "未定",
            points(one.after, 2) if one.after is not None else "未定",
            names.get(one.grade_before or "", "未定"),
            names.get(one.grade_after or "", "未定"),
        ],
        params={},
        caption="总分有变的单位",
        empty=Empty(title="没有一家总分有变。"),
    )
    assert room.previous is not None
    return {"table": table, "count": len(room.moves), "since": room.previous.as_of}


def _file(campaign: Campaign, room: facts.Room) -> Table:
    leaves = [leaf for group in room.groups for column in group.columns for leaf in column.leaves]
    titles = {column.code: column.title for column in sheets.columns(campaign)}
    names = sheets.grade_names(campaign)
    lines = []
    for row in room.rows:
        got: list[Decimal | str] = []
        for leaf in leaves:
            line = row.summary["items"].get(leaf, ["", "not_applicable", ""])
            undecided = line[1] == facts.NOT_SCORED and (row.unit, leaf) in room.undecided
            status = facts.UNDECIDED if undecided else line[1]
            got.append(Decimal(line[0]) if status == facts.SCORED else STATUS_WORDS.get(status, status))
        lines.append(
            [
                row.unit,
                row.short_name,
                row.summary["group"],
                *got,
                Decimal(row.summary["total"]) if row.summary["total"] is not None else None,
                names.get(row.summary["grade"] or "", "未定"),
            ]
        )
    return Table(
        f"{campaign.year} 年度计分表",
        ["代码", "单位", "分组", *(f"{leaf} {titles[leaf]}" for leaf in leaves), "总分", "等次"],
        lines,
        [
            f"{room.counts.units} 个单位，截至 {room.sheet.as_of.isoformat()}，校验值 {room.sheet.digest}。",
            f"规则集 {campaign.rulebook.title} {campaign.rulebook.version}（{campaign.rulebook.digest}）。",
        ],
    )
