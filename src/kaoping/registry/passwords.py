"""Verbs of one-time links: invite a person, reset a password by one or by two, use a link, end the rest after it.

They stand here and not in ``accounts`` because who needs two persons follows from the appointments.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kaoping.accounts import links
from kaoping.accounts import policy as accounts
from kaoping.accounts.actor import Actor, Refused, Who, same_person
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.models import PasswordLink, Person
from kaoping.accounts.queries import known_as
from kaoping.accounts.resting import resting_link, signing
from kaoping.accounts.second_factor.services import clear_factors, factors
from kaoping.accounts.services import create_person, end_sessions, forget_browsers, set_password
from kaoping.registry import policy
from kaoping.registry.models import Appointment
from kaoping.support import clock


@dataclass(frozen=True, slots=True)
class Handed:
    """What is shown once: the secret of a link, or the 核对码 of one that still waits for its confirmation."""

    link_id: int
    person: Person
    secret: str
    code: str
    needs_code: bool


def roles_to_come(person: Person) -> set[str]:
    """The roles that a person holds, or will: a reset today reaches into tomorrow's appointment."""
    held = Appointment.objects.filter(person=person).filter(
        Q(valid_until=None) | Q(valid_until__gte=clock.today())
    )
    return set(held.values_list("role", flat=True))


@signing
def invite_person(*, actor: Actor, username: str, name: str, now: datetime) -> Handed:
    """Make a person who has no password yet, and the link by which the person sets one."""
    with transaction.atomic():
        person = create_person(actor=actor, username=username, name=name, password=None, now=now)
        return _issued(_asked(actor, person, first=True, now=now))


@signing
def ask_reset(*, actor: Actor, person: Person, now: datetime) -> Handed:
    """Reset a password: a link at once, or, for a signing or separated role, a 核对码 and a confirmation to come.

    The old password holds until the link is used. Earlier links of the person become void.
    """
    if not accounts.can_manage_people(actor):
        raise refuse(actor, "ask_reset", "person", person.pk, "重置口令由系统管理员提出。", now=now)
    if same_person(Who(str(person.pk)), actor.who):
        words = "自己的口令请到“改口令”里改；忘了，请另一名系统管理员提出重置。"
        raise refuse(actor, "ask_reset", "person", person.pk, words, now=now)
    with transaction.atomic():
        two = needs_two(person)
        link = _asked(actor, person, first=not person.has_usable_password(), now=now)
        tail = "，等安全管理员确认" if two else "，一次性链接已发"
        record_act(
            actor,
            "ask_reset",
            "person",
            person.pk,
            f"{actor.name}提出重置 {person.name} 的口令{tail}。",
            now=now,
        )
        if not two:
            return _issued(link)
        code = f"{secrets.randbelow(10**8):08d}"
        link.code_digest = links.code_digest(code, link.pk)
        link.save(update_fields=["code_digest"])
    return Handed(link.pk, person, "", f"{code[:4]}-{code[4:]}", needs_code=True)


@signing
def confirm_reset(*, actor: Actor, link_id: int, now: datetime) -> Handed:
    """The security administrator confirms; the link is shown to this second person, and opens only with the 核对码.

    A link that was already out when its person was appointed is confirmed as it is.
    """
    if not accounts.can_confirm_reset(actor):
        raise refuse(actor, "confirm_reset", "link", link_id, "重置由安全管理员确认。", now=now)
    link = PasswordLink.objects.select_related("person").filter(pk=link_id).first()
    if link is None:
        raise Refused("没有这件重置。")
    by = known_as(actor, beside=[_asker(link)])
    words = links.refusal_to_confirm(_seen(link), by)
    if words:
        raise refuse(actor, "confirm_reset", "person", link.person_id, words, now=now)
    with transaction.atomic():
        link = _held(link_id)
        if links.refusal_to_confirm(_seen(link), by):
            raise Refused("刚刚已有人办理，请刷新后看现在的情况。")
        link.confirmed_by_id, link.confirmed_by, link.confirmed_at = actor.id, actor.name, now
        link.save(update_fields=["confirmed_by_id", "confirmed_by", "confirmed_at"])
        said = f"{actor.name}确认重置 {link.person.name} 的口令（{link.asked_by}提出）。"
        record_act(actor, "confirm_reset", "person", link.person_id, said, now=now)
        return Handed(link.pk, link.person, "", "", needs_code=False) if link.digest else _issued(link)


