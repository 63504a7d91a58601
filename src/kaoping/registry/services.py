"""Verbs of the register: import a roster, change or close an organisation, plan columns, appoint, relieve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q

from kaoping.accounts.actor import ROLES, Actor, Refused, Who, same_person
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.logic import NOT_SAID, Opened, plain
from kaoping.accounts.models import Person
from kaoping.accounts.policy import can_appoint
from kaoping.accounts.queries import last_act
from kaoping.accounts.resting import signing
from kaoping.accounts.services import keep_replaced, merged
from kaoping.calendars import day_of
from kaoping.foreign.visible import unseen_in
from kaoping.registry import policy
from kaoping.registry.logic import COLUMN_KINDS, columns_text, conflicting_role, overlap, scope_refusal
from kaoping.registry.models import Appointment, Organisation, SiteColumn
from kaoping.registry.queries import Change, columns_said, link_fields, preview
from kaoping.registry.roster import FIELDS, Problem, Row, cross_check, parse

_OFFICE_ONLY: Final = "只有市政务公开办经办可以改单位名录。"
_SECURITY_ONLY: Final = "只有安全管理员可以授予、解除岗位。"


class RosterRefused(Refused):
    """A roster or a changed organisation cannot be kept; ``problems`` says where and why. Nothing was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(str(one) for one in problems[:5]))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many organisations an import added, changed and left as they were."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A promised column of a unit's site; ``period_days`` is the longest time without a new entry."""

    name: str
    url: str
    kind: str
    period_days: int


def import_roster(*, actor: Actor, filename: str, content: bytes, now: datetime) -> Imported:
    """Add and update organisations by code from a CSV or XLSX file, all or none.

    Columns that the file lacks stay as stored; organisations that it lacks stay untouched. Raises ``RosterRefused``.
    """
    if not policy.can_change_register(actor):
        raise refuse(actor, "import_roster", "register", filename, _OFFICE_ONLY, now=now)
    with transaction.atomic():
        plan = preview(filename, content)
        if plan.problems:
            raise RosterRefused(plan.problems)
        last = Organisation.objects.aggregate(last=Max("order"))["last"] or 0
        for number, row in enumerate(plan.added, start=last + 1):
            Organisation.objects.create(order=number, extra=row.extra, **_complete(row.values))
        for change in plan.changed:
            _write(change)
        sentence = f"导入名录 {filename}：新增 {len(plan.added)} 个，修改 {len(plan.changed)} 个。"
        record_act(actor, "import_roster", "register", filename[:120], sentence, now=now)
        for change in plan.changed:
            record_act(
                actor, "change_organisation", "organisation", change.row.code, change.sentence(), now=now
            )
    return Imported(len(plan.added), len(plan.changed), plan.unchanged)


def change_organisation(
    *, actor: Actor, code: str, values: Mapping[str, Any], opened: Opened = NOT_SAID, now: datetime
) -> None:
    """Change fields of one organisation (not its code). Raises ``RosterRefused`` naming the fields, or ``Stale``.

    The sentence of the audit log keeps what each field was before.
    """
    if not policy.can_change_register(actor):
        raise refuse(actor, "change_organisation", "organisation", code, _OFFICE_ONLY, now=now)
    given = {name: cell for name, cell in values.items() if name in FIELDS and name != "code"}
    with transaction.atomic():
        stored = _held(code)
        taken = _taken(stored, given, opened)
        given = {name: cell for name, cell in given.items() if name in taken}
        # The unchanged dates take part in the comparison of dates.
        dates = {name: getattr(stored, name) for name in ("valid_from", "valid_to")}
        parsed, problems = parse({**dates, **given})
        row = Row(None, code, parsed)
        problems += cross_check([row], link_fields())
        if problems:
            raise RosterRefused(problems)
        change = Change.between(stored, row)
        if change is None:
            return
        _write(change)
        record_act(actor, "change_organisation", "organisation", code, change.sentence(), now=now)


