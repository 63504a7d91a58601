"""The monitoring console: every site with its recent runs, what waits for a person, runs that failed and whose it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.doors import somewhere
from kaoping.checks import Check
from kaoping.monitoring import logic, policy, queries, shown
from kaoping.monitoring.services import findings as finding_verbs
from kaoping.registry.queries import Organisation
from kaoping.registry.queries.organisers import served
from kaoping.registry.scope import Scope
from kaoping.reporting.tables import Table
from kaoping.standards.queries import limits_on
from kaoping.support import clock
from kaoping.web.desk.stuck_sites import stuck
from kaoping.web.desk.years import term_mark
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.paging import paged_rows, paged_table
from kaoping.web.ui.parts.head import Basis
from kaoping.web.ui.parts.heat import Outcome, OutcomeMatrix, OutcomeRow
from kaoping.web.ui.parts.lists import Figure
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, cn_short_date, points

RUNS: Final = 8
DOOR: Final = "监测台由政务公开办、签发人、领导小组和主管部门查看。"


def scope(actor: Actor) -> Scope:
    """Whose things an actor sees here; the door for those who see none."""
    seen = queries.visible(actor)
    if seen.organiser is None and not actor.has_any("district_office", "competent_department"):
        raise PermissionDenied(DOOR)
    return seen


def span_words(span: timedelta) -> str:
    """How long a fault has been seen: days, or hours while it is less than three days."""
    return f"{span.days} 天" if span.days >= 3 else f"{int(span.total_seconds()) // 3600} 小时"


@require_safe
def monitoring(request: SignedIn) -> HttpResponse:
    """The console: one row a site, its last runs as cells, what is open."""
    seen = scope(request.actor)
    words = request.GET.get("words", "").strip()
    rows = queries.sites(on=clock.today(), scope=seen, words=words)
    if "format" in request.GET:
        return download(_file(list(rows), seen), request.GET["format"])
    kept, paged = paged_rows(rows, request.GET, caption="各网站监测情况")
    states = queries.site_states(kept, scope=seen, runs=RUNS)
    totals = queries.totals(seen)
    last = queries.last_run_at(seen)
    limits = limits_on(served(request.actor), clock.today())
    interval = f"{logic.interval_words(limits)}{term_mark()}"
    context = {
        "title": _title(totals, paged.total),
        "totals": totals,
        "figures": _figures(totals),
        "paged": paged,
        "matrix": _matrix(kept, states),
        "words": words,
        "basis": Basis(
            n=f"{paged.total} 个网站",
            as_of=last,
            extra=(
                interval,
                f"{logic.confirmation_line(limits)}，经人确认才记入台账{term_mark()}",
                "无法判定不扣分",
            ),
        ),
        "failed": shown.failed_runs(seen)[:5],
        "stuck": stuck(queries.stuck_sites(seen, now=clock.now())),
        "whose": logic.WHOSE,
        "interval": interval,
        "may_confirm": somewhere(policy.can_confirm_findings, request.actor),
    }
    return render(request, "desk/monitoring/monitoring.html", context)


def _figures(totals: dict[str, int]) -> list[Figure]:
    return [
        Figure(
            label="待人工确认",
            value=totals[logic.READY],
            tone="cau" if totals[logic.READY] else "",
        ),
        Figure(label="已确认不符合", value=totals[logic.CONFIRMED]),
        Figure(label="疑似，未到确认线", value=totals[logic.SUSPECTED], note="不扣分"),
    ]


def _title(totals: dict[str, int], sites: int) -> str:
    if totals[logic.READY]:
        return f"{totals[logic.READY]} 条监测发现|待人工确认，|确认前不扣分"
    if not sites:
        return "名录里还没有网站可监测"
    if totals[logic.CONFIRMED]:
        return f"{totals[logic.CONFIRMED]} 条已确认的问题|还没有消除"
    if totals[logic.SUSPECTED]:
        return f"{totals[logic.SUSPECTED]} 条疑似问题，|未到确认线，不扣分"
    return "没有待人工确认的监测发现"


def _matrix(rows: Sequence[Organisation], states: dict[int, queries.SiteState]) -> OutcomeMatrix:
    found = []
    for row in rows:
        state = states[row.id]
        url = reverse("desk-monitoring-site", args=[row.code])
        blank = [Outcome("not_run")] * (RUNS - len(state.cells))
        failing = logic.NOT_MET if state.counts.get(logic.CONFIRMED) else "suspected"
        open_ones = [
            f"{logic.FINDING_STATES[key]} {state.counts[key]}" for key in queries.OPEN if key in state.counts
        ]
        found.append(
            OutcomeRow(
                label=row.short_name,
                url=url,
                cells=(
                    *blank,
                    *(Outcome(failing if outcome == logic.NOT_MET else outcome) for outcome in state.cells),
                ),
                verdict="，".join(open_ones) or _quiet(state),
                tone="neg" if state.counts.get(logic.CONFIRMED) else "",
            )
        )
    heads = [f"前 {n}" for n in range(RUNS - 1, 0, -1)] + ["最近"]
    return OutcomeMatrix(
        caption=f"每个单位最近 {RUNS} 轮的结果", corner="单位", runs=tuple(heads), rows=tuple(found)
    )


def _quiet(state: queries.SiteState) -> str:
    if state.run is None:
        return "还没有看过"
    if state.run.state == logic.FAILED:
        return (
            f"{cn_short_date(state.run.started_at)}监测未完成，原因在{logic.WHOSE.get(state.run.whose, '')}"
        )
    if state.run.state == logic.WAITING:
        return "排队或抓取中"
    parts = [f"{cn_short_date(state.run.started_at)}看了 {state.run.pages} 页"]
    if state.run.out_of_time:
        parts.append("没有看完")
    undecided = state.run.undecided
    parts.append(f"{undecided} 处无法判定，没有不符合" if undecided else "没有查出问题")
    return "，".join(parts)


def _file(rows: Sequence[Organisation], seen: Scope) -> Table:
    states = queries.site_states(rows, scope=seen, runs=1)
    lines = []
    for row in rows:
        state = states[row.id]
        run = state.run
        lines.append(
            [
                row.code,
                row.name,
                row.site_url,
                run.started_at if run else None,
                logic.RUN_STATES[run.state] if run else "",
                run.pages if run else None,
                logic.WHOSE.get(run.whose, "") if run else "",
                *(state.counts.get(key, 0) for key in queries.OPEN),
                run.broken if run else None,
                run.unread if run else None,
                run.cut if run else "",
            ]
        )
    columns = ["代码", "单位", "网站", "最近一轮", "情况", "页数", "监测未完成是谁的原因"]
    columns += [logic.FINDING_STATES[key] for key in queries.OPEN]
    columns += ["断链", "读不出的网页", "没有看完的"]
    return Table("网站监测情况", columns, lines)


@require_safe
def monitoring_findings(request: SignedIn) -> HttpResponse:
    """Findings by state and rule; those that wait for a person can be confirmed in one batch."""
    return _findings(request)


def _findings(request: SignedIn, refusal: str = "", picked: tuple[str, ...] = ()) -> HttpResponse:
    seen = scope(request.actor)
    state = request.GET.get("state", logic.READY)
    state = state if state in logic.FINDING_STATES or state == "" else logic.READY
    chosen = {"state": state, "check": request.GET.get("check", "")}
    rows = shown.listed(queries.findings(state=state, check=chosen["check"], scope=seen))
    if "format" in request.GET:
        return download(_findings_file(rows), request.GET["format"])
    kept, paged = paged_rows(rows, request.GET, caption="监测发现")
    lines = _lines(served(request.actor), kept, picked)
    may = somewhere(policy.can_confirm_findings, request.actor)
    context = {
        "title": _findings_title(state, paged.total),
        "refusal": refusal,
        "has_errors": bool(refusal),
        "errors": [Mistake(refusal, "#f-list")] if refusal else [],
        "lines": lines,
        "paged": paged,
        "chosen": chosen,
        "states": list(logic.FINDING_STATES.items()),
        "checks": queries.checks(),
        "batch": may and state == logic.READY and bool(lines),
        "why_not": "" if may else "确认由政务公开办经办或办公室负责人办理。",
        "needed": f"{logic.confirmation_line(limits_on(served(request.actor), clock.today()))}{term_mark()}",
        "term_mark": term_mark(),
    }
    return render(
        request, "desk/monitoring/monitoring_findings.html", context, status=422 if refusal else 200
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One finding of the list, with its rule and how long it was seen; ``picked`` when the form came back with it ticked."""

    finding: shown.FindingRow
    check: Check | None
    state: str
    counters: logic.Counters
    span: str
    url: str
    picked: bool


