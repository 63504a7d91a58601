"""The page of one order, built alike for desk and unit: an ``Audience`` says in whose words, its view adds what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.monitoring.services import retest as retest_verbs
from kaoping.monitoring.shown import Followed
from kaoping.rectification import logic
from kaoping.rectification.queries.rows import Case, CasePage, CaseRow
from kaoping.support import clock
from kaoping.web.ui import late_looks
from kaoping.web.ui.case_acts import Turned, mistakes
from kaoping.web.ui.case_words import day_strip, deadline_of, ladder, no_more_reminders, problem, timeline
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case_page import ActGroup, CaseShell
from kaoping.web.ui.parts.head import Chip, Crumb, Head
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

LATE: Final = "late"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom the page is: names of its addresses, and its words.

    ``standing`` says for each state (and for ``late``) what is to be done; ``opening`` begins the title; ``ending`` joins how
    it ended. ``hidden`` kinds of entries stay with the office; ``retry`` is the address of 再抓一次, '' for who has none.
    """

    place: str
    list_url: str
    page_url: str
    file_url: str
    standing: Mapping[str, str]
    ending: str
    reminders_where: str
    opening: Callable[[CaseRow], str]
    hidden: tuple[str, ...] = ()
    retry: str = ""
    none_sent: str = ""
    then: str = ""


def title_of(case: CaseRow, audience: Audience) -> str:
    """The sentence that heads the page."""
    words = audience.standing[case.state]
    if case.state == logic.CLOSED:
        ended = "" if case.ending in ("", logic.MENDED) else f"{audience.ending}{logic.ENDINGS[case.ending]}"
        words = f"{words}{ended}"
    elif case.state == logic.ANSWERED and case.left is not None:
        words = "逾期后回复，待核实"
    elif case.state == logic.SERVED and case.left is not None and case.left < 0:
        words = audience.standing[LATE]
    return f"{audience.opening(case)}{words}"


def named(case: CaseRow) -> str:
    """What is wrong, without the colon that its name may have."""
    return problem(case.title)


def head_of(case: CaseRow, audience: Audience, *more: Chip) -> Head:
    """Where one is, how the order stands, and its deadline; without the basis, which each reader's page adds."""
    return Head(
        title=title_of(case, audience),
        crumbs=(Crumb(audience.place, reverse(audience.list_url)), Crumb(case.number)),
        chips=(
            Chip(label=logic.STATES[case.state], tone="soft"),
            *((Chip(label=f"反弹，前单 {case.relapse_of}", tone="line"),) if case.relapse_of else ()),
            *more,
            *((Chip(label=f"并入 {case.merged_into}", tone="line"),) if case.merged_into else ()),
        ),
        deadline=deadline_of(case),
    )


def shell(page: CasePage, audience: Audience, head: Head, *, now: datetime) -> CaseShell:
    """What both readers see: history, days, reminders, arrival. The view adds the acts with ``replace``."""
    case, no_more = page.case, no_more_reminders(page.case)
    return CaseShell(
        head=head,
        warning=late_looks.warning_of(page.sources, is_open=case.is_open, now=now),
        strip=day_strip(case, page.strip, clock.today()),
        entries=tuple(
            late_looks.said(
                timeline(
                    page.entries,
                    case,
                    file_url=lambda sha: reverse(audience.file_url, args=[case.number, sha]),
                    hide=audience.hidden,
                    ready=page.why_open() is None,
                    again=_again(case, audience),
                    now=now,
                ),
                page.sources,
            )
        ),
        arrival=ActGroup(page.delivery.state, "arrival-acts", notes=(f"{page.delivery.words}。",))
        if page.delivery
        else None,
        reminders=tuple(ladder(page.reminders, case, now)),
        reminders_where=audience.reminders_where,
        none_sent="" if no_more else audience.none_sent,
        no_more=no_more,
    )


def _again(case: CaseRow, audience: Audience) -> Callable[[int], str] | None:
    if not audience.retry or not case.is_open:
        return None
    return lambda entry: reverse(audience.retry, args=[case.number, entry])


def retest_action(
    actor: Actor,
    case: CaseRow,
    finding: Followed | None,
    *,
    label: str,
    url: str,
    by_hand: str,
    now: datetime,
) -> Action:
    """The button of a re-test, or why there is none: ``by_hand`` is said of a fault that a person found."""
    entry = Action(label=label, url=url, method="post", icon="refresh-cw")
    if finding is None:
        return replace(entry, disabled=by_hand)
    words = retest_verbs.ask_retest.check(
        actor=actor, organisation_code=case.unit, check=case.check, target=case.target, now=now
    )
    return replace(entry, disabled=words or "")


def ask_retest(request: SignedIn, case: Case) -> None:
    """Ask for the re-test that ``retest_action`` offers."""
    retest_verbs.ask_retest(
        actor=request.actor,
        organisation_code=case.organisation.code,
        check=case.check_id,
        target=case.target,
        now=clock.now(),
    )


def retest_note(finding: Followed | None, *, failed: str, gone: str) -> tuple[str, ...]:
    """What came of the last re-test where it was no answer: in words with ``{when}``, ``{whose}`` and ``{cause}``."""
    last = finding.retest if finding else None
    if last is None:
        return ()
    values = {
        "when": cn_datetime(last.started_at),
        "whose": {"site": "网站", "network": "网络"}.get(last.whose, "本平台"),
        "cause": last.cause,
    }
    if last.state == "failed":
        return (failed.format(**values),)
    return (gone.format(**values),) if last.gone and gone else ()


def page_answer(
    request: SignedIn, found: CaseShell, turned: Turned | None, *, width: str = ""
) -> HttpResponse:
    """The page; with the refusal of an act it is 422."""
    shown = [
        one.form
        for group in (*found.under, *found.beside, *((found.arrival,) if found.arrival else ()))
        for one in group.forms
    ]
    context = {
        "title": found.head.title,
        "shell": replace(found, mistakes=mistakes(turned, shown)),
        "has_errors": turned is not None,
        "shell_width": width,
    }
    return render(request, "ui/case.html", context, status=422 if turned else 200)