def close_organisation(
    *,
    actor: Actor,
    code: str,
    on: date,
    successor: str = "",
    opened: Opened = NOT_SAID,
    now: datetime,
) -> None:
    """End an organisation on its last day and name who carries on its duties; history stays as it was.

    Raises ``RosterRefused``, or ``Stale`` where a colleague said otherwise since the form was ``opened``.
    """
    if not policy.can_change_register(actor):
        raise refuse(actor, "close_organisation", "organisation", code, _OFFICE_ONLY, now=now)
    with transaction.atomic():
        stored = _held(code)
        last = partial(last_act, "organisation", code, "close_organisation")
        before = {"valid_to": stored.valid_to, "successor": stored.successor}
        mine = {"valid_to": on, "successor": successor}
        values = merged(opened=opened, mine=mine, stored=before, last=last)
        on, successor = date.fromisoformat(values["valid_to"]), values["successor"]
        row = Row(None, code, {"valid_to": on, "successor": successor})
        problems = cross_check([row], link_fields())
        if stored.valid_from and on < stored.valid_from:
            problems.append(Problem(None, "valid_to", "早于设立日期", "请核对日期。"))
        if problems:
            raise RosterRefused(problems)
        keep_replaced("closing", code, actor=actor, old=before, new=values, now=now)
        stored.valid_to, stored.successor = on, successor
        stored.save(update_fields=["valid_to", "successor"])
        tail = f"，由 {successor} 承接" if successor else ""
        sentence = f"{stored.short_name} 自 {on.isoformat()} 后撤销{tail}。"
        record_act(actor, "close_organisation", "organisation", code, sentence, now=now)


def set_columns(
    *, actor: Actor, code: str, columns: Sequence[ColumnPlan], opened: Opened = NOT_SAID, now: datetime
) -> None:
    """Replace the column plan of a unit's site. Raises ``Stale``; what was there before leaves a line of history."""
    if not policy.can_change_register(actor):
        raise refuse(actor, "set_columns", "organisation", code, _OFFICE_ONLY, now=now)
    for number, column in enumerate(columns, start=1):
        words = _column_refusal(column)
        if words:
            raise Refused(f"第 {number} 个栏目：{words}")
    with transaction.atomic():
        stored = _held(code)
        before = columns_said(code)
        last = partial(last_act, "organisation", code, "set_columns")
        mine = {"columns": columns_text([(one.name, one.url, one.kind, one.period_days) for one in columns])}
        values = merged(opened=opened, mine=mine, stored=before, last=last)
        if values == before and values != mine:
            return  # what a colleague stored was left standing
        keep_replaced("columns", code, actor=actor, old=before, new=values, now=now)
        SiteColumn.objects.filter(organisation=stored).delete()
        SiteColumn.objects.bulk_create(
            SiteColumn(
                organisation=stored,
                name=column.name.strip(),
                url=column.url.strip(),
                kind=column.kind,
                period_days=column.period_days,
            )
            for column in columns
        )
        sentence = f"{stored.short_name} 的栏目计划改为 {len(columns)} 个栏目。"
        record_act(actor, "set_columns", "organisation", code, sentence, now=now)


@signing
def appoint(
    *,
    actor: Actor,
    person: Person,
    role: str,
    organisation: str | None,
    valid_from: date,
    valid_until: date | None = None,
    now: datetime,
) -> int:
    """Give a person a role, for the organisation of a code or for the whole city, between two days (both count).

    Refuses oneself, a role beside one of the three separated roles (三员分立), and a role already held. Returns the id.
    """
    if not can_appoint(actor):
        raise refuse(actor, "appoint", "person", person.pk, _SECURITY_ONLY, now=now)
    if same_person(Who(str(person.pk)), actor.who):
        words = "不能给自己授予岗位，请另一名安全管理员办理。"
        raise refuse(actor, "appoint", "person", person.pk, words, now=now)
    if role not in ROLES:
        raise Refused("没有这个岗位，请从列表中选。")
    place = _stored(organisation) if organisation else None
    words = scope_refusal(role, place.kind if place else None) or ""
    if words:
        raise Refused(words)
    if valid_until is not None and valid_until < valid_from:
        raise Refused("最后一天早于第一天，请核对日期。")
    if valid_from < day_of(now):
        raise Refused("第一天最早写今天：岗位从授予起才有，以前办的事不因此算在任时办的。")
    with transaction.atomic():
        at_once = [
            one
            for one in Appointment.objects.select_related("organisation").filter(person=person)
            if overlap(one.valid_from, one.valid_until, valid_from, valid_until)
        ]
        other = conflicting_role(role, [one.role for one in at_once])
        if other is None:
            if any(one.role == role and one.organisation == place for one in at_once):
                raise Refused(f"{person.name} 在这段时间已是{_role_words(role, place)}。")
            made = Appointment.objects.create(
                person=person, role=role, organisation=place, valid_from=valid_from, valid_until=valid_until
            )
            sentence = f"授予 {person.name}：{_role_words(role, place)}，自 {valid_from.isoformat()}"
            sentence += f" 至 {valid_until.isoformat()}。" if valid_until else " 起。"
            record_act(actor, "appoint", "person", person.pk, sentence, now=now)
            return made.pk
    words = (
        f"{person.name} 已是{ROLES[other]}。系统管理、安全管理、审计三个岗位彼此分开，也不兼业务岗位；"
        f"要改任{ROLES[role]}，先解除原岗位。"
    )
    raise refuse(actor, "appoint", "person", person.pk, words, now=now)