def _lines(organiser: str, found: Sequence[shown.FindingRow], picked: Collection[str]) -> list[Line]:
    counters = queries.counters_of(organiser, (one.id for one in found), on=clock.today())
    rules = {check.id: check for check in queries.checks()}
    return [
        Line(
            one,
            rules.get(one.check),
            logic.FINDING_STATES[one.state],
            counters[one.id],
            span_words(counters[one.id].span),
            f"{reverse('desk-monitoring-site', args=[one.unit])}?finding={one.id}",
            str(one.id) in picked,
        )
        for one in found
    ]


def _findings_title(state: str, total: int) -> str:
    if state == logic.READY:
        return f"{total} 条待确认，|逐条看过再确认" if total else "没有待确认的监测发现"
    return f"监测发现 {total} 条" if not state else f"{logic.FINDING_STATES[state]} {total} 条"


def _findings_file(rows: Iterable[shown.FindingRow]) -> Table:
    columns = [
        "单位代码",
        "单位",
        "规则",
        "指标",
        "情况",
        "网址",
        "理由",
        "位置",
        "首次看到",
        "办理人",
        "办理时间",
    ]
    return Table(
        "监测发现",
        columns,
        [
            [
                one.unit,
                one.unit_name,
                one.check,
                one.item,
                logic.FINDING_STATES[one.state],
                one.address,
                one.reason,
                one.place,
                one.opened_at,
                one.decided_by,
                one.decided_at,
            ]
            for one in rows
        ],
    )


