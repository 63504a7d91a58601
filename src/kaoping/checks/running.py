"""Runs checks over stored material. A rule that fails is our failure: undecided, and costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kaoping.checks.facts import PageFacts
from kaoping.checks.model import Check, Context, Outcome, OutcomeLine, Report, Verdict, undecided
from kaoping.checks.registry import page_checks, report_checks, site_checks
from kaoping.checks.site import SiteFacts


def check_page(
    page: PageFacts, context: Context, *, artefact: str | None = None, checks: Iterable[Check] | None = None
) -> list[OutcomeLine]:
    """Every page check (or those given) on one page; ``artefact`` is the digest of the stored bytes."""
    chosen = page_checks() if checks is None else checks
    if page.signs.unread:
        why = f"这一页读不出：{page.signs.unread}，不扣分。请人工看。"
        return [
            OutcomeLine(check.id, check.version, page.url, Outcome.UNDECIDED, why, page.url, artefact)
            for check in chosen
        ]
    return [_answer(check, page, context, page.url, artefact) for check in chosen]


def check_site(
    site: SiteFacts, context: Context, *, artefact: str | None = None, checks: Iterable[Check] | None = None
) -> list[OutcomeLine]:
    """Every site check (or those given) on one site's columns; the target is the site's root address."""
    chosen = site_checks() if checks is None else checks
    return [_answer(check, site, context, site.root, artefact) for check in chosen]


def check_report(
    report: Report,
    context: Context,
    *,
    target: str,
    artefact: str | None = None,
    checks: Iterable[Check] | None = None,
) -> list[OutcomeLine]:
    """Every report check (or those given) on one annual report."""
    chosen = report_checks() if checks is None else checks
    return [_answer(check, report, context, target, artefact) for check in chosen]


def _answer(check: Check, thing: Any, context: Context, target: str, artefact: str | None) -> OutcomeLine:
    try:
        verdict = check.run(thing, context)
    except Exception as error:  # a fault of the rule must not become a fault of the unit
        verdict = _our_fault(error)
    return OutcomeLine(
        check.id, check.version, target, verdict.outcome, verdict.reason, verdict.place or target, artefact
    )


def _our_fault(error: Exception) -> Verdict:
    return undecided(
        f"检查程序出错（{type(error).__name__}），是本平台的原因，不扣分。已改由人工看，您无需处理。"
    )
