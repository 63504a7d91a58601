"""One site: rules by runs, the evidence of one finding with its confirmation counters, and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.beijing import BEIJING
from kaoping.checks import Check
from kaoping.evidence.logic import KEPT
from kaoping.evidence.queries import artefact, intact, standing
from kaoping.monitoring import logic, policy, queries
from kaoping.monitoring.services import findings as finding_verbs
from kaoping.monitoring.services import retest as retest_verbs
from kaoping.monitoring.services import runs as run_verbs
from kaoping.rectification.queries import item_name
from kaoping.registry.queries import organisation
from kaoping.support import clock
from kaoping.web.desk.monitoring.findings import DOOR, span_words
from kaoping.web.desk.years import term_mark
from kaoping.web.ui.paging import address, paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.evidence import EvidenceCard
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.heat import Outcome, OutcomeMatrix, OutcomeRow
from kaoping.web.ui.parts.lists import Figure
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell, DataTable, table_of
from kaoping.web.ui.proofs import GONE
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime, cn_short_date, points, size_words

RUNS = 24
SHOWN: Final = 50
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
    unit = organisation(code)
    if unit is None:
        raise Http404
    if not queries.may_see(request.actor, code):
        raise PermissionDenied(DOOR)
    runs, checks = queries.runs_of(code, limit=RUNS), queries.checks()
    findings = list(queries.findings(organisation=code).filter(state__in=queries.OPEN)[:500])
    counts = queries.open_counts(code)
    chosen = _chosen(asked or request.GET.get("finding", ""), findings, code)
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
        "interval": f"{logic.interval_words()}{term_mark()}",
        "term_mark": term_mark(),
        "table": _table(request, code),
        "card": _card(request, chosen) if chosen else None,
        "chosen": chosen,
        "may_clear": bool(
            chosen and chosen.state in queries.OPEN and policy.can_clear_finding(request.actor)
        ),
        "confirm": chosen and chosen.state == logic.READY and policy.can_confirm_findings(request.actor),
    }
    return render(request, "desk/monitoring/monitoring_site.html", context, status=422 if refusal else 200)


def _chosen(asked: str, findings: list[Any], code: str) -> Any:
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        found = queries.finding(int(asked))
        if found is None or found.organisation.code != code:
            raise Http404
        return found
    order = [logic.READY, logic.CONFIRMED, logic.SUSPECTED]
    return min(findings, key=lambda one: order.index(one.state), default=None)


@dataclass(frozen=True, slots=True)
class Removal:
    """Whether a person may decide here that the page was taken down, and what that still lacks."""

    may: bool
    seen: str
    lacks: str


def _removal(request: SignedIn, finding: Any) -> Removal | None:
    """Null while the page is there, or when the finding is closed."""
    seen = queries.absence_of(finding)
    if finding.state not in queries.OPEN or not seen.times:
        return None
    span = f"，首末相隔 {span_words(seen.span)}" if seen.times > 1 else ""
    words = f"自上次读到以来，网页 {seen.times} 次答复 404 或 410{span}。"
    return Removal(policy.can_settle_removed(request.actor), words, seen.missing())


def _unread(last: Any) -> DataTable | None:
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


def _broken(last: Any) -> DataTable | None:
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


def _title(unit: Any, runs: list[Any], counts: dict[str, int], last: Any) -> str:
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
    return f"{unit.short_name}：|" + ("，|".join(parts) or f"看过的 {last.pages} 页没有查出问题")


def _head(request: SignedIn, unit: Any, runs: list[Any], counts: dict[str, int], last: Any) -> Head:
    actions: tuple[Action, ...] = ()
    if policy.can_start_run(request.actor):
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
    runs: list[Any], checks: tuple[Check, ...], findings: list[Any], chosen: Any, code: str
) -> OutcomeMatrix:
    by_check: dict[str, list[Any]] = {}
    for one in findings:
        by_check.setdefault(one.check_id, []).append(one)
    rows = []
    for check in checks:
        own = by_check.get(check.id, [])
        confirmed = any(one.state == logic.CONFIRMED for one in own)
        cells = []
        for run in runs:
            worst = logic.worst(run.outcomes.get(check.id))
            shown = "suspected" if worst == logic.NOT_MET and not confirmed else worst
            cells.append(Outcome(shown, _link(code, own[0].pk) if own and worst == logic.NOT_MET else ""))
        verdict = "，".join(
            f"{logic.FINDING_STATES[state]} {n}"
            for state in (logic.CONFIRMED, logic.READY, logic.SUSPECTED)
            if (n := sum(one.state == state for one in own))
        )
        latest = cells[-1].outcome if cells else "not_run"
        rows.append(
            OutcomeRow(
                code=check.id,
                label=check.title + ("（待核）" if check.provisional else ""),
                url=_link(code, own[0].pk) if own else "",
                selected=bool(chosen and chosen.check_id == check.id),
                cells=tuple(cells),
                verdict=verdict
                or {"met": "符合", "undecided": "无法判定，不扣分", "not_run": "没有涉及"}.get(
                    latest, "没有未消除的发现"
                ),
                tone="neg" if confirmed else "",
            )
        )
    heads = [cn_short_date(run.started_at) for run in runs]
    return OutcomeMatrix(caption="各条规则每一轮的结果", runs=tuple(heads), rows=tuple(rows))


def _link(code: str, finding_id: int) -> str:
    return f"{reverse('desk-monitoring-site', args=[code])}?finding={finding_id}#evidence"


def _undecided(lines: list[dict[str, Any]], checks: dict[str, Check]) -> list[dict[str, Any]]:
    """What the last run could not tell, by rule: one reason, how many places, whose it is."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        if line["outcome"] != logic.UNDECIDED:
            continue
        ours = line["reason"].startswith(OUR_ERROR)
        key = (line["check"], "ours" if ours else "")
        entry = found.setdefault(
            key,
            {
                "check": line["check"],
                "title": checks[line["check"]].title if line["check"] in checks else "",
                "reason": line["reason"],
                "whose": "本平台" if ours else "要人工看",
                "n": 0,
            },
        )
        entry["n"] += 1
    return list(found.values())


