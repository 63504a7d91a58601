"""Reads of rectification: lists of cases, one case with its timeline, what is overdue, which reminders did not run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from kaoping.accounts.actor import Actor, Who, same_person
from kaoping.accounts.queries import known_as
from kaoping.beijing import BEIJING, day_of, end_of_day
from kaoping.checks import all_checks
from kaoping.evidence import queries as ledger
from kaoping.rectification import logic, policy
from kaoping.rectification.logic import Proof
from kaoping.rectification.models import Case, CaseEntry, CaseObservation, Reminder
from kaoping.registry.queries import branch_of, organisers
from kaoping.registry.scope import EVERYTHING, Scope
from kaoping.scoring import targets
from kaoping.scoring.observations import Observation
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.succession import target_of
from kaoping.standards.queries import limits_on, newest_version, rulebook_of

# Entries by which the unit speaks of the fault, and the office's refusal of an explanation.
_WORDS = ("answer", "explained", "declined")
# Entries that say how far an order has come.
_DELIVERY = ("served", "seen", "signed", "handed", "answer", "ask", "explained")


def visible(actor: Actor) -> Scope:
    """Whose cases an actor sees: all of the own organiser, else those about the own branch and units, of every organiser."""
    return organisers.seen_by(
        actor, policy.can_see_cases, {*branch_of(actor), *actor.organisations("liaison")}
    )


def may_see(actor: Actor, case: Case) -> bool:
    """Whether an actor sees this case. A unit sees it once it was served."""
    code = case.organisation.code
    if policy.can_answer_case(actor, code) and case.state == logic.DRAFT:
        return policy.can_see_cases(actor, case)
    return policy.can_see_unit_cases(actor, case, code, branch_of(actor))


def cases(
    *,
    state: str = "",
    organisation: str = "",
    check: str = "",
    words: str = "",
    scope: Scope = EVERYTHING,
) -> QuerySet[Case]:
    """Cases with their units: by deadline while open, closed ones last; narrowed by what is given."""
    rows = Case.objects.select_related("organisation")
    given = {"state": state, "organisation__code": organisation, "check_id": check}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if words:
        rows = rows.filter(
            Q(title__icontains=words)
            | Q(check_id__in=_rules_called(words))
            | Q(number__icontains=words)
            | Q(organisation__name__icontains=words)
        )
    rows = scope.narrow(rows)
    return rows.order_by(F("closed_at").asc(nulls_first=True), F("due_on").asc(nulls_first=True), "id")


def _rules_called(words: str) -> list[str]:
    """Ids of the rules whose name holds ``words``: the title of a case says the fault, not the rule."""
    return [one.id for one in all_checks() if words in one.title]


def rule_name(check: str) -> str:
    """The name of the rule that a case rests on; empty when a person found the fault."""
    return next((one.title for one in all_checks() if one.id == check), "")


def open_only(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those not closed."""
    return rows.exclude(state=logic.CLOSED)


