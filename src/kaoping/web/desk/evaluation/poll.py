"""The public evaluation of a year: how far the poll is, sealing, and the result after the opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Actor
from kaoping.beijing import BEIJING, day_of, deadline_day
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.services.box import open_poll, seal_poll
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.evaluation.unopened import networks_of
from kaoping.registry.queries import organisers
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.evaluation import poll_trace as evaluation_trace
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.offering import offered
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.table import Cell, Column, DataTable
from kaoping.web.ui.parts.year import CycleRail, Station
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_date, cn_short_date, points

COLUMNS: Final = (
    Column("单位", key="unit"),
    Column("分组", key="group"),
    Column("有效问卷", key="n", num=True),
    Column("满意度", key="value", num=True),
    Column("95% 区间", num=True),
    Column("等次", key="grade"),
    Column("政府网络来源", key="network", num=True),
    "说明",
)


def door(request: SignedIn, key: OrganisedYear) -> None:
    """Who sees the state of an organiser's poll."""
    if not policy.can_see_evaluation(request.actor, key):
        raise PermissionDenied("社会评议的进展由政务公开办、签发人、领导小组和开箱人查看。")


def crumbs(key: OrganisedYear, *more: str) -> tuple[Crumb, ...]:
    """Where the page stands."""
    return (
        Crumb(label=f"{key.year} 年社会评议", url=reverse("desk-evaluation-year", args=[key])),
        *(Crumb(label=one) for one in more),
    )


@require_safe
def latest(request: SignedIn) -> HttpResponse:
    """Go to the year that is running."""
    whose = organisers.served(request.actor)
    campaign = campaigns.at_work(stages.EVALUATION, whose)
    poll = queries.polls().filter(organiser=whose).first()
    key = campaign.key if campaign else poll.key if poll else OrganisedYear(whose, clock.today().year)
    door(request, key)
    return redirect("desk-evaluation-year", key)


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """One year: nothing is counted before the opening, everything after it."""
    door(request, key)
    now = clock.now()
    poll = queries.poll_of(key)
    state = queries.state(poll, now)
    if "format" in request.GET:
        if poll is None or state != logic.OPENED:
            raise Http404
        return download(_file(poll), request.GET["format"])
    openers = list(queries.openers(poll)) if poll else []
    context = {
        "title": _title(key, poll, state, now),
        "crumbs": (Crumb(label="社会评议"),),
        "key": key,
        "poll": poll,
        "opened": state == logic.OPENED,
        "head": Head(
            title=_title(key, poll, state, now),
            crumbs=(Crumb(label="社会评议", url=reverse("desk-evaluation")), Crumb(label=f"{key.year} 年")),
            basis=_basis(poll, state, now),
            actions=_actions(request.actor, key, poll, state, now),
        ),
        "facts": _facts(poll, openers) if poll else [],
        "rail": _rail(poll, state, now) if poll else None,
        "table": _table(poll, request.GET.dict()) if poll and state == logic.OPENED else None,
        "trace": evaluation_trace.trace(key, poll),
        "warnings": queries.warnings_of(poll) if poll and state == logic.OPENED else [],
        "address": f"{settings.KAOPING_OUTSIDE_URL.rstrip('/')}/evaluate/",
        "may_prepare": policy.can_prepare_poll(request.actor, key),
        "may_read": policy.can_read_opinions(request.actor, key),
        "years": [one.key for one in queries.polls() if one.organiser == key.organiser and one.key != key],
    }
    return render(request, "desk/evaluation/evaluation.html", context)