def _table(request: SignedIn, code: str) -> DataTable:
    return paged_table(
        columns=["规则", "情况", "网址", "理由", "首次看到"],
        rows=queries.findings(organisation=code),
        cells=lambda one: [
            Cell(text=one.check_id, url=address(request.GET, finding=one.pk) + "#evidence"),
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


def _card(request: SignedIn, finding: Any) -> EvidenceCard:
    seen = queries.sightings(finding)
    counters = logic.counters(logic.Seen(one.at, one.outcome) for one in seen)
    failures = [one for one in seen if one.outcome == logic.NOT_MET]
    latest = failures[-1] if failures else None
    check = next((one for one in queries.checks() if one.id == finding.check_id), None)
    sha256 = latest.artefact if latest else ""
    stored = artefact(sha256) if sha256 else None
    gone = GONE.get(standing(sha256), "") if stored else ""
    retest = queries.last_retest(finding)
    extra = [
        *([("位置", finding.place)] if finding.place not in ("", finding.address) else []),
        ("涉及指标", f"{finding.item} {item_name(finding.item)}"),
        ("依据", check.basis if check else ""),
    ]
    if retest:
        extra.append(("最近复测", _retest_words(retest)))
    if finding.decided_by:
        words = f"{finding.decided_by}，{cn_datetime(finding.decided_at)}"
        extra.append(("人工办理", f"{words}　{finding.decision}".strip()))
    return EvidenceCard(
        code=finding.check_id,
        title=check.title if check else finding.check_id,
        state=logic.FINDING_STATES[finding.state],
        tone="neg" if finding.state == logic.CONFIRMED else "cau" if finding.state == logic.READY else "line",
        problem=_problem(sha256, stored),
        figures=(
            Figure(
                label="连续失败",
                value=f"{counters.failures} 次",
                note=f"确认线 {logic.NEEDED_FAILURES} 次{term_mark()}",
            ),
            Figure(
                label="时间跨度",
                value=span_words(counters.span),
                note=f"确认线{logic.span_line()}{term_mark()}",
            ),
            Figure(
                label="无法判定",
                value=f"{sum(one.outcome == logic.UNDECIDED for one in seen)} 次",
                note="不计入",
            ),
        ),
        address=finding.address,
        whose="网站",
        whose_reason=finding.reason,
        at=latest.at if latest else None,
        seconds=latest.at.astimezone(BEIJING).strftime("%S") if latest else "",
        sha256=sha256,
        rule=f"{finding.check_id} 第 {latest.version} 版" if latest else finding.check_id,
        sealed=f"网页原文{gone or f' {size_words(stored.size)}'}"
        if stored
        else "这一条没有留存网页，只有网址",
        verify_url=reverse("desk-monitoring-evidence", args=[sha256]) if stored and not gone else "",
        extra=tuple(extra),
        remedy=check.remedy if check else "",
        actions=tuple(_actions(request, finding)),
    )


def _problem(sha256: str, stored: Any) -> str:
    if not sha256 or (stored and standing(sha256) != KEPT):
        return ""
    if stored is None or not intact(sha256):
        return "留存的网页找不到或与校验值不符，这条证据不能用。请重新监测，不要确认。"
    return ""


def _retest_words(run: Any) -> str:
    when = cn_datetime(run.started_at)
    if run.state == logic.WAITING:
        return f"{when} 已排队，几分钟内出结果"
    if run.state == logic.FAILED:
        return f"{when} 监测未完成，原因在{logic.WHOSE.get(run.whose, '本平台')}：{run.cause}"
    if queries.found_gone(run):
        return f"{when} {run.cause}，网页可能已撤"
    met = any(one.get(logic.MET) for one in run.outcomes.values())
    failed = any(one.get(logic.NOT_MET) for one in run.outcomes.values())
    return f"{when} {'通过' if met else '未通过' if failed else '无法判定，不扣分'}"


def _actions(request: SignedIn, finding: Any) -> list[Action]:
    if finding.state not in queries.OPEN or not policy.can_ask_retest(
        request.actor, finding.organisation.code
    ):
        return []
    words = retest_verbs.ask_retest.check(
        actor=request.actor,
        organisation_code=finding.organisation.code,
        check=finding.check_id,
        target=finding.target,
        now=clock.now(),
    )
    entry = Action(
        label="现在再测一次",
        url=reverse("desk-monitoring-retest", args=[finding.pk]),
        method="post",
        icon="refresh-cw",
        disabled=words or "",
    )
    return [entry]


@require_POST
def monitoring_run(request: SignedIn, code: str) -> HttpResponse:
    """Queue one run."""
    if not policy.can_start_run(request.actor):
        raise PermissionDenied("发起监测由市政务公开办经办办理。")
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
    return redirect(_link(code, found.pk))


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
