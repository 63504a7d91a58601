"""A case as its lists and pages read it: frozen rows, so that no screen holds a row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from kaoping.calendars import StripDay, WorkingCalendar
from kaoping.evidence.links import Link
from kaoping.rectification import logic, queries
from kaoping.rectification.models import Case as Case  # what a view hands from a query to a verb
from kaoping.rectification.models import CaseEntry, CaseObservation, Reminder
from kaoping.rectification.queries import case_days, joins
from kaoping.support.rows import Rows
from kaoping.workdays.queries import calendar as working_days


@dataclass(frozen=True, slots=True)
class CaseRow:
    """An order and how it stands at an instant.

    ``left`` are the working days to its deadline (null where the unit owes nothing now), ``passed`` those that have gone by
    since; ``late`` as ``logic.overdue`` says; ``provisional`` where the deadline rests on a year whose arrangement nobody
    entered.
    """

    organiser: str
    number: str
    unit: str
    unit_name: str
    unit_short_name: str
    item: str
    check: str
    target: str
    title: str
    order_text: str
    state: str
    days: int
    opened_at: datetime
    served_at: datetime | None
    due_on: date | None
    closed_at: datetime | None
    closed_by: str
    ending: str
    relapse_of: str
    merged_into: str
    left: int | None
    passed: int
    late: bool
    provisional: bool

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.state != logic.CLOSED


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the timeline; ``link`` is what became of an address in it, null where it names none."""

    id: int
    at: datetime
    kind: str
    actor: str
    text: str
    sha256: str
    url: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One observation behind a case."""

    observation: str
    source: str
    value: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A promised reminder; ``why`` says why it wrote nothing."""

    kind: str
    promised_at: datetime
    ran_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of one case says, for whoever may read it.

    ``into`` is the case that goes on instead of this one, ``taken`` are those that this one took in; ``strip`` are the days
    of the term; ``entries`` include what only the office reads.
    """

    case: CaseRow
    entries: tuple[EntryRow, ...]
    sources: tuple[SourceRow, ...]
    reminders: tuple[ReminderRow, ...]
    strip: tuple[StripDay, ...]
    delivery: logic.Delivery | None
    into: CaseRow | None
    taken: tuple[CaseRow, ...]
    proofs: tuple[logic.Proof, ...]

    def why_open(self, then: str = "") -> str | None:
        """What keeps it from being closed, in words; null when it may be. ``then`` says what the reader can do about it."""
        case = self.case
        if then:
            return logic.refusal_to_close(case.state, self.proofs, case.served_at, then=then)
        return logic.refusal_to_close(case.state, self.proofs, case.served_at)


def row_of(case: Case, calendar: WorkingCalendar, *, now: datetime) -> CaseRow:
    """The row of a case; no query where it comes with its ``with_facts``."""
    return CaseRow(
        organiser=case.organiser,
        number=case.number,
        unit=case.organisation.code,
        unit_name=case.organisation.name,
        unit_short_name=case.organisation.short_name,
        item=case.item,
        check=case.check_id,
        target=case.target,
        title=case.title,
        order_text=case.order_text,
        state=case.state,
        days=case.days,
        opened_at=case.opened_at,
        served_at=case.served_at,
        due_on=case.due_on,
        closed_at=case.closed_at,
        closed_by=case.closed_by,
        ending=case.ending,
        relapse_of=case.relapse_of,
        merged_into=case.merged_into,
        left=case_days.days_left(case, calendar, now=now),
        passed=case_days.days_over(case, calendar, now=now),
        late=queries.is_overdue(case, now=now),
        provisional=case_days.is_provisional(case, calendar),
    )


def case_rows(cases: QuerySet[Case], *, now: datetime) -> Rows[CaseRow]:
    """The rows of a list, in three queries however many a page shows."""
    days = working_days(now)
    return Rows(queries.with_facts(cases), lambda one: row_of(one, days, now=now))


def page_of(case: Case, calendar: WorkingCalendar, *, now: datetime) -> CasePage:
    """Everything that the page of a case says."""
    into = queries.case(case.merged_into) if case.merged_into else None
    return CasePage(
        case=row_of(case, calendar, now=now),
        entries=tuple(_entry(one) for one in queries.entries(case)),
        sources=tuple(source_of(one) for one in queries.sources(case)),
        reminders=tuple(_reminder(one) for one in queries.reminders(case)),
        strip=tuple(case_days.strip(case, calendar)),
        delivery=queries.delivery(case),
        into=row_of(into, calendar, now=now) if into else None,
        taken=tuple(row_of(one, calendar, now=now) for one in joins.merged_in(case)),
        proofs=tuple(queries.proofs(case)),
    )


def source_of(one: CaseObservation) -> SourceRow:
    """The row of an observation behind a case."""
    return SourceRow(one.observation, one.source, one.value, one.at, one.by, one.reason)


def file_of(case: Case, sha256: str) -> EntryRow | None:
    """The entry of a case with which a file was handed in, one that bears its name first; null where there is none."""
    held = [_entry(one) for one in queries.entries(case) if sha256 in queries.digests(one)]
    return next((one for one in held if one.kind == "file"), next(iter(held), None))


def _entry(one: CaseEntry) -> EntryRow:
    return EntryRow(
        one.pk,
        one.at,
        one.kind,
        one.actor,
        one.text,
        one.sha256,
        one.url,
        getattr(one, "link", None),
    )


def _reminder(one: Reminder) -> ReminderRow:
    return ReminderRow(one.kind, one.promised_at, one.ran_at, one.why)
