"""Reads about people and the audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from kaoping.accounts import chain
from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.models import (
    AuditEntry,
    KeptSession,
    PasswordLink,
    Person,
    ReplacedText,
)
from kaoping.beijing import BEIJING
from kaoping.support.rows import Rows


def person(person_id: int | str) -> Person | None:
    """One person by id."""
    return Person.objects.filter(pk=person_id).first()


def person_by_username(username: str) -> Person | None:
    """One person by sign-in name; names ignore case."""
    return Person.objects.filter(username__iexact=username.strip()).first()


def unseen_resets(person_id: str) -> QuerySet[PasswordLink]:
    """Settings of a person's password by a link that the person has not confirmed having read."""
    return PasswordLink.objects.filter(person_id=person_id, used_at__isnull=False, seen_at=None).order_by(
        "id"
    )


def password_link(link_id: int) -> PasswordLink | None:
    """One link by which a password is set, whatever its state."""
    return PasswordLink.objects.select_related("person").filter(pk=link_id).first()


@dataclass(frozen=True, slots=True)
class LinkState:
    """How a one-time link stands: whose it is, who asked for it and who confirmed it, and the instants that matter."""

    id: int
    person_id: int
    name: str
    username: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    ends_at: datetime | None
    used_at: datetime | None
    rests_until: datetime | None


def link_state(link: PasswordLink) -> LinkState:
    """How a stored link stands."""
    return LinkState(
        link.pk,
        link.person_id,
        link.person.name,
        link.person.username,
        link.asked_by,
        link.asked_at,
        link.confirmed_by,
        link.ends_at,
        link.used_at,
        link.rests_until,
    )


def open_links(*, machine_now: datetime) -> QuerySet[PasswordLink]:
    """Links that may still be used, and those that wait for their confirmation; newest first."""
    return (
        PasswordLink.objects.select_related("person")
        .filter(Q(ends_at=None) | Q(ends_at__gt=machine_now), used_at=None, void_at=None)
        .order_by("-id")
    )


def resting_links(*, machine_now: datetime) -> QuerySet[PasswordLink]:
    """Links after which somebody still may not sign; newest first."""
    return (
        PasswordLink.objects.select_related("person")
        .filter(rests_until__gt=machine_now, released_at=None)
        .order_by("-id")
    )


def sessions_of(person_id: str, *, machine_now: datetime) -> QuerySet[KeptSession]:
    """Where a person is signed in, the latest first."""
    return KeptSession.objects.filter(person_id=person_id, expire_date__gt=machine_now).order_by("-since")


@dataclass(frozen=True, slots=True)
class Account:
    """One person as the administrators see the account. ``usable`` is false until the first password is set."""

    id: int
    username: str
    name: str
    active: bool
    usable: bool
    must_change_password: bool
    created_at: datetime
    last_login: datetime | None


def account_of(person: Person) -> Account:
    """The account of a stored person."""
    return Account(
        person.pk,
        person.username,
        person.name,
        person.is_active,
        person.has_usable_password(),
        person.must_change_password,
        person.created_at,
        person.last_login,
    )


def people(*, words: str = "") -> Rows[Account]:
    """Everybody, by sign-in name; narrowed by part of a name when given."""
    rows = Person.objects.order_by("username")
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(name__icontains=words))
    return Rows(rows, account_of)


def audit_entries(
    *,
    verb: str = "",
    actor_name: str = "",
    thing_kind: str = "",
    thing_id: str = "",
    refused: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    words: str = "",
) -> QuerySet[AuditEntry]:
    """The log, newest first, narrowed by what is given; ``until`` is exclusive."""
    entries = AuditEntry.objects.order_by("-id")
    given: dict[str, object] = {
        "verb": verb,
        "actor_name": actor_name,
        "thing_kind": thing_kind,
        "thing_id": thing_id,
        "at__gte": since,
        "at__lt": until,
        "sentence__icontains": words,
    }
    entries = entries.filter(**{name: value for name, value in given.items() if value})
    return entries if refused is None else entries.filter(refused=refused)


@dataclass(frozen=True, slots=True)
class Act:
    """An act of the log, or ``count`` acts of one verb told as one: when the last was, and what it says."""

    at: datetime
    verb: str
    thing_kind: str
    thing_id: str
    sentence: str
    count: int