@require_POST
def monitoring_confirm(request: SignedIn) -> HttpResponse:
    """Confirm the ticked findings: each becomes one observation in the ledger."""
    picked = tuple(request.POST.getlist("finding"))
    ids = [int(text) for text in picked if text.isascii() and text.isdigit() and len(text) < 16]
    try:
        uids = finding_verbs.confirm_batch(actor=request.actor, finding_ids=ids, now=clock.now())
    except Refused as refusal:
        scope(request.actor)
        return _findings(request, str(refusal), picked)
    messages.success(request, f"已确认 {len(uids)} 条，记入台账。整改单随后自动立出，等您下发。")
    return redirect("desk-monitoring-findings")


@require_safe
def monitoring_runs(request: SignedIn) -> HttpResponse:
    """Runs that did not succeed, with whose failure it was; none of them costs a unit anything."""
    seen = scope(request.actor)
    rows = shown.failed_runs(seen)
    if "format" in request.GET:
        return download(_runs_file(rows), request.GET["format"])
    table = paged_table(
        columns=["单位", "时间", "哪一种", "归属", "原因"],
        rows=rows,
        cells=lambda one: [
            Cell(
                text=one.unit_short_name,
                url=reverse("desk-monitoring-site", args=[one.unit]),
            ),
            cn_datetime(one.started_at),
            "复测" if one.kind == logic.RETEST else "定期监测",
            Cell(text=logic.WHOSE.get(one.whose, "本平台"), strong=True),
            one.cause,
        ],
        params=request.GET,
        caption="未完成的监测",
        empty=Empty(
            title="没有要列的。", text="哪一轮监测未完成、是网站、网络还是本平台的原因，会列在这里。"
        ),
    )
    context = {
        "title": _runs_title(table.total, any_run=queries.last_run_at(seen) is not None),
        "table": table,
        "words": logic.WHOSE_WORDS,
    }
    return render(request, "desk/monitoring/monitoring_runs.html", context)


def _runs_title(failed: int, *, any_run: bool) -> str:
    if failed:
        return f"{points(failed)} 轮监测未完成，|都不扣分"
    return "每一轮都已完成" if any_run else "还没有监测过"


def _runs_file(rows: Iterable[shown.RunRow]) -> Table:
    return Table(
        "未完成的监测",
        ["单位代码", "单位", "时间", "种类", "归属", "原因"],
        [
            [
                one.unit,
                one.unit_name,
                one.started_at,
                "复测" if one.kind == logic.RETEST else "定期监测",
                logic.WHOSE.get(one.whose, "本平台"),
                one.cause,
            ]
            for one in rows
        ],
    )


@require_safe
def monitoring_evidence(request: SignedIn, sha256: str) -> HttpResponse:
    """The bytes behind a finding, as a file to save."""
    if not is_digest(sha256) or not queries.evidence_seen_by(request.actor, sha256):
        raise Http404
    return attachment(sha256, f"{sha256[:16]}.html")
