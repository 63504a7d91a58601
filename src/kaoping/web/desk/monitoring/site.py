"""One site: rules by runs, the evidence of one finding with its confirmation counters, and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.checks import Check
from kaoping.monitoring import logic, policy, queries, shown
from kaoping.monitoring.services import findings as finding_verbs
from kaoping.monitoring.services import retest as retest_verbs
from kaoping.monitoring.services import runs as run_verbs
from kaoping.registry.queries import Organisation, organisation
from kaoping.registry.queries.organisers import served
from kaoping.registry.scope import Scope
from kaoping.standards.queries import limits_on
from kaoping.support import clock
from kaoping.web.desk.monitoring import site_card
from kaoping.web.desk.monitoring.findings import DOOR, span_words
from kaoping.web.desk.years import term_mark
from kaoping.web.ui.paging import address, paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.heat import Outcome, OutcomeMatrix, OutcomeRow
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell, DataTable, table_of
from kaoping.web.ui.requests import SignedIn, there
from kaoping.web.ui.wording import cn_short_date, points

RUNS = 24
SHOWN: Final = 50
QUIET: Final = {"met": "符合", "undecided": "无法判定，不扣分", "not_run": "没有涉及"}
OUR_ERROR = "检查程序出错"


@require_safe
def monitoring_site(request: SignedIn, code: str) -> HttpResponse:
    """One unit's site."""
    return _page(request, code)


def _page(
    request: SignedIn,
    code: str,
    refusal: str = "",
    typed: str = "",
    *,
    asked: str = "",
    form: str = "reason",
) -> HttpResponse:
    unit = there(organisation(code))
    if not queries.may_see(request.actor, code):
        raise PermissionDenied(DOOR)
    seen = queries.visible(request.actor).of([code])
    runs, checks = queries.runs_of(code, scope=seen, limit=RUNS), queries.checks()
    findings = list(queries.findings(scope=seen).filter(state__in=queries.OPEN)[:500])
    counts = queries.totals(seen)
    chosen = _chosen(asked or request.GET.get("finding", ""), findings, seen)
    last = next((run for run in reversed(runs) if run.state == logic.DONE), None)
    lines = queries.outcome_lines(last) if last else []
    context = {
        "title": _title(unit, runs, counts, last),
        "has_errors": bool(refusal),
        "errors": [Mistake(refusal, f"#m-{form}")] if refusal else [],
        "form": form,
        "typed": typed,
        "removal": _removal(request, chosen) if chosen else None,
        "cut": last.cut if last else "",
        "unread": _unread(last),
        "broken": _broken(last),
        "unit": unit,
        "head": _head(request, unit, runs, counts, last),
        "matrix": _matrix(runs, checks, findings, chosen, code) if runs else None,
        "basis": Basis(
            n=f"{points(sum(sum(one.values()) for run in runs for one in run.outcomes.values()))} 次判定",
            extra=("凡不符合的都能点开证据", "表中的不符合指还没有消除的发现"),
            address=reverse("desk-monitoring-site", args=[code]),
        ),
        "undecided": _undecided(lines, {check.id: check for check in checks}),
        "failed": [run for run in reversed(runs) if run.state == logic.FAILED][:5],
        "whose": logic.WHOSE,
        "interval": f"{logic.interval_words(limits_on(served(request.actor), clock.today()))}{term_mark()}",
        "term_mark": term_mark(),
        "table": _table(request, code),
        "card": site_card.card(request, chosen) if chosen else None,
        "chosen": chosen,
        "clearing": _clearing(request, chosen) if chosen else None,
        "confirm": chosen and site_card.may_confirm(request.actor, chosen),
    }
    return render(request, "desk/monitoring/monitoring_site.html", context, status=422 if refusal else 200)


def _chosen(asked: str, findings: list[queries.Finding], seen: Scope) -> queries.Finding | None:
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        return there(queries.findings(scope=seen).filter(pk=int(asked)).first())
    order = [logic.READY, logic.CONFIRMED, logic.SUSPECTED]
    return min(findings, key=lambda one: order.index(one.state), default=None)


@dataclass(frozen=True, slots=True)
class Clearing:
    """Whether a person may set the finding aside here, and why not now."""

    locked: str


def _clearing(request: SignedIn, finding: queries.Finding) -> Clearing | None:
    """Null for whoever decides nothing here, and when the finding is closed."""
    asked = {"actor": request.actor, "finding": finding}
    if finding.state not in queries.OPEN or finding_verbs.clear.closed(**asked):
        return None
    return Clearing(finding_verbs.clear.check(**asked) or "")


@dataclass(frozen=True, slots=True)
class Removal:
    """What was seen of the page, and why a person cannot decide here that it was taken down; ``early`` for want of looks."""

    seen: str
    locked: str
    early: bool