def acts_since(since: datetime, verbs: Collection[str], *, single: int = 3) -> list[Act]:
    """What was done (not refused) since then, newest first; a verb of more than ``single`` acts is one line.

    Two queries, whatever the log holds.
    """
    rows = AuditEntry.objects.filter(at__gte=since, verb__in=list(verbs), refused=False).order_by()
    counted = list(rows.values("verb").annotate(n=Count("id"), last=Max("id")))
    many = {one["last"]: one["n"] for one in counted if one["n"] > single}
    few = [one["verb"] for one in counted if one["n"] <= single]
    told = rows.filter(Q(verb__in=few) | Q(pk__in=list(many))).order_by("-id")
    return [
        Act(one.at, one.verb, one.thing_kind, one.thing_id, one.sentence, many.get(one.pk, 1)) for one in told
    ]


def audit_verbs() -> list[str]:
    """Every verb that the log holds."""
    return sorted(AuditEntry.objects.order_by().values_list("verb", flat=True).distinct())


def first_audit_instant() -> datetime | None:
    """When the log begins."""
    return AuditEntry.objects.order_by("id").values_list("at", flat=True).first()


def replaced_texts(thing_kind: str, thing_id: object) -> QuerySet[ReplacedText]:
    """What a thing's texts were before, newest first."""
    return ReplacedText.objects.filter(thing_kind=thing_kind, thing_id=str(thing_id)).order_by("-id")


def last_act(thing_kind: str, thing_id: object, *verbs: str) -> tuple[Who, datetime | None]:
    """Who did one of ``verbs`` to a thing last, and when; (nobody, None) when nobody did."""
    found = (
        AuditEntry.objects.filter(
            thing_kind=thing_kind, thing_id=str(thing_id), verb__in=verbs, refused=False
        )
        .order_by("-id")
        .first()
    )
    return (Who(found.actor_id, found.actor_name), found.at) if found else (Who(""), None)


def written_by(row: Any | None) -> tuple[Who, datetime | None]:
    """The same of a stored row that names its person (``by``) and its instant (``at``); (nobody, None) where there is none."""
    return (Who(str(row.by_id), row.by.name), row.at) if row else (Who(""), None)


def known_as(actor: Actor, *, beside: Iterable[Who]) -> Who:
    """The person who acts now, to be compared with those who acted before.

    Where one of them is kept by name only, with every name under which the log knows the person.
    """
    if all(one.id for one in beside):
        return actor.who
    names = AuditEntry.objects.filter(actor_id=actor.id).order_by().values_list("actor_name", flat=True)
    return Who(actor.id, actor.name, frozenset(names.distinct()))


_LINE = tuple(one.name for one in fields(chain.Line))


def audit_log(
    *,
    verb: str = "",
    actor_name: str = "",
    thing_kind: str = "",
    thing_id: str = "",
    refused: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    words: str = "",
) -> Rows[chain.Line]:
    """The log line by line for a screen or a file, newest first; narrowed as ``audit_entries``."""
    rows = audit_entries(
        verb=verb,
        actor_name=actor_name,
        thing_kind=thing_kind,
        thing_id=thing_id,
        refused=refused,
        since=since,
        until=until,
        words=words,
    )
    return Rows(rows.values_list(*_LINE), lambda row: chain.Line(*row))


def log_lines() -> Iterator[chain.Line]:
    """The whole log in order of its ids, one line after another."""
    rows = AuditEntry.objects.order_by("id").values_list(*_LINE)
    return (chain.Line(*row) for row in rows.iterator(chunk_size=2000))


def log_head() -> chain.Anchor | None:
    """The last link; null before there is one."""
    row = (
        AuditEntry.objects.filter(number__isnull=False)
        .order_by("-number")
        .values_list("number", "digest")
        .first()
    )
    return chain.Anchor(int(row[0] or 0), str(row[1]), "本机") if row else None


def heads_of_days(*, after: int, before: date) -> list[chain.Anchor]:
    """The last link of each day (Beijing) behind line ``after`` and before the day ``before``, oldest first."""
    linked = AuditEntry.objects.filter(number__gt=after).order_by()
    lasts = (
        linked.annotate(day=TruncDate("at", tzinfo=BEIJING))
        .filter(day__lt=before)
        .values("day")
        .annotate(last=Max("number"))
        .values_list("last", "day")
    )
    days: dict[int, date] = {int(number): day for number, day in lasts}
    rows = AuditEntry.objects.filter(number__in=list(days)).order_by("number").values_list("number", "digest")
    return [
        chain.Anchor(int(number or 0), str(digest), "本机", days[int(number or 0)]) for number, digest in rows
    ]