@require_POST
def seal(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Seal the box; the worker does it by itself at the closing, the button is for when it did not."""
    door(request, key)
    poll = queries.poll_of(key) or queries.cancelled(key).first()
    if poll is None:
        raise Http404
    sealed = seal_poll(actor=request.actor, poll=poll, now=clock.now())
    messages.success(request, f"问卷已封存，校验值 {sealed.seal_digest[:8]}……。下一步由两名开箱人开箱。")
    return redirect("desk-evaluation-year", key)


def _title(key: OrganisedYear, poll: queries.Poll | None, state: str | None, now: datetime) -> str:
    if poll is None:
        return f"{key.year} 年的社会评议还没有布置"
    if state == logic.PREPARED:
        return f"评议已布置，|{cn_short_date(poll.opens_at)}开始"
    closing = deadline_day(poll.closes_at)
    if state == logic.OPEN and now < poll.closes_at:
        return f"评议中，|{cn_short_date(closing)} 24:00 截止"
    if state == logic.OPEN:
        return "评议已截止，|还没有封存"
    if state == logic.SEALED:
        return "问卷已封存，|待两名开箱人开箱"
    return _outcome(poll)


def _outcome(poll: queries.Poll) -> str:
    """How many units were given which grade."""
    units = queries.results_of(poll)
    graded = [one.grade for one in units if one.grade]
    parts = [
        f"{count} 个{grade}" for grade in ("满意", "基本满意", "不满意") if (count := graded.count(grade))
    ]
    if missing := len(units) - len(graded):
        parts.append(f"{missing} 个份数不足，不给等次")
    return f"{len(units)} 个单位：|" + "，|".join(parts)


def _state_words(poll: queries.Poll, state: str | None, now: datetime) -> str:
    """What the state is called; between the closing and the seal nobody votes any more."""
    return "已截止，待封存" if queries.waits_for_seal(poll, now) else logic.STATES[state or ""]


def _basis(poll: queries.Poll | None, state: str | None, now: datetime) -> Basis | None:
    if poll is None:
        return None
    line = Basis(
        period=f"{cn_date(poll.opens_at)} 至 {cn_date(deadline_day(poll.closes_at))}",
        rubric=f"问卷 {queries.version_of(poll)} 版",
        extra=(_state_words(poll, state, now),),
    )
    if state == logic.OPENED:
        counted = f"有效问卷 {points(queries.ballots_of(poll))} 份"
        return replace(line, n=counted, digest=poll.seal_digest)
    return line


def _actions(
    actor: Actor, key: OrganisedYear, poll: queries.Poll | None, state: str | None, now: datetime
) -> tuple[Action, ...]:
    found: list[Action] = []
    if poll is None:
        preparing = Action(
            label="布置评议", url=reverse("desk-evaluation-prepare", args=[key]), kind="primary"
        )
        found += offered(prepare_poll, preparing, actor=actor, key=key, now=now)
    elif state in (logic.PREPARED, logic.OPEN):
        seal_it = Action(
            label="封存问卷", url=reverse("desk-evaluation-seal", args=[key]), method="post", kind="primary"
        )
        if why := seal_poll.hindrance(poll=poll, now=now):
            found.append(replace(seal_it, disabled=why))  # for everybody: it is sealed by itself
        else:
            found += offered(seal_poll, seal_it, actor=actor, poll=poll, now=now)
        found += evaluation_trace.actions(actor, key, poll, now)
    elif state == logic.SEALED:
        opening = Action(label="开箱", url=reverse("desk-evaluation-open", args=[key]), kind="primary")
        words = open_poll.check(first=actor, second=None, poll=poll)
        found.append(replace(opening, disabled=words or ""))
    if poll is not None and policy.can_read_opinions(actor, key):
        found.append(Action(label="看意见建议", url=reverse("desk-opinions", args=[key])))
    return tuple(found)


def _rail(poll: queries.Poll, state: str | None, now: datetime) -> CycleRail:
    order = [logic.PREPARED, logic.OPEN, logic.SEALED, logic.OPENED]
    waits = queries.waits_for_seal(poll, now)  # nobody votes any more: sealing is the step at hand
    reached = order.index(logic.SEALED if waits else state or logic.PREPARED)
    dates = {
        logic.PREPARED: "",
        logic.OPEN: _from_to(day_of(poll.opens_at), deadline_day(poll.closes_at)),
        logic.SEALED: cn_short_date(poll.sealed_at) if poll.sealed_at else "截止时",
        logic.OPENED: cn_short_date(poll.opened_at) if poll.opened_at else "两人到场",
    }
    return CycleRail(
        title="评议的四步",
        stations=tuple(
            Station(
                label="待封存" if waits and one == logic.SEALED else logic.STATES[one],
                dates=dates[one],
                state="done"
                if place < reached or state == logic.OPENED
                else "now"
                if place == reached
                else "next",
            )
            for place, one in enumerate(order)
        ),
    )


def _from_to(first: date, last: date) -> str:
    """Both days; with their years where these differ."""
    say = cn_short_date if first.year == last.year else cn_date
    return f"{say(first)}至{say(last)}"


def _facts(poll: queries.Poll, openers: list[queries.OpeningShare]) -> list[Fact]:
    handed = {share.position: share.handed_in_at for share in openers}
    names = "、".join(
        f"{share.opener.name}{'（已到场）' if handed[share.position] else ''}" for share in openers
    )
    rows: list[Fact] = [
        ("标题", poll.title),
        ("评议时间", f"{cn_date(poll.opens_at)} 至 {cn_date(deadline_day(poll.closes_at))} 24:00 止"),
        ("被评议单位", f"{len(poll.units)} 个"),
        ("最低份数", f"{queries.least_of(poll)} 份，不足的不给等次"),
        ("政府网络网段", _networks(networks_of(poll))),
        ("开箱人", names),
    ]
    if poll.seal_digest:
        rows += [
            ("封存时间", clock_words(poll.sealed_at)),
            Pair(label="封存校验值", text=poll.seal_digest, mono=True),
        ]
    if poll.opened_at:
        rows += [("开箱时间", clock_words(poll.opened_at)), ("封存份数", f"{points(poll.sealed_count)} 份")]
    return rows


def _networks(found: list[str] | None) -> str:
    if found is None:
        return "公开目录里的评议文件读不出，请系统管理员核对"
    return f"{'、'.join(found)}，来自这里的份数单列" if found else "没有填，份数不单列"


def clock_words(instant: datetime | None) -> str:
    """An instant with minutes, in Beijing time."""
    if instant is None:
        return "—"
    local = instant.astimezone(BEIJING)
    return f"{cn_date(local)} {local:%H:%M}"


def _table(poll: queries.Poll, params: dict[str, str]) -> DataTable:
    return data_table(
        columns=COLUMNS,
        rows=queries.results_of(poll),
        cells=lambda row: [
            row.unit.name,
            row.unit.group or "—",
            points(row.n),
            row.value or "—",
            _interval(row) or "—",
            Cell(grade=row.grade) if row.grade else "不给等次",
            points(row.network),
            row.reason,
        ],
        params=params,
        keys={
            "unit": lambda row: row.unit.name,
            "group": lambda row: row.unit.group,
            "n": lambda row: row.n,
            "value": lambda row: Decimal(row.value) if row.value else None,
            "grade": lambda row: row.grade,
            "network": lambda row: row.network,
        },
        caption="各单位评议结果",
        csv="?format=csv",
        xlsx="?format=xlsx",
        fold=True,
    )


def _interval(row: queries.UnitResult) -> str:
    return f"{row.interval[0]}–{row.interval[1]}" if row.interval else ""


def _file(poll: queries.Poll) -> Table:
    columns = ["代码", "单位", "分组", "有效问卷", "满意度", "95%区间", "等次", "政府网络来源", "说明"]
    rows = [
        [
            row.unit.code,
            row.unit.name,
            row.unit.group,
            row.n,
            Decimal(row.value) if row.value else None,
            _interval(row),
            row.grade or "不给等次",
            row.network,
            row.reason,
        ]
        for row in queries.results_of(poll)
    ]
    warnings = queries.warnings_of(poll)
    return Table(f"{poll.year}年社会评议结果", columns, rows, ["自愿参与，非随机抽样。", *warnings])