def _removal(request: SignedIn, finding: queries.Finding) -> Removal | None:
    """Null while the page is there, or when the finding is closed."""
    seen = queries.absence_of(finding, on=clock.today())
    if finding.state not in queries.OPEN or not seen.times:
        return None
    span = f"，首末相隔 {span_words(seen.span)}" if seen.times > 1 else ""
    words = f"自上次读到以来，网页 {seen.times} 次答复 404 或 410{span}。"
    asked = {"finding": finding, "now": clock.now()}
    early = finding_verbs.settle_removed.hindrance(**asked)
    locked = early or finding_verbs.settle_removed.check(actor=request.actor, **asked)
    return Removal(words, locked or "", early is not None)


def _unread(last: queries.Run | None) -> DataTable | None:
    """Pages of the newest run that could not be read, or not by the encoding that they declare."""
    if last is None or not last.unread:
        return None
    rows = queries.unread_pages(last)
    return table_of(
        caption="读不出或编码声明有误的网页",
        columns=["网址", "情况", "归属", "网页原文校验值"],
        rows=[
            [
                one["url"],
                Cell(text=one["kind"], note=one["text"]),
                Cell(text=logic.WHOSE.get(one["whose"], "本平台"), strong=True),
                one["sha256"][:16] or "—",
            ]
            for one in rows[:SHOWN]
        ],
        total=last.unread,
        fold=True,
    )


def _broken(last: queries.Run | None) -> DataTable | None:
    """Dead links of the newest run."""
    if last is None or not last.broken:
        return None
    rows = queries.broken_links(last)
    return table_of(
        caption="断链",
        columns=["断开的网址", "在哪一页", "原因"],
        rows=[[one["url"], one["on"], one["cause"]] for one in rows[:SHOWN]],
        total=last.broken,
        fold=True,
    )


def _title(
    unit: Organisation, runs: list[queries.Run], counts: dict[str, int], last: queries.Run | None
) -> str:
    if not unit.site_url:
        return f"{unit.short_name}|没有登记网站"
    if not runs:
        return f"{unit.short_name}的网站|还没有看过"
    undecided = last.undecided if last else 0
    words = (
        (logic.CONFIRMED, "已确认不符合"),
        (logic.READY, "待人工确认"),
        (logic.SUSPECTED, "疑似、未确认"),
    )
    parts = [f"{counts[state]} 处{said}" for state, said in words if counts[state]]
    parts += [f"{undecided} 处无法判定、不扣分"] if undecided else []
    if runs[-1].state == logic.FAILED:
        parts.append("最近一轮监测未完成")
    elif last and last.out_of_time:
        parts.append("最近一轮没有看完")
    if not parts and last is None:
        return f"{unit.short_name}：|还没有完成过监测"
    return f"{unit.short_name}：|" + (
        "，|".join(parts) or f"看过的 {last.pages if last else 0} 页没有查出问题"
    )


def _head(
    request: SignedIn,
    unit: Organisation,
    runs: list[queries.Run],
    counts: dict[str, int],
    last: queries.Run | None,
) -> Head:
    actions: tuple[Action, ...] = ()
    if somewhere(policy.can_start_run, request.actor):
        words = run_verbs.start_run.check(actor=request.actor, organisation_code=unit.code, now=clock.now())
        entry = Action(
            label="现在看一轮",
            url=reverse("desk-monitoring-run", args=[unit.code]),
            method="post",
            icon="refresh-cw",
            disabled=words or "",
        )
        actions = (entry,)
    return Head(
        title=_title(unit, runs, counts, last),
        crumbs=(Crumb(label="监测台", url=reverse("desk-monitoring")), Crumb(label=unit.short_name)),
        basis=Basis(
            n=f"{len(queries.checks())} 条规则，近 {len(runs)} 轮",
            as_of=last.started_at if last else None,
            extra=(unit.site_url,) if unit.site_url else (),
        ),
        actions=actions,
    )


def _matrix(
    runs: list[queries.Run],
    checks: tuple[Check, ...],
    findings: list[queries.Finding],
    chosen: queries.Finding | None,
    code: str,
) -> OutcomeMatrix:
    by_check: dict[str, list[queries.Finding]] = {}
    for one in findings:
        by_check.setdefault(one.check_id, []).append(one)
    rows = [
        _row(
            check,
            runs,
            by_check.get(check.id, []),
            code,
            selected=bool(chosen and chosen.check_id == check.id),
        )
        for check in checks
    ]
    heads = [cn_short_date(run.started_at) for run in runs]
    return OutcomeMatrix(caption="各条规则每一轮的结果", runs=tuple(heads), rows=tuple(rows))


