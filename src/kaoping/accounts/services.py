"""Verbs about people, and the one door of the audit log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from kaoping.accounts import logic, names, policy, throttle
from kaoping.accounts.actor import ROLES, Actor, Refused, Stale, Who, same_person
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import (
    AuditEntry,
    FailedSignIn,
    KeptSession,
    KnownBrowser,
    Person,
    ReplacedText,
)
from kaoping.accounts.origin import Origin, here
from kaoping.accounts.passwords import in_words
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import BEIJING
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in
from kaoping.support import ageing, jobs, prunings

# Somebody who tries a locked page again and again fills no log.
_SAME_PAGE: Final = timedelta(hours=1)


def note_refused_page(*, actor: Actor, path: str, words: str, now: datetime) -> None:
    """A page that was not opened, or a form that was turned away at the door: one line a person, address and hour."""
    since = now - _SAME_PAGE
    where = path[:120]
    if AuditEntry.objects.filter(
        at__gt=since, actor_id=actor.id, verb="open_page", thing_id=where, refused=True
    ).exists():
        return
    record_act(actor, "open_page", "page", where, words, now=now, refused=True)


def merged(
    *,
    opened: logic.Opened,
    mine: Mapping[str, object],
    stored: Mapping[str, object],
    last: Callable[[], tuple[Who, datetime | None]] = lambda: (Who(""), None),
) -> dict[str, str]:
    """The values to store: only what the writer changed. Raises ``Stale`` where somebody else changed the same.

    Call inside the transaction that stores them, with the row held. ``last`` says who stored last, and when; it is asked
    only for a clash.
    """
    settled = logic.settle(opened, mine, stored)
    if settled.clashes:
        clashes = {name: (logic.plain(mine[name]), logic.plain(stored.get(name))) for name in settled.clashes}
        by, at = last()
        raise Stale(clashes, edition=logic.renewed(opened, stored, settled.clashes), by=by, at=at)
    return settled.values


def keep_replaced(
    thing_kind: str,
    thing_id: object,
    *,
    actor: Actor,
    old: Mapping[str, object],
    new: Mapping[str, object],
    now: datetime,
) -> None:
    """One line of history for each field of which something disappears. Call in the transaction that stores ``new``."""
    ReplacedText.objects.bulk_create(
        ReplacedText(
            at=now,
            actor_id=actor.id,
            actor_name=actor.name,
            thing_kind=thing_kind,
            thing_id=str(thing_id),
            field=name,
            text=text,
        )
        for name, text in logic.lost(old, new).items()
    )


@verb(
    "create_person",
    "建立人员",
    kind="person",
    thing="username",
    signs=True,
    door=policy.can_manage_people,
    denied="只有系统管理员可以建立人员。",
    said="建立人员 {name}（{username}）。",
    back="switch_person",
)
def create_person(
    act: Act,
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str | None,
    now: datetime,
    must_change: bool = True,
) -> Person:
    """Make a person who can sign in; without a ``password`` only once a one-time link has set one.

    Names ignore case and are kept in small letters. Raises ``Refused`` in words when the name is taken or the password is weak.
    """
    username, name = username.strip().lower(), name.strip()
    if words := names.refusal_of_name(username):
        raise Refused(words)
    if not glyphs(name) or len(name) > 60:
        raise Refused("请填姓名，不超过 60 个字。")
    if words := unseen_in("姓名", name):
        raise Refused(words)
    if Person.objects.filter(username__iexact=username).exists():
        raise Refused(f"登录名“{username}”已有人用，请换一个。")
    person = Person(username=username, name=name, created_at=now)
    if password is None:
        person.set_unusable_password()
    else:
        person.must_change_password = must_change
        set_password(person, password)
    with act.writing():
        person.save()
        act.done(thing=person, name=name, username=username)
    return person


def _is_oneself(actor: Actor, person: Person) -> bool:
    return actor.id == str(person.pk)


@verb(
    "change_password",
    "改口令",
    kind="person",
    thing="person",
    door=_is_oneself,
    denied="只能改自己的口令。",
    said="{name} 改了自己的口令。",
    final="再改一次就是。",
)
def change_password(act: Act, *, actor: Actor, person: Person, password: str, now: datetime) -> None:
    """A person sets the own password; every session of the person ends. Others are given a link, never a password."""
    if person.check_password(password):
        raise Refused("新口令与现在的口令相同，请换一个。")
    set_password(person, password)
    person.must_change_password = False
    with act.writing():
        person.save(update_fields=["password", "must_change_password"])
        end_sessions(person_id=actor.id)
        forget_browsers(person_id=actor.id)
        act.done(name=person.name)


def rename_person(*, old: str, new: str, who: str, now: datetime) -> None:
    """Give a person another sign-in name, at the machine itself. ``old`` is taken letter by letter.

    Works before an upgrade too: that is where names that differ by case only are told apart.
    """
    actor = Actor("machine", "machine", f"{who}（在服务器上）"[:60])
    _rename(actor=actor, old=old, name=new.strip().lower(), now=now)


@verb(
    "rename_person",
    "改登录名",
    kind="person",
    thing="name",
    said="登录名 {old} 改为 {name}。",
    final="再改一次就是。",
)
def _rename(act: Act, *, actor: Actor, old: str, name: str, now: datetime) -> None:
    if words := names.refusal_of_name(name):
        raise Refused(words)
    with act.writing():
        if Person.objects.filter(username__iexact=name).exclude(username=old).exists():
            raise Refused(f"登录名“{name}”已有人用，请换一个。")
        if not Person.objects.filter(username=old).update(username=name):
            raise Refused(f"没有登录名是“{old}”的人，请按原来的大小写写。")
        act.done(old=old, name=name)


def end_sessions(*, person_id: str) -> int:
    """Sign a person out everywhere; how many sessions that ended."""
    return KeptSession.objects.filter(person_id=person_id).delete()[0]


@verb(
    "end_session",
    "退出一处登录",
    kind="person",
    thing="actor.id",
    said="{who} 退出了一处登录。",
    final="退出了就再登录。",
)
def end_session(act: Act, *, actor: Actor, digest: str, now: datetime) -> None:
    """End one of one's own sessions, in this browser or another."""
    with act.writing():
        gone, _rows = KeptSession.objects.filter(person_id=actor.id, session_key=digest).delete()
        if not gone:
            raise Refused("这次登录已经退出。")
        act.done()


