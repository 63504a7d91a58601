"""The evidence of one finding: what was seen, how often, whose it is, which bytes are kept."""

from __future__ import annotations

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.beijing import BEIJING
from kaoping.checks import Check
from kaoping.evidence.logic import KEPT
from kaoping.evidence.queries import Artefact, artefact, intact, standing
from kaoping.monitoring import logic, policy, queries
from kaoping.monitoring.services import retest as retest_verbs
from kaoping.rectification.queries import item_name
from kaoping.standards.limits import Limits
from kaoping.standards.queries import limits_on
from kaoping.support import clock
from kaoping.web.desk.monitoring.findings import span_words
from kaoping.web.desk.years import term_mark
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.evidence import EvidenceCard
from kaoping.web.ui.parts.lists import Figure
from kaoping.web.ui.proofs import GONE
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime, size_words


def card(request: SignedIn, finding: queries.Finding) -> EvidenceCard:
    """The evidence of one finding with its confirmation counters, and what can be done with it."""
    seen = queries.sightings(finding)
    limits = limits_on(finding.organiser, clock.today())
    counters = logic.counters((logic.Seen(one.at, one.outcome) for one in seen), limits)
    failures = [one for one in seen if one.outcome == logic.NOT_MET]
    latest = failures[-1] if failures else None
    check = next((one for one in queries.checks() if one.id == finding.check_id), None)
    sha256 = latest.artefact if latest else ""
    stored = artefact(sha256) if sha256 else None
    gone = GONE.get(standing(sha256), "") if stored else ""
    return EvidenceCard(
        code=finding.check_id,
        title=check.title if check else finding.check_id,
        state=logic.FINDING_STATES[finding.state],
        tone="neg" if finding.state == logic.CONFIRMED else "cau" if finding.state == logic.READY else "line",
        problem=_problem(sha256, stored),
        figures=_figures(counters, limits, undecided=sum(one.outcome == logic.UNDECIDED for one in seen)),
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
        extra=_extra(finding, check),
        remedy=check.remedy if check else "",
        actions=tuple(_actions(request, finding)),
    )


def _figures(counters: logic.Counters, limits: Limits, *, undecided: int) -> tuple[Figure, ...]:
    return (
        Figure(
            label="连续失败",
            value=f"{counters.failures} 次",
            note=f"确认线 {limits.confirm_failures} 次{term_mark()}",
        ),
        Figure(
            label="时间跨度",
            value=span_words(counters.span),
            note=f"确认线{logic.span_line(limits)}{term_mark()}",
        ),
        Figure(
            label="无法判定",
            value=f"{undecided} 次",
            note="不计入",
        ),
    )


def _extra(finding: queries.Finding, check: Check | None) -> tuple[tuple[str, str], ...]:
    """What else is known: where on the page, which item, on what basis, what became of it since."""
    retest = queries.last_retest(finding)
    extra = [("位置", finding.place)] if finding.place not in ("", finding.address) else []
    code = queries.item_of(finding)
    extra.append(("涉及指标", f"{code} {item_name(code)}" if code else "规则集没有一项收，不计分"))
    extra.append(("依据", check.basis if check else ""))
    if retest:
        extra.append(("最近复测", _retest_words(retest)))
    if finding.decided_by:
        words = f"{finding.decided_by}，{cn_datetime(finding.decided_at)}"
        extra.append(("人工办理", f"{words}　{finding.decision}".strip()))
    return tuple(extra)


def _problem(sha256: str, stored: Artefact | None) -> str:
    if not sha256 or (stored and standing(sha256) != KEPT):
        return ""
    if stored is None or not intact(sha256):
        return "留存的网页找不到或与校验值不符，这条证据不能用。请重新监测，不要确认。"
    return ""


def _retest_words(run: queries.Run) -> str:
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


def may_confirm(actor: Actor, finding: queries.Finding) -> bool:
    """Whether a person may confirm what waits for one."""
    return finding.state == logic.READY and policy.can_confirm_findings(actor, finding)


def _actions(request: SignedIn, finding: queries.Finding) -> list[Action]:
    if finding.state not in queries.OPEN or not policy.can_ask_retest(
        request.actor, finding, finding.organisation.code
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
        url=reverse("desk-monitoring-retest", args=[finding.id]),
        method="post",
        icon="refresh-cw",
        disabled=words or "",
    )
    return [entry]