def _row(
    check: Check, runs: list[queries.Run], own: list[queries.Finding], code: str, *, selected: bool
) -> OutcomeRow:
    """One rule over all runs, with what of it is still open."""
    confirmed = any(one.state == logic.CONFIRMED for one in own)
    link = _link(code, own[0].id) if own else ""
    cells = []
    for run in runs:
        worst = logic.worst(run.outcomes.get(check.id))
        shown = "suspected" if worst == logic.NOT_MET and not confirmed else worst
        cells.append(Outcome(shown, link if worst == logic.NOT_MET else ""))
    verdict = "，".join(
        f"{logic.FINDING_STATES[state]} {n}"
        for state in (logic.CONFIRMED, logic.READY, logic.SUSPECTED)
        if (n := sum(one.state == state for one in own))
    )
    latest = cells[-1].outcome if cells else "not_run"
    return OutcomeRow(
        code=check.id,
        label=check.title + ("（待核）" if check.provisional else ""),
        url=link,
        selected=selected,
        cells=tuple(cells),
        verdict=verdict or QUIET.get(latest, "没有未消除的发现"),
        tone="neg" if confirmed else "",
    )


def _link(code: str, finding_id: int) -> str:
    return f"{reverse('desk-monitoring-site', args=[code])}?finding={finding_id}#evidence"


@dataclass(frozen=True, slots=True)
class Undecided:
    """What a rule could not tell in how many places, and whose that is."""

    check: str
    title: str
    reason: str
    whose: str
    n: int


def _undecided(lines: list[queries.Outcome], checks: dict[str, Check]) -> list[Undecided]:
    """What the last run could not tell, by rule: one reason, how many places, whose it is."""
    found: dict[tuple[str, bool], list[str]] = {}
    for line in lines:
        if line.outcome == logic.UNDECIDED:
            key = (line.check, line.reason.startswith(OUR_ERROR))
            found.setdefault(key, []).append(line.reason)
    return [
        Undecided(
            check,
            checks[check].title if check in checks else "",
            reasons[0],
            "本平台" if ours else "要人工看",
            len(reasons),
        )
        for (check, ours), reasons in found.items()
    ]


def _table(request: SignedIn, code: str) -> DataTable:
    return paged_table(
        columns=["规则", "情况", "网址", "理由", "首次看到"],
        rows=shown.listed(queries.findings(scope=queries.visible(request.actor).of([code]))),
        cells=lambda one: [
            Cell(text=one.check, url=address(request.GET, finding=one.id) + "#evidence"),
            logic.FINDING_STATES[one.state],
            one.address,
            one.reason,
            cn_short_date(one.opened_at),
        ],
        params=request.GET,
        caption="这个网站的全部监测发现",
        empty=Empty(title="没有监测发现。", text="看过的每一轮都没有不符合的地方，或者还没有看过。"),
        files=False,
    )


@require_POST
def monitoring_run(request: SignedIn, code: str) -> HttpResponse:
    """Queue one run."""
    if not somewhere(policy.can_start_run, request.actor):
        raise PermissionDenied("发起监测由政务公开办经办办理。")
    run_verbs.start_run(actor=request.actor, organisation_code=code, now=clock.now())
    messages.success(request, "已排入一轮监测。抓取要按每秒一次的速度，请过几分钟刷新。")
    return redirect("desk-monitoring-site", code)


@require_POST
def monitoring_retest(request: SignedIn, finding_id: int) -> HttpResponse:
    """Queue a second look at one finding."""
    found = queries.finding(finding_id)
    if found is None:
        raise Http404
    code = found.organisation.code
    retest_verbs.ask_retest(
        actor=request.actor,
        organisation_code=code,
        check=found.check_id,
        target=found.target,
        now=clock.now(),
    )
    messages.success(request, "已安排复测，几分钟内出结果。无法判定的不扣分。")
    return redirect(_link(code, found.id))


@require_POST
def monitoring_clear(request: SignedIn, finding_id: int) -> HttpResponse:
    """Set a finding aside as a false alarm, with the reason."""
    found = queries.finding(finding_id)
    if found is None:
        raise Http404
    code, reason = found.organisation.code, request.POST.get("reason", "")
    try:
        finding_verbs.clear(actor=request.actor, finding=found, reason=reason, now=clock.now())
    except Refused as refusal:
        return _page(request, code, str(refusal), reason, asked=str(finding_id))
    messages.success(request, "已判为误报，理由留档。")
    return redirect("desk-monitoring-site", code)


@require_POST
def monitoring_removed(request: SignedIn, finding_id: int) -> HttpResponse:
    """Decide that the page of a finding was taken down, with how that was checked."""
    found = queries.finding(finding_id)
    if found is None:
        raise Http404
    code, reason = found.organisation.code, request.POST.get("reason", "")
    try:
        finding_verbs.settle_removed(actor=request.actor, finding=found, reason=reason, now=clock.now())
    except Refused as refusal:
        return _page(request, code, str(refusal), reason, asked=str(finding_id), form="removed")
    messages.success(request, "已认定网页已撤，记在您的名下。整改单可据此结案。")
    return redirect("desk-monitoring-site", code)
