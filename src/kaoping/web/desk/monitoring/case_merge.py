"""合并办理: two orders about one place become one; which ones can be joined, and the two verbs that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from kaoping.accounts.actor import Actor, Refused
from kaoping.campaigns.queries.ledger import campaign_of
from kaoping.foreign.glyphs import glyphs
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.queries import joins
from kaoping.rectification.queries.rows import Case, CasePage, CaseRow
from kaoping.rectification.services.merging import merge
from kaoping.registry.logic import place_key
from kaoping.registry.queries.places import TargetWords, entry_of
from kaoping.registry.services.places import name_place
from kaoping.scoring.observations import Observation
from kaoping.web.ui.parts.case_page import CaseLink
from kaoping.web.ui.wording import cn_date


@dataclass(frozen=True, slots=True)
class Choice:
    """Another order that this one might be joined with; ``refused`` says why it cannot be."""

    number: str
    url: str
    words: str
    refused: str


def choices(actor: Actor, case: Case, now: datetime) -> Sequence[Choice]:
    """What the page offers; nothing where nobody joins anything."""
    if not policy.can_merge_cases(actor, case):
        return []
    named = TargetWords()
    return [
        Choice(
            one.number,
            reverse("desk-case", args=[one.number]),
            _words(one, named(one.organisation.code, one.target)),
            merge.check(actor=actor, gone=case, stays=one, year_of=year_of, now=now) or "",
        )
        for one in joins.mergeable(case)
    ]


def joined(page: CasePage) -> tuple[CaseLink, ...]:
    """The order that goes on instead of this one, and those that this one took in."""
    named = TargetWords()
    found = [(page.into, "本单并入")] if page.into else []
    found += [(one, "已并入本单") for one in page.taken]
    return tuple(
        CaseLink(
            one.number,
            reverse("desk-case", args=[one.number]),
            f"{how}：{_words(one, named(one.unit, one.target))}",
        )
        for one, how in found
    )


def join(actor: Actor, gone: Case, into: str, reason: str, now: datetime) -> None:
    """Join the two orders, and let later looks at either spelling of the place meet the order that stays."""
    stays = queries.case(into)
    if stays is None:
        raise Refused("请选并入哪一张。")
    words = merge.check(actor=actor, gone=gone, stays=stays, year_of=year_of, now=now)
    here, there = (entry_of(one.organisation.code, one.target) for one in (gone, stays))
    if words is None and glyphs(reason) >= logic.LEAST_REASON and place_key(here) != place_key(there):
        # First: a look that comes in between already meets the place that stays.
        code = gone.organisation.code
        name_place(actor=actor, organisation_code=code, place=here, same_as=there, now=now)
    merge(actor=actor, gone=gone, stays=stays, reason=reason, year_of=year_of, now=now)


def year_of(line: Observation) -> int | None:
    """For which year a line of the ledger counts."""
    campaign = campaign_of(line)
    return campaign.year if campaign else None


def _words(case: Case | CaseRow, place: str) -> str:
    until = f"，期限 {cn_date(case.due_on)} 24:00 止" if case.due_on else ""
    return f"{place}，{logic.STATES[case.state]}{until}"