def drop_reset(*, actor: Actor, link_id: int, now: datetime) -> None:
    """Make a link, or what would become one, void. Either administrator may: it only takes away."""
    if not (accounts.can_manage_people(actor) or accounts.can_confirm_reset(actor)):
        raise refuse(actor, "drop_reset", "link", link_id, "作废由系统管理员或安全管理员办理。", now=now)
    with transaction.atomic():
        link = _held(link_id)
        if link.void_at is not None or link.used_at is not None:
            raise Refused("这件重置已经办过，或已经作废。")
        link.void_at = now
        link.save(update_fields=["void_at"])
        said = f"{actor.name}作废 {link.person.name} 的口令链接。"
        record_act(actor, "drop_reset", "person", link.person_id, said, now=now)


def needs_two(person: Person) -> bool:
    """Whether a reset takes two persons: for closed roles, and where a second factor is reset with the password."""
    return links.needs_two(roles_to_come(person)) or factors(str(person.pk)).exists()


def waits(link: PasswordLink) -> bool:
    """Whether a link takes the security administrator's confirmation before it opens."""
    return link.confirmed_at is None and (not link.digest or needs_two(link.person))


def link_of(secret: str) -> PasswordLink | None:
    """The link of a secret, whatever its state."""
    return PasswordLink.objects.select_related("person").filter(digest=links.digest_of(secret)).first()


def refusal_of_link(link: PasswordLink | None) -> str | None:
    """Why a link does not open now, in words; the same for a page and for the act."""
    if link is not None and not link.person.is_active:
        return links.GONE
    two = link is not None and needs_two(link.person)
    return links.refusal_to_use(_seen(link) if link else None, two=two, now=clock.machine_now())


def use_link(*, secret: str, code: str, password: str, now: datetime) -> Person:
    """Whoever has the link (and the 核对码 where there is one) sets the password, once; everything else signs out.

    Wrong codes are counted, and the fifth makes the link void. Raises ``Refused``.
    """
    with transaction.atomic():
        found = link_of(secret)
        link = _held(found.pk) if found else None
        words = refusal_of_link(link)
        if words or link is None:
            raise Refused(words or links.GONE)
        person = link.person
        actor = Actor(str(person.pk), person.username, person.name)
        if link.code_digest and not links.code_as_read(code):
            raise Refused("请填核对码，它在提出重置的系统管理员那里。没有填不算错一次。")
        wrong = bool(link.code_digest) and links.code_digest(code, link.pk) != link.code_digest
        if wrong:
            link.wrong += 1
            link.void_at = now if link.wrong >= links.WRONG_CODES else None
            link.save(update_fields=["wrong", "void_at"])
            said = f"{person.name} 的口令链接：核对码不对（第 {link.wrong} 次）。"
            record_act(actor, "use_link", "person", person.pk, said, now=now, refused=True)
        else:
            set_password(person, password)
            person.must_change_password = False
            person.save(update_fields=["password", "must_change_password"])
            link.used_at, link.rests_until = now, clock.machine_now() + links.REST
            link.save(update_fields=["used_at", "rests_until"])
            if link.confirmed_at is not None:
                clear_factors(person=person)
            end_sessions(person_id=str(person.pk))
            forget_browsers(person_id=str(person.pk))
            record_act(
                actor, "use_link", "person", person.pk, f"{person.name} 用一次性链接设定了口令。", now=now
            )
    if wrong:
        raise Refused(
            "核对码不对，请向系统管理员核对。连续错 5 次，链接作废。" if not link.void_at else links.GONE
        )
    return person