def forget_browsers(*, person_id: str) -> None:
    """No browser counts as known to the person any more."""
    KnownBrowser.objects.filter(person_id=person_id).delete()


def _unswitchable(actor: Actor, person: Person, active: bool, roles: Collection[str]) -> str | None:
    """Nobody is switched off by oneself, and whoever signs, decides or watches not by one person alone."""
    if active:
        return None
    if same_person(Who(str(person.pk)), actor.who):
        return "不能停用自己，请另一名系统管理员办理。"
    closed = [ROLES[role] for role in ROLES if role in set(roles) & policy.SEPARATED]
    if not closed:
        return None
    return f"现任{'、'.join(closed)}，停用要两人办理：请安全管理员先在“岗位”解除，再由系统管理员停用。"


@verb(
    "switch_person",
    "停用或启用人员",
    kind="person",
    thing="person",
    door=policy.can_manage_people,
    denied="只有系统管理员可以停用人员。",
    refusal=_unswitchable,
    lock="person",
    said="{how}人员 {name}。",
    back="switch_person",
)
def switch_person(
    act: Act, *, actor: Actor, person: Person, active: bool, roles: Collection[str], now: datetime
) -> None:
    """Let a person sign in, or no longer. ``roles`` are those that the person holds or will hold.

    Whoever signs, decides or watches is switched off by two: the security administrator ends the role first, else one
    administrator could put out of the way who watches him.
    """
    with act.writing():
        person.is_active = active
        person.save(update_fields=["is_active"])
        act.done(how="启用" if active else "停用", name=person.name)


def note_sign_in(*, actor: Actor, now: datetime, by: str = "") -> None:
    """A person signed in; ``by`` names the way where it was not the password."""
    said = f"{actor.name} 经{by}登录。" if by else f"{actor.name} 登录。"
    record_act(actor, "sign_in", "person", actor.id, said, now=now)


def note_sign_out(*, actor: Actor, now: datetime) -> None:
    """A person signed out by the button."""
    record_act(actor, "sign_out", "person", actor.id, f"{actor.name} 退出。", now=now)


