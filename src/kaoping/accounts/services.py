"""Verbs about people, and the one door of the audit log."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from kaoping.accounts import policy
from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import AuditEntry, Person


def record_act(
    actor: Actor,
    verb: str,
    thing_kind: str,
    thing_id: object,
    sentence: str,
    *,
    now: datetime,
    refused: bool = False,
) -> None:
    """Add one line to the audit log. ``sentence`` is what a reader sees, in Chinese."""
    AuditEntry.objects.create(
        at=now,
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        thing_kind=thing_kind,
        thing_id=str(thing_id),
        sentence=sentence,
        refused=refused,
    )


def refuse(
    actor: Actor, verb: str, thing_kind: str, thing_id: object, words: str, *, now: datetime
) -> Refused:
    """Write the refusal to the audit log and return the exception to raise.

    Call outside a transaction that will be rolled back, else the line is lost with it.
    """
    record_act(actor, verb, thing_kind, thing_id, words, now=now, refused=True)
    return Refused(words)


def create_person(
    *, actor: Actor, username: str, name: str, password: str, now: datetime, must_change: bool = True
) -> Person:
    """Make a person who can sign in. Raises ``Refused`` in words when the name is taken or the password is weak."""
    if not policy.can_manage_people(actor):
        raise refuse(actor, "create_person", "person", username, "只有系统管理员可以建立人员。", now=now)
    if Person.objects.filter(username=username).exists():
        raise Refused(f"登录名“{username}”已有人用，请换一个。")
    person = Person(username=username, name=name, created_at=now, must_change_password=must_change)
    _set_password(person, password)
    with transaction.atomic():
        person.save()
        record_act(actor, "create_person", "person", person.pk, f"建立人员 {name}（{username}）。", now=now)
    return person


def change_password(*, actor: Actor, person: Person, password: str, now: datetime) -> None:
    """A person sets the own password, or the system administrator resets somebody's (who must then change it)."""
    own = actor.id == str(person.pk)
    if not own and not policy.can_manage_people(actor):
        raise refuse(actor, "change_password", "person", person.pk, "只能改自己的口令。", now=now)
    _set_password(person, password)
    person.must_change_password = not own
    with transaction.atomic():
        person.save()
        record_act(actor, "change_password", "person", person.pk, f"{person.name} 的口令已改。", now=now)


def switch_person(*, actor: Actor, person: Person, active: bool, now: datetime) -> None:
    """Let a person sign in, or no longer."""
    if not policy.can_manage_people(actor):
        raise refuse(actor, "switch_person", "person", person.pk, "只有系统管理员可以停用人员。", now=now)
    person.is_active = active
    with transaction.atomic():
        person.save(update_fields=["is_active"])
        word = "启用" if active else "停用"
        record_act(actor, "switch_person", "person", person.pk, f"{word}人员 {person.name}。", now=now)


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("口令不合要求：" + "；".join(error.messages)) from None
    person.set_password(password)