def see_reset(*, actor: Actor, now: datetime) -> None:
    """The person has read that the password was reset, when and by whom."""
    with transaction.atomic():
        unseen = PasswordLink.objects.filter(person_id=actor.id, used_at__isnull=False, seen_at=None)
        if unseen.update(seen_at=now):
            record_act(actor, "see_reset", "person", actor.id, f"{actor.name} 已阅口令重置的告知。", now=now)


def refusal_of_release(actor: Actor, link: PasswordLink) -> str | None:
    """Why ``actor`` may not end the rest after a link, or null; page and act ask this."""
    return links.refusal_to_release(
        person=Who(str(link.person_id)),
        asked_by=_asker(link),
        by=known_as(actor, beside=[_asker(link)]),
    )


@signing
def release_rest(*, actor: Actor, person: Person, now: datetime) -> None:
    """A second named person has made sure that it is the person: the 24 hours without signing end."""
    if not policy.can_release(actor):
        words = "恢复签发由安全管理员或办公室负责人确认。"
        raise refuse(actor, "release_rest", "person", person.pk, words, now=now)
    link = resting_link(str(person.pk), machine_now=clock.machine_now())
    if link is None:
        raise Refused(f"{person.name} 现在可以签发，不需要确认。")
    words_or_none = refusal_of_release(actor, link)
    if words_or_none:
        raise refuse(actor, "release_rest", "person", person.pk, words_or_none, now=now)
    with transaction.atomic():
        held = _held(link.pk)
        if held.released_at is None:
            held.released_by_id, held.released_by, held.released_at = actor.id, actor.name, now
            held.save(update_fields=["released_by_id", "released_by", "released_at"])
            said = f"{actor.name}核实本人，{person.name} 恢复签发。"
            record_act(actor, "release_rest", "person", person.pk, said, now=now)


def recover_account(*, person: Person, who: str, now: datetime) -> str:
    """The way back on the machine itself, when no administrator can sign in any more: a link that needs no confirmation.

    ``who`` is the name of the person at the machine, kept in the log, which nothing can empty. Returns the secret.
    """
    actor = Actor("machine", "machine", f"{who}（在服务器上）"[:60])
    with transaction.atomic():
        link = _asked(actor, person, first=False, now=now)
        link.confirmed_by_id, link.confirmed_by, link.confirmed_at = actor.id, actor.name, now
        link.save(update_fields=["confirmed_by_id", "confirmed_by", "confirmed_at"])
        said = f"{actor.name}用命令为 {person.name}（{person.username}）发出恢复链接。"
        record_act(actor, "recover_account", "person", person.pk, said, now=now)
        return _issued(link).secret


def _asked(actor: Actor, person: Person, *, first: bool, now: datetime) -> PasswordLink:
    PasswordLink.objects.filter(person=person, used_at=None, void_at=None).update(void_at=now)
    return PasswordLink.objects.create(
        person=person, first=first, asked_by_id=actor.id, asked_by=actor.name, asked_at=now
    )


def _issued(link: PasswordLink) -> Handed:
    secret = secrets.token_urlsafe(24)
    link.digest = links.digest_of(secret)
    link.ends_at = clock.machine_now() + links.LIFE
    link.save(update_fields=["digest", "ends_at"])
    return Handed(link.pk, link.person, secret, "", needs_code=bool(link.code_digest))


def _held(link_id: int) -> PasswordLink:
    found = (
        PasswordLink.objects.select_related("person")
        .select_for_update(of=("self",))
        .filter(pk=link_id)
        .first()
    )
    if found is None:
        raise Refused("没有这件重置。")
    return found


def _asker(link: PasswordLink) -> Who:
    return Who(link.asked_by_id, link.asked_by)


def _seen(link: PasswordLink) -> links.Link:
    return links.Link(
        asked_by=_asker(link),
        person=Who(str(link.person_id)),
        issued=bool(link.digest),
        confirmed=link.confirmed_at is not None,
        coded=bool(link.code_digest),
        over=link.used_at is not None or link.void_at is not None,
        ends_at=link.ends_at,
    )