def served_only(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those that the unit knows of."""
    return rows.exclude(served_at=None)


def served_in(key: OrganisedYear) -> int:
    """How many orders the units were served in an organiser's year, settled ones too."""
    first, after = (datetime(one, 1, 1, tzinfo=BEIJING) for one in (key.year, key.year + 1))
    return (
        served_only(cases(scope=Scope(key.organiser)))
        .filter(served_at__gte=first, served_at__lt=after)
        .count()
    )


def overdue(rows: QuerySet[Case], *, now: datetime) -> QuerySet[Case]:
    """Those whose unit is late, as ``logic.overdue`` says."""
    return rows.filter(pk__in=[case.pk for case in _late(rows, now)])


def _late(rows: QuerySet[Case], now: datetime) -> list[Case]:
    """Cases past their deadline, judged one by one; three queries however many there are."""
    passed = rows.filter(Q(closed_at=None) | Q(closed_at__gt=now), due_on__lt=day_of(now), served_at__lte=now)
    return [case for case in with_facts(passed) if is_overdue(case, now=now)]


def with_facts(rows: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases with what ``facts`` reads of them, in two queries for all."""
    said = CaseEntry.objects.filter(kind__in=_WORDS).defer("text").order_by("id")
    return rows.prefetch_related(
        Prefetch("entries", said, to_attr="said"),
        Prefetch("observations", CaseObservation.objects.order_by("at", "id"), to_attr="seen"),
    )


def facts(case: Case) -> logic.Facts:
    """What ``logic.overdue`` asks of a case."""
    said = getattr(case, "said", None)
    if said is None:
        said = list(case.entries.filter(kind__in=_WORDS).order_by("id"))
    when = {kind: tuple(one.at for one in said if one.kind == kind) for kind in _WORDS}
    return logic.Facts(
        case.served_at,
        case.due_on,
        case.closed_at,
        answers=when["answer"],
        explanations=when["explained"],
        declined=when["declined"],
        proofs=tuple(proofs(case)),
    )


def overdue_cases(*, now: datetime, scope: Scope = EVERYTHING) -> QuerySet[Case]:
    """Every overdue case, the longest overdue first."""
    return overdue(cases(scope=scope), now=now)


def overdue_count(*, now: datetime, scope: Scope = EVERYTHING) -> int:
    """How many cases are overdue, for the navigation and for whatever the feed ``cases_overdue`` counts for."""
    return overdue_cases(now=now, scope=scope).order_by().count()


@dataclass(frozen=True, slots=True)
class Standing:
    """How many served cases of a unit are open, and how many of these are overdue."""

    open: int
    overdue: int


def standings(*, now: datetime, scope: Scope = EVERYTHING) -> dict[str, Standing]:
    """Unit code -> its open cases; units without one are left out; four queries."""
    rows = served_only(open_only(Case.objects.all()))
    rows = scope.narrow(rows)
    late = Counter(case.organisation.code for case in _late(rows.select_related("organisation"), now))
    grouped = rows.order_by().values("organisation__code").annotate(open=Count("id"))
    return {
        code: Standing(one["open"], late[code]) for one in grouped for code in [one["organisation__code"]]
    }


def counts(scope: Scope = EVERYTHING) -> dict[str, int]:
    """State -> number of cases, every state present."""
    rows = Case.objects.all()
    rows = scope.narrow(rows)
    found = dict.fromkeys(logic.STATES, 0)
    for one in rows.order_by().values("state").annotate(n=Count("id")):
        found[one["state"]] = one["n"]
    return found


def case(number: str) -> Case | None:
    """One case by its number."""
    return Case.objects.select_related("organisation").filter(number=number).first()


def _about(organiser: str, organisation: str, fault: str) -> QuerySet[Case]:
    return Case.objects.filter(
        organiser=organiser, organisation__code=organisation, fault__in=logic.spellings(fault)
    )


def unsettled_case_of(organiser: str, organisation: str, fault: str) -> Case | None:
    """The organiser's case that stands for a fault: neither closed nor passed."""
    rows = _about(organiser, organisation, fault).filter(state__in=logic.UNSETTLED)
    return rows.select_related("organisation").first()


def fault_met(organiser: str, organisation: str, fault: str) -> str:
    """The fault under which a look at ``fault`` is known now: that of the case with which its own was joined, on and on."""
    known = {fault}
    while True:
        newest = _about(organiser, organisation, fault).order_by("-id").first()
        if newest is None or newest.ending != logic.MERGED:
            return fault
        into = case(newest.merged_into)
        if into is None or into.fault in known:
            return fault
        fault = into.fault
        known.add(fault)


def lines_of(case: Case) -> list[Observation]:
    """The lines of the ledger by which the fault of the case costs points: what was seen of it and still stands."""
    faults = logic.spellings(case.fault)
    lines = [
        one
        for one in ledger.of_unit(
            case.organisation.code, None if case.check_id else case.item, organiser=case.organiser
        )
        if one.kind == "verdict"
        and one.value == "not_met"
        and logic.fault_of(one.check, one.item, target_of(one)) in faults
    ]
    standing = ledger.standing_of(one.id for one in lines)
    return [one for one in lines if one.id in standing]


def order_days(organiser: str, day: date) -> int:
    """How many working days an organiser's order served on a day runs unless said otherwise."""
    return limits_on(organiser, day).order_days


def item_named(case: Case) -> str | None:
    """The item that a further line about the fault names: that of the line which opened the case.

    Null where an automatic source opened it, which names its check alone; lines of earlier releases named both.
    """
    first = case.observations.order_by("id").first()
    line = ledger.observation(first.observation) if first else None
    if line is not None:
        return line.item
    return None if case.check_id else case.item or None


def page_of(one: Observation) -> str:
    """Where what a line is about can be opened: its page, else the first page among its artefacts."""
    seen = (one.target or "", *(artefact.url or "" for artefact in one.artefacts))
    return next((found for found in map(targets.address, seen) if found), "")


def settled_case_of(organiser: str, organisation: str, fault: str) -> Case | None:
    """The organiser's newest case about a fault that passed or was closed on another ground than a mistake."""
    rows = _about(organiser, organisation, fault).filter(state__in=(logic.PASSED, logic.CLOSED))
    rows = rows.exclude(ending__in=(logic.WITHDRAWN, logic.MERGED))
    return rows.select_related("organisation").order_by("-id").first()


def entries(case: Case) -> list[CaseEntry]:
    """The timeline, oldest first."""
    return list(case.entries.select_related("link").order_by("at", "id"))


def digests(entry: CaseEntry) -> list[str]:
    """The files of an entry: what was handed in, and the captured page of its address."""
    link = getattr(entry, "link", None)
    return [one for one in (entry.sha256, link.capture_sha256 if link else "") if one]


def sources(case: Case) -> list[CaseObservation]:
    """The observations behind the case, oldest first."""
    return list(case.observations.order_by("at", "id"))


def passes() -> frozenset[str]:
    """Every observation by which a case passed; one query for a whole list."""
    return frozenset(
        CaseObservation.objects.filter(value="met").values_list("observation", flat=True).order_by()
    )


def case_of_observation(uid: str) -> Case | None:
    """The case behind which an observation stands, null when it is behind none."""
    row = CaseObservation.objects.select_related("case").filter(observation=uid).first()
    return row.case if row is not None else None


def proofs(case: Case) -> list[Proof]:
    """The observations in the form that the logic reads; what was withdrawn proves nothing."""
    seen = getattr(case, "seen", None)
    if seen is None:
        seen = sources(case)
    taken_back = {one.reason for one in seen if one.value == "withdrawn"}
    return [
        Proof(one.source, one.value, one.at, one.by, one.reason or "")
        for one in seen
        if one.observation not in taken_back
    ]


def why_not_closed(case: Case) -> str | None:
    """What keeps a case from being closed, in words; null when it may be closed."""
    return logic.refusal_to_close(case.state, proofs(case), case.served_at)


def reminders(case: Case) -> list[Reminder]:
    """Each promised reminder with the time it really ran."""
    return list(case.reminders.order_by("promised_at"))


def missed_reminders(*, now: datetime) -> QuerySet[Reminder]:
    """Reminders promised more than an hour ago that have not run."""
    late = now - timedelta(hours=1)
    return Reminder.objects.filter(ran_at=None, why="", promised_at__lt=late).select_related(
        "case__organisation"
    )


def is_overdue(case: Case, *, now: datetime) -> bool:
    """Whether the unit is late, as ``logic.overdue`` says."""
    if case.due_on is None or now <= end_of_day(case.due_on):
        return False
    return logic.overdue(facts(case), now)


def delivery(case: Case) -> logic.Delivery | None:
    """How far the order has come: 已发出, 已查看 or 已送达."""
    rows = case.entries.filter(kind__in=_DELIVERY).order_by("at", "id")
    return logic.delivery((one.kind, one.actor, one.at, one.text) for one in rows)


def served_by(case: Case, actor: Actor) -> bool:
    """Whether ``actor`` served the order; rows of the first release know the name only."""
    row = case.entries.filter(kind="served").order_by("-id").first()
    if row is None:
        return False
    server = Who(row.person or "", row.actor)
    return same_person(server, known_as(actor, beside=[server]))


def open_questions(scope: Scope = EVERYTHING) -> list[Case]:
    """Cases whose unit asked something that nobody has answered since, the oldest question first."""
    asked = Case.objects.exclude(state=logic.CLOSED).select_related("organisation")
    asked = scope.narrow(asked)
    asked = asked.annotate(
        asked=Max("entries__id", filter=Q(entries__kind="ask")),
        replied=Max("entries__id", filter=Q(entries__kind="reply")),
    )
    waiting = asked.exclude(asked=None).filter(Q(replied=None) | Q(replied__lt=F("asked")))
    return list(waiting.order_by("asked"))


def item_name(code: str) -> str:
    """What the newest adopted rulebook calls an item, or its code."""
    adopted = newest_version()
    found = rulebook_of(adopted.pk).rubric.find(code) if adopted and code else None
    return found.name if found else code
