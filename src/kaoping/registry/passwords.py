"""Verbs of one-time links: invite a person, reset a password by one or by two, use a link, end the rest after it.

They stand here and not in ``accounts`` because who needs two persons follows from the appointments.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kaoping.accounts import links
from kaoping.accounts import policy as accounts
from kaoping.accounts.actor import Actor, Refused, Who, same_person
from kaoping.accounts.models import PasswordLink, Person
from kaoping.accounts.queries import known_as
from kaoping.accounts.resting import resting_link
from kaoping.accounts.second_factor.services import clear_factors, factors
from kaoping.accounts.services import create_person, end_sessions, forget_browsers, set_password
from kaoping.accounts.verbs import Act, verb
from kaoping.registry import policy
from kaoping.registry.models import Appointment
from kaoping.support import clock


@dataclass(frozen=True, slots=True)
class Handed:
    """What is shown once: the secret of a link, or the 核对码 of one that still waits for its confirmation."""

    link: PasswordLink
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


@verb(
    "create_person",
    "建立人员",
    kind="person",
    thing="username",
    signs=True,
    door=accounts.can_manage_people,
    denied="只有系统管理员可以建立人员。",
    said="建立人员 {name}（{username}）。",
    back="switch_person",
)
def invite_person(act: Act, *, actor: Actor, username: str, name: str, now: datetime) -> Handed:
    """Make a person who has no password yet, and the link by which the person sets one. One act, one line: ``create_person``."""
    with act.writing():
        person = create_person(actor=actor, username=username, name=name, password=None, now=now)
        return _issued(_asked(actor, person, first=True, now=now))


def _ones_own(actor: Actor, person: Person) -> str | None:
    own = same_person(Who(str(person.pk)), actor.who)
    return "自己的口令请到“改口令”里改；忘了，请另一名系统管理员提出重置。" if own else None


@verb(
    "ask_reset",
    "提出重置口令",
    kind="person",
    thing="person",
    signs=True,
    door=accounts.can_manage_people,
    denied="重置口令由系统管理员提出。",
    refusal=_ones_own,
    said="{who}提出重置 {name} 的口令{tail}。",
    back="drop_reset",
)
def ask_reset(act: Act, *, actor: Actor, person: Person, now: datetime) -> Handed:
    """Reset a password: a link at once, or, for a signing or separated role, a 核对码 and a confirmation to come.

    The old password holds until the link is used. Earlier links of the person become void.
    """
    with act.writing():
        two = needs_two(person)
        link = _asked(actor, person, first=not person.has_usable_password(), now=now)
        act.done(name=person.name, tail="，等安全管理员确认" if two else "，一次性链接已发")
        if not two:
            return _issued(link)
        code = f"{secrets.randbelow(10**8):08d}"
        link.code_digest = links.code_digest(code, link.pk)
        link.save(update_fields=["code_digest"])
    return Handed(link, person, "", f"{code[:4]}-{code[4:]}", needs_code=True)


def _unconfirmable(actor: Actor, link: PasswordLink) -> str | None:
    return links.refusal_to_confirm(_seen(link), known_as(actor, beside=[_asker(link)]))


@verb(
    "confirm_reset",
    "确认重置口令",
    kind="person",
    thing="link.person",
    signs=True,
    door=accounts.can_confirm_reset,
    denied="重置由安全管理员确认。",
    refusal=_unconfirmable,
    lock="link",
    said="{who}确认重置 {name} 的口令（{asked_by}提出）。",
    back="drop_reset",
)
def confirm_reset(act: Act, *, actor: Actor, link: PasswordLink, now: datetime) -> Handed:
    """The security administrator confirms; the link is shown to this second person, and opens only with the 核对码.

    A link that was already out when its person was appointed is confirmed as it is.
    """
    with act.writing():
        link.confirmed_by_id, link.confirmed_by, link.confirmed_at = actor.id, actor.name, now
        link.save(update_fields=["confirmed_by_id", "confirmed_by", "confirmed_at"])
        act.done(name=link.person.name, asked_by=link.asked_by)
        return Handed(link, link.person, "", "", needs_code=False) if link.digest else _issued(link)


def _administers(actor: Actor) -> bool:
    return accounts.can_manage_people(actor) or accounts.can_confirm_reset(actor)


def _over(link: PasswordLink) -> str | None:
    over = link.void_at is not None or link.used_at is not None
    return "这件重置已经办过，或已经作废。" if over else None


@verb(
    "drop_reset",
    "作废口令链接",
    kind="person",
    thing="link.person",
    door=_administers,
    denied="作废由系统管理员或安全管理员办理。",
    refusal=_over,
    lock="link",
    said="{who}作废 {name} 的口令链接。",
    final="作废的链接不恢复，可以再提出一次重置。",
)
def drop_reset(act: Act, *, actor: Actor, link: PasswordLink, now: datetime) -> None:
    """Make a link, or what would become one, void. Either administrator may: it only takes away."""
    with act.writing():
        link.void_at = now
        link.save(update_fields=["void_at"])
        act.done(name=link.person.name)


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

    Wrong codes are counted, and the fifth makes the link void. An address that opens nothing leaves no line: anybody can invent
    one, as often as they like. Raises ``Refused``.
    """
    link = link_of(secret)
    words = refusal_of_link(link)
    if words or link is None:
        raise Refused(words or links.GONE)
    person = link.person
    actor = Actor(str(person.pk), person.username, person.name)
    return _use(actor=actor, link=link, code=code, password=password, now=now)