@signing
def relieve(*, actor: Actor, appointment_id: int, last_day: date, now: datetime) -> None:
    """End an appointment; ``last_day`` still counts. Refuses to leave the installation without a security administrator."""
    if not can_appoint(actor):
        raise refuse(actor, "relieve", "appointment", appointment_id, _SECURITY_ONLY, now=now)
    if last_day < day_of(now) - timedelta(days=1):
        raise Refused("最后一天最早写昨天：此前办的事是在任时办的。")
    with transaction.atomic():
        held = Appointment.objects.select_related("person", "organisation").filter(pk=appointment_id).first()
        if held is None:
            raise Refused("没有这项任命。")
        if held.valid_until is not None and held.valid_until <= last_day:
            raise Refused(f"这项任命到 {held.valid_until.isoformat()} 已经结束。")
        if held.role != "security_admin" or _others_remain(held, last_day):
            # Before its first day: it never comes into force.
            held.valid_until = max(last_day, held.valid_from - timedelta(days=1))
            held.save(update_fields=["valid_until"])
            words = _role_words(held.role, held.organisation)
            sentence = f"解除 {held.person.name}：{words}，最后一天 {held.valid_until.isoformat()}。"
            record_act(actor, "relieve", "person", held.person.pk, sentence, now=now)
            return
    words = "这是最后一名安全管理员，解除后没有人能授予岗位。请先授予另一人。"
    raise refuse(actor, "relieve", "appointment", appointment_id, words, now=now)


def _others_remain(held: Appointment, last_day: date) -> bool:
    return (
        Appointment.objects.filter(role="security_admin", person__is_active=True)
        .filter(
            Q(valid_until=None) | Q(valid_until__gt=last_day), valid_from__lte=last_day + timedelta(days=1)
        )
        .exclude(pk=held.pk)
        .exclude(person=held.person)
        .exists()
    )


def _role_words(role: str, place: Organisation | None) -> str:
    return f"{ROLES[role]}（{place.short_name}）" if place else ROLES[role]


def _taken(stored: Organisation, given: Mapping[str, Any], opened: Opened) -> set[str]:
    """The fields that the writer of a form decides; the others stay as a colleague stored them."""
    last = partial(last_act, "organisation", stored.code, "change_organisation")
    there = {name: getattr(stored, name) for name in given}
    values = merged(opened=opened, mine=given, stored=there, last=last)
    return {name for name, value in given.items() if plain(value) == values[name]}


def _held(code: str) -> Organisation:
    """The organisation, held in the caller's transaction: colleagues save one after the other."""
    return Organisation.objects.select_for_update().get(pk=_stored(code).pk)


def _stored(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise Refused(f"名录里没有代码 {code}，请先加入该单位。")
    return found


def _complete(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"short_name": str(values["name"])[:60], **values}


def _write(change: Change) -> None:
    for name, value in change.row.values.items():
        setattr(change.stored, name, value)
    change.stored.extra = {**change.stored.extra, **change.row.extra}
    change.stored.save()


def _column_refusal(column: ColumnPlan) -> str | None:
    if not column.name.strip():
        return "请填栏目名称。"
    if words := unseen_in("栏目名称", column.name.strip()):
        return words
    if not column.url.strip().startswith(("http://", "https://")):
        return "请写完整网址，以 http:// 或 https:// 开头。"
    if column.kind not in COLUMN_KINDS:
        return f"类别请选 {'、'.join(COLUMN_KINDS.values())} 之一。"
    if not 1 <= column.period_days <= 3660:
        return "最长不更新天数请填 1 到 3660。"
    return None
