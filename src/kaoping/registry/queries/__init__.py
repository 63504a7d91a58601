"""Reads of the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from kaoping.accounts.actor import ROLES, Actor
from kaoping.accounts.models import Person as Person
from kaoping.foreign.sheet import Fault
from kaoping.foreign.width import half_width
from kaoping.registry.logic import KINDS, columns_text
from kaoping.registry.models import Appointment, SiteColumn
from kaoping.registry.models import Organisation as Organisation  # what a view hands from a query to a verb
from kaoping.registry.roster import FIELDS, Row, cross_check, out_of_order, read_roster
from kaoping.scoring.units import Unit
from kaoping.support.rows import Rows


def organisations(*, on: date | None = None, kinds: Iterable[str] = ()) -> QuerySet[Organisation]:
    """Organisations in register order; those that exist on a day, and of some kinds, when given."""
    rows = Organisation.objects.all()
    if on is not None:
        rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))
    wanted = list(kinds)
    return rows.filter(kind__in=wanted) if wanted else rows


def search(
    *,
    words: str = "",
    kind: str = "",
    group: str = "",
    on: date | None = None,
    participating: bool | None = None,
) -> QuerySet[Organisation]:
    """The register narrowed by words (name, short name, code), kind, group, a day of existence, and participation."""
    rows = organisations(on=on, kinds=[kind] if kind else ())
    if words:
        plain = half_width(words)  # a code typed on a Chinese keyboard; names keep their full-width brackets
        rows = rows.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=plain)
        )
    if group:
        rows = rows.filter(group=group)
    return rows if participating is None else rows.filter(participates=participating)


def closed(rows: QuerySet[Organisation], *, before: date) -> QuerySet[Organisation]:
    """Those that ended before a day."""
    return rows.filter(valid_to__lt=before)


def by_kind(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """In the order of kinds, and inside a kind in register order."""
    ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(KINDS)]
    return rows.order_by(Case(*ranks, default=Value(len(KINDS))), "group", "order", "code")


def holders(role: str, code: str, *, on: date) -> QuerySet[Person]:
    """People who hold a role for an organisation on a day."""
    return (
        Person.objects.filter(
            Q(appointments__valid_until=None) | Q(appointments__valid_until__gte=on),
            appointments__role=role,
            appointments__organisation__code=code,
            appointments__valid_from__lte=on,
            is_active=True,
        )
        .distinct()
        .order_by("username")
    )


def people_of(codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Organisation -> the names of all who hold or held a role for it; one query."""
    rows = Appointment.objects.filter(organisation__code__in=codes).order_by("person__name")
    found: dict[str, list[str]] = {code: [] for code in codes}
    for code, name in rows.values_list("organisation__code", "person__name").distinct():
        found[code].append(name)
    return {code: tuple(names) for code, names in found.items()}


def groups() -> list[str]:
    """Groups in use, in order."""
    rows = Organisation.objects.exclude(group="").order_by().values_list("group", flat=True)
    return sorted(rows.distinct())


def predecessors(code: str) -> QuerySet[Organisation]:
    """Closed organisations whose duties an organisation took over."""
    return Organisation.objects.filter(successor=code)


def children(code: str) -> QuerySet[Organisation]:
    """Organisations under one, as superior or as leading department."""
    return Organisation.objects.filter(Q(parent=code) | Q(leading_department=code))


def link_fields() -> dict[str, dict[str, str]]:
    """Code to the codes that an organisation points to; one query."""
    names = ("parent", "leading_department", "successor")
    rows = Organisation.objects.values_list("code", *names)
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would change in a stored organisation: field label, old words, new words."""

    stored: Organisation
    row: Row
    differences: tuple[tuple[str, str, str], ...]

    @classmethod
    def between(cls, stored: Organisation, row: Row) -> Change | None:
        """The change, or null when nothing differs."""
        differences = [
            (FIELDS[name], _words(name, getattr(stored, name)), _words(name, value))
            for name, value in row.values.items()
            if getattr(stored, name) != value
        ]
        differences += [
            (name, str(stored.extra.get(name, "")), value)
            for name, value in row.extra.items()
            if stored.extra.get(name, "") != value
        ]
        return cls(stored, row, tuple(differences)) if differences else None

    def sentence(self) -> str:
        """The change in one line, for the audit log."""
        parts = [f"{label} {old or '空'} → {new or '空'}" for label, old, new in self.differences]
        return f"修改单位 {self.stored.short_name}（{self.row.code}）：" + "；".join(parts) + "。"


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What an import would do. With a fault nothing is done."""

    added: list[Row]
    changed: list[Change]
    unchanged: int
    faults: list[Fault]
    notes: tuple[str, ...]


def preview(filename: str, content: bytes) -> RosterPreview:
    """Compare a roster file with the register, storing nothing."""
    roster = read_roster(filename, content)
    stored = {row.code: row for row in Organisation.objects.all()}
    dates = {code: (row.valid_from, row.valid_to) for code, row in stored.items()}
    faults = sorted(
        [*roster.faults, *cross_check(roster.rows, link_fields()), *out_of_order(roster.rows, dates)],
        key=lambda one: one.place.number or 0,
    )
    added = [row for row in roster.rows if row.code not in stored]
    known = [(stored[row.code], row) for row in roster.rows if row.code in stored]
    changed = [change for old, row in known if (change := Change.between(old, row)) is not None]
    return RosterPreview(added, changed, len(known) - len(changed), faults, roster.notes)