def _unopened(link: PasswordLink) -> str | None:
    return refusal_of_link(link)


@verb(
    "use_link",
    "用链接设定口令",
    kind="person",
    thing="link.person",
    refusal=_unopened,
    lock="link",
    said="{who} 用一次性链接设定了口令。",
    final="口令可以再改。",
)
def _use(act: Act, *, actor: Actor, link: PasswordLink, code: str, password: str, now: datetime) -> Person:
    if link.code_digest and not links.code_as_read(code):
        raise Refused("请填核对码，它在提出重置的系统管理员那里。没有填不算错一次。")
    with act.writing():
        person = link.person
        wrong = bool(link.code_digest) and links.code_digest(code, link.pk) != link.code_digest
        if wrong:
            link.wrong += 1
            link.void_at = now if link.wrong >= links.WRONG_CODES else None
            link.save(update_fields=["wrong", "void_at"])
        else:
            _set_by(link, person, password, now)
            act.done()
    if wrong:
        raise Refused(
            links.GONE if link.void_at else "核对码不对，请向系统管理员核对。连续错 5 次，链接作废。",
            logged=f"{person.name} 的口令链接：核对码不对（第 {link.wrong} 次）。",
        )
    return person


def _set_by(link: PasswordLink, person: Person, password: str, now: datetime) -> None:
    """The password, the rest that follows, and the end of whatever the old one had opened."""
    set_password(person, password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    link.used_at, link.rests_until = now, clock.machine_now() + links.REST
    link.save(update_fields=["used_at", "rests_until"])
    if link.confirmed_at is not None:
        clear_factors(person=person)
    end_sessions(person_id=str(person.pk))
    forget_browsers(person_id=str(person.pk))


@verb(
    "see_reset",
    "已阅口令重置告知",
    kind="person",
    thing="actor.id",
    said="{who} 已阅口令重置的告知。",
    final="看过就是看过。",
)
def see_reset(act: Act, *, actor: Actor, now: datetime) -> None:
    """The person has read that the password was reset, when and by whom."""
    with act.writing():
        unseen = PasswordLink.objects.filter(person_id=actor.id, used_at__isnull=False, seen_at=None)
        if unseen.update(seen_at=now):
            act.done()


def _unreleasable(actor: Actor, person: Person) -> str | None:
    """A person other than the one who reset, and other than oneself."""
    link = resting_link(str(person.pk), machine_now=clock.machine_now())
    if link is None:
        return f"{person.name} 现在可以签发，不需要确认。"
    return links.refusal_to_release(
        person=Who(str(link.person_id)),
        asked_by=_asker(link),
        by=known_as(actor, beside=[_asker(link)]),
    )


@verb(
    "release_rest",
    "核实本人，恢复签发",
    kind="person",
    thing="person",
    signs=True,
    door=policy.can_release,
    denied="恢复签发由安全管理员或办公室负责人确认。",
    refusal=_unreleasable,
    lock="person",
    said="{who}核实本人，{name} 恢复签发。",
    final="有疑问的再重置一次口令，又停 24 小时。",
)
def release_rest(act: Act, *, actor: Actor, person: Person, now: datetime) -> None:
    """A second named person has made sure that it is the person: the 24 hours without signing end."""
    with act.writing():
        link = resting_link(str(person.pk), machine_now=clock.machine_now())
        assert link is not None  # what the refusal has just asked
        link.released_by_id, link.released_by, link.released_at = actor.id, actor.name, now
        link.save(update_fields=["released_by_id", "released_by", "released_at"])
        act.done(name=person.name)


def recover_account(*, person: Person, who: str, now: datetime) -> str:
    """The way back on the machine itself, when no administrator can sign in any more: a link that needs no confirmation.

    ``who`` is the name of the person at the machine, kept in the log, which nothing can empty. Returns the secret.
    """
    actor = Actor("machine", "machine", f"{who}（在服务器上）"[:60])
    return _recover(actor=actor, person=person, now=now)


@verb(
    "recover_account",
    "在服务器上恢复账号",
    kind="person",
    thing="person",
    said="{who}用命令为 {name}（{username}）发出恢复链接。",
    back="drop_reset",
)
def _recover(act: Act, *, actor: Actor, person: Person, now: datetime) -> str:
    with act.writing():
        link = _asked(actor, person, first=False, now=now)
        link.confirmed_by_id, link.confirmed_by, link.confirmed_at = actor.id, actor.name, now
        link.save(update_fields=["confirmed_by_id", "confirmed_by", "confirmed_at"])
        act.done(name=person.name, username=person.username)
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
    return Handed(link, link.person, secret, "", needs_code=bool(link.code_digest))


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