def note_failed_sign_in(*, username: str, locked: bool, now: datetime) -> None:
    """A sign-in failed; ``locked`` when the name and address are shut out for a while.

    Anybody can do this, as often as they like: it is counted a name, address and hour, and ``note_closed_hours`` writes
    one line of each count. Beyond ``MOST_NAMES`` names of one address and hour the rest is one count.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    address, name = here().address or "", username.strip()[:60]
    with transaction.atomic():
        folds = FailedSignIn.objects.filter(hour=hour, address=address)
        if not folds.filter(name=name).exists() and folds.count() >= logic.MOST_NAMES:
            name = logic.OTHER_NAMES
        fold, _made = FailedSignIn.objects.get_or_create(hour=hour, address=address, name=name)
        changes: dict[str, object] = {"count": F("count") + 1, **({"locked": True} if locked else {})}
        FailedSignIn.objects.filter(pk=fold.pk).update(**changes)


def note_closed_hours(*, now: datetime) -> int:
    """Write a line for each count of failed sign-ins whose hour is over; returns how many."""
    before, written = logic.last_closed_hour(now), 0
    waiting = FailedSignIn.objects.filter(noted_at=None, hour__lte=before).order_by("hour", "pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            fold = FailedSignIn.objects.select_for_update().get(pk=pk)
            if fold.noted_at is not None:
                continue
            stranger = Actor(id="", username=fold.name, name="未登录者")
            sentence = logic.words_of_failures(
                fold.name, fold.address, fold.hour.astimezone(BEIJING), fold.count, locked=fold.locked
            )
            record_act(
                stranger, "sign_in", "person", fold.name, sentence,
                now=now, refused=True, place=Origin(fold.address or None),
            )  # fmt: skip
            fold.noted_at = now
            fold.save(update_fields=["noted_at"])
            written += 1
    return written


def forget_old_sign_ins(*, now: datetime) -> int:
    """Remove counts of failed sign-ins and the records of the sign-in lock whose time is over; returns how many.

    The audit log itself is never pruned: it holds a line of each.
    """
    before, count = now - ageing.SIGN_INS.kept(), 0
    with transaction.atomic():
        count += FailedSignIn.objects.filter(hour__lt=before).exclude(noted_at=None).delete()[0]
        for model in (AccessAttempt, AccessLog, AccessFailureLog):
            count += model.objects.filter(attempt_time__lt=before).delete()[0]
        prunings.note(what="登录记录", rule=ageing.SIGN_INS.words(), count=count, now=now)
    return count


def forget_ended_sessions(*, now: datetime) -> int:
    """Remove sessions that have run out; returns how many."""
    with transaction.atomic():
        count = int(KeptSession.objects.filter(expire_date__lt=now).delete()[0])
        prunings.note(what="过期会话", rule="过期的会话每小时清一次", count=count, now=now)
    return count


def forget_unused_browsers(*, now: datetime) -> int:
    """Remove browsers, with their addresses, in which nobody signed in for so long that they are not known any more."""
    with transaction.atomic():
        count = int(KnownBrowser.objects.filter(seen_at__lte=now - throttle.KNOWN_FOR).delete()[0])
        rule = f"{throttle.KNOWN_FOR.days} 天没有登录过的浏览器不再记"
        prunings.note(what="久未使用的浏览器", rule=rule, count=count, now=now)
    return count


@verb(
    "export_audit",
    "导出审计日志",
    kind="audit",
    door=policy.can_read_audit,
    denied="只有审计员可以导出审计日志。",
    said="导出审计日志 {count} 条（{what}）。",
    final="导出过就是导出过了。",
)
def note_export(act: Act, *, actor: Actor, what: str, count: int, now: datetime) -> None:
    """The audit log was taken out of the program."""
    with act.writing():
        act.done(count=count, what=what)


@verb(
    "retry_job",
    "重办后台任务",
    kind="job",
    thing="job_id",
    door=policy.can_run_system,
    denied="只有系统管理员可以重试后台任务。",
    said="重试后台任务 {job_id}。",
    final="办过的不会再办一次。",
)
def retry_job(act: Act, *, actor: Actor, job_id: int, now: datetime) -> None:
    """Put a failed background job back to be tried again."""
    with act.writing():
        jobs.retry(job_id, now=now)
        act.done(job_id=job_id)


def set_password(person: Person, password: str) -> None:
    """Take a password that is strong enough. Raises ``Refused`` in words; nothing is stored yet."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("口令不合要求：" + in_words(error)) from None
    person.set_password(password)