def _words(name: str, value: Any) -> str:
    if name == "kind":
        return KINDS.get(str(value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def organisation(code: str) -> Organisation | None:
    """One organisation by code."""
    return Organisation.objects.filter(code=code).first()


def short_names() -> dict[str, str]:
    """Code to short name, for lists; one query."""
    return dict(Organisation.objects.values_list("code", "short_name"))


def short_names_of(codes: Collection[str]) -> dict[str, str]:
    """Code to short name of a few organisations; no query for none."""
    if not codes:
        return {}
    return dict(Organisation.objects.filter(code__in=codes).values_list("code", "short_name"))


def columns_of(code: str) -> QuerySet[SiteColumn]:
    """The column plan of a unit's site."""
    return SiteColumn.objects.filter(organisation__code=code).order_by("id")


def columns_said(code: str) -> dict[str, str]:
    """The column plan as one text: what its edition is made of."""
    rows = columns_of(code)
    return {"columns": columns_text([(one.name, one.url, one.kind, one.period_days) for one in rows])}


def branch_of(actor: Actor) -> set[str]:
    """Codes of the units that a district office or competent department answers for (考核办法 第四条、第九条)."""
    districts = actor.organisations("district_office")
    departments = actor.organisations("competent_department")
    if not districts and not departments:
        return set()
    rows = Organisation.objects.filter(
        Q(parent__in=districts) | Q(code__in=districts) | Q(leading_department__in=departments)
    )
    return set(rows.values_list("code", flat=True))


def held_roles(person: Person, *, on: date) -> QuerySet[Appointment]:
    """The appointments in force on a day, oldest first."""
    rows = Appointment.objects.filter(person=person, valid_from__lte=on)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=on)).order_by("id")


def called(people: Iterable[Person], *, on: date) -> dict[int, str]:
    """What to call people in a list, by id: the name; where another active person bears it too, with the posts of the day.

    Namesakes whose posts do not tell them apart are told apart by their sign-in names.
    """
    found = {one.pk: one for one in people}
    alike = Person.objects.filter(name__in={one.name for one in found.values()}).filter(
        Q(is_active=True) | Q(pk__in=list(found))
    )
    namesakes: dict[str, list[Person]] = {}
    for one in alike.order_by("pk"):
        namesakes.setdefault(one.name, []).append(one)
    words = {key: one.name for key, one in found.items()}
    for name, bearers in namesakes.items():
        if len(bearers) < 2:
            continue
        posts = {one.pk: _posts(one, on) or one.username for one in bearers}
        for key in posts.keys() & words.keys():
            same = list(posts.values()).count(posts[key]) > 1
            tail = f"，{found[key].username}" if same else ""
            words[key] = f"{name}（{posts[key]}{tail}）"
    return words


def _posts(person: Person, on: date) -> str:
    roles = dict.fromkeys(held_roles(person, on=on).values_list("role", flat=True))
    return "、".join(ROLES.get(role, role) for role in roles)


def people_with_role(role: str, *, on: date) -> QuerySet[Person]:
    """People who hold a role on a day."""
    return (
        Person.objects.filter(
            Q(appointments__valid_until=None) | Q(appointments__valid_until__gte=on),
            appointments__role=role,
            appointments__valid_from__lte=on,
            is_active=True,
        )
        .distinct()
        .order_by("username")
    )


def appointments(*, role: str = "", words: str = "") -> QuerySet[Appointment]:
    """Appointments, with person and organisation; of one role, or of people and places whose names hold some words."""
    rows = Appointment.objects.select_related("person", "organisation").order_by(
        "role", "person__username", "id"
    )
    if role:
        rows = rows.filter(role=role)
    if words:
        rows = rows.filter(
            Q(person__name__icontains=words)
            | Q(person__username__icontains=words)
            | Q(organisation__short_name__icontains=words)
        )
    return rows


def narrowed(rows: QuerySet[Appointment], *, when: str, on: date) -> QuerySet[Appointment]:
    """Appointments in force on a day (``now``), beginning later (``later``), or ended (``past``)."""
    if when == "past":
        return rows.filter(valid_until__lt=on)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=on))
    return rows.filter(valid_from__lte=on) if when == "now" else rows.filter(valid_from__gt=on)


@dataclass(frozen=True, slots=True)
class Term:
    """Who holds a role from when until when; ``code`` and ``place`` are empty for the whole city."""

    id: int
    username: str
    name: str
    active: bool
    role: str
    code: str
    place: str
    valid_from: date
    valid_until: date | None

    def when(self, day: date) -> str:
        """``now`` in force on a day, ``later`` not begun, ``past`` over: as ``narrowed``."""
        if self.valid_until is not None and self.valid_until < day:
            return "past"
        return "now" if self.valid_from <= day else "later"


def terms(*, role: str, words: str, when: str, on: date) -> Rows[Term]:
    """Appointments as a screen lists them; ``when`` as of ``narrowed``, '' for all."""
    rows = appointments(role=role, words=words)
    return Rows(narrowed(rows, when=when, on=on) if when else rows, _term)


def _term(row: Appointment) -> Term:
    place = row.organisation
    return Term(
        row.pk,
        row.person.username,
        row.person.name,
        row.person.is_active,
        row.role,
        place.code if place else "",
        place.short_name if place else "",
        row.valid_from,
        row.valid_until,
    )


def appointment(appointment_id: int) -> Appointment | None:
    """One appointment."""
    return Appointment.objects.select_related("person", "organisation").filter(pk=appointment_id).first()


def as_unit(row: Organisation, *, group: str | None = None, participates: bool | None = None) -> Unit:
    """The engine's form of a row; a campaign may give its own group and participation."""
    return Unit(
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        parent=row.parent or None,
        leading_department=row.leading_department or None,
        group=(group if group is not None else row.group) or None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        participates=row.participates if participates is None else participates,
        successor=row.successor or None,
        site_url=row.site_url or None,
        site_id_code=row.site_id_code or None,
    )
