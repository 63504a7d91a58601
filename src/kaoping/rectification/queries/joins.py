"""Reads for the joining of two cases about one place: which were joined, which might be, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kaoping.evidence.logic import refusal_after_closing
from kaoping.evidence.queries import acts, closings
from kaoping.rectification import logic
from kaoping.rectification.logic import merging
from kaoping.rectification.models import Case
from kaoping.rectification.queries import is_overdue, lines_of, open_questions, proofs
from kaoping.registry.scope import Scope
from kaoping.scoring import targets
from kaoping.scoring.observations import Observation


def merged_in(case: Case) -> list[Case]:
    """The cases that were joined with this one, in their order."""
    rows = Case.objects.filter(merged_into=case.number).select_related("organisation")
    return list(rows.order_by("closed_at", "id"))


def mergeable(case: Case) -> list[Case]:
    """Unsettled cases of the same unit, item and check about other places: what this one might be joined with."""
    if not targets.is_place(case.target) or case.state not in logic.UNSETTLED:
        return []
    rows = Case.objects.filter(
        organiser=case.organiser,
        organisation=case.organisation_id,
        item=case.item,
        check_id=case.check_id,
        state__in=logic.UNSETTLED,
    )
    rows = rows.exclude(pk=case.pk).select_related("organisation").order_by("id")
    return [one for one in rows if targets.is_place(one.target)]


YearOf = Callable[[Observation], int | None]


def check_merge(gone: Case, stays: Case, *, year_of: YearOf, now: datetime) -> str | None:
    """Why nobody can join ``gone`` with ``stays`` now, or null.

    ``year_of`` says for which year a line counts, which ``campaigns`` knows.
    """
    words = merging.refusal_to_merge(_side(gone, now), _side(stays, now))
    if words:
        return words
    lines = lines_of(gone)
    counting = [one for one in lines if not closings.is_late(one)]
    if any(closings.is_closed(one.organiser, one.item, one.observed_at, one.check) for one in counting):
        return f"{refusal_after_closing('ruling:', 1)}撤回以后这张整改单随之撤销。"
    if any(acts.open_ruling(one.id) for one in lines):
        return "所依据的记录已提请审定，待确认，确认以后再看。"
    return merging.refusal_to_withdraw_for_merging(
        [one.source for one in lines],
        [year_of(one) for one in counting],
        [year_of(one) for one in lines_of(stays) if not closings.is_late(one)],
    )


def _side(case: Case, now: datetime) -> merging.Side:
    return merging.Side(
        number=case.number,
        fault=(case.organisation.code, case.item, case.check_id),
        target=case.target,
        state=case.state,
        due_on=case.due_on,
        served=case.served_at is not None,
        late=is_overdue(case, now=now),
        mended=any(one.value == "met" for one in proofs(case)),
        answered=case.entries.filter(kind__in=("answer", "explained")).exists(),
        asked=any(
            one.pk == case.pk
            for one in open_questions(Scope(case.organiser, frozenset({case.organisation.code})))
        ),
    )
