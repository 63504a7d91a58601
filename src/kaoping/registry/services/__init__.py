"""Verbs of the register: import a roster, change or close an organisation, plan columns, appoint, relieve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db.models import Max, Q

from kaoping.accounts.actor import OF_AN_ORGANISER, ROLES, Actor, Refused, Who, same_person
from kaoping.accounts.audit import record_act
from kaoping.accounts.logic import NOT_SAID, Opened, plain
from kaoping.accounts.models import Person
from kaoping.accounts.policy import can_appoint
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import keep_replaced, merged
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.sheet import Fault
from kaoping.foreign.visible import unseen_in
from kaoping.registry import policy
from kaoping.registry.logic import COLUMN_KINDS, columns_text, conflicting_role, overlap, scope_refusal
from kaoping.registry.models import Appointment, Organisation, SiteColumn
from kaoping.registry.queries import Change, columns_said, link_fields, preview
from kaoping.registry.queries.organisers import known, main_code
from kaoping.registry.roster import FIELDS, Row, cross_check, fault, parse

_OFFICE_ONLY: Final = "只有政务公开办经办可以改单位名录。"
_SECURITY_ONLY: Final = "只有安全管理员可以授予、解除岗位。"


class RosterRefused(Refused):
    """A roster or a changed organisation cannot be kept; ``faults`` says where and why. Nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(str(one) for one in faults[:5]))
        self.faults = list(faults)


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


@verb(
    "import_roster",
    "导入名录",
    kind="register",
    thing="filename",
    door=policy.can_change_register,
    denied=_OFFICE_ONLY,
    said="导入名录 {filename}：新增 {added} 个，修改 {changed} 个。",
    news="导入名录 {n} 次",
    room="register",
    final="导错了的，改好文件再导入一次；每处原来写的在日志里。",
)
def import_roster(act: Act, *, actor: Actor, filename: str, content: bytes, now: datetime) -> Imported:
    """Add and update organisations by code from a CSV or XLSX file, all or none.

    Columns that the file lacks stay as stored; organisations that it lacks stay untouched. Raises ``RosterRefused``.
    """
    with act.writing():
        plan = preview(filename, content)
        if plan.faults:
            raise RosterRefused(plan.faults)
        last = Organisation.objects.aggregate(last=Max("order"))["last"] or 0
        for number, row in enumerate(plan.added, start=last + 1):
            Organisation.objects.create(order=number, extra=row.extra, **_complete(row.values))
        for change in plan.changed:
            _write(change)
        act.done(thing=filename[:120], filename=filename, added=len(plan.added), changed=len(plan.changed))
        # Each change of an organisation stands in the log under the organisation, whoever made it.
        for change in plan.changed:
            record_act(
                actor, "change_organisation", "organisation", change.row.code, change.sentence(), now=now
            )
    return Imported(len(plan.added), len(plan.changed), plan.unchanged)


@verb(
    "change_organisation",
    "修改单位",
    kind="organisation",
    thing="code",
    door=policy.can_change_register,
    denied=_OFFICE_ONLY,
    said="{change}",
    news="名录改动 {n} 处",
    room="register",
    final="改错了的，再改一次；原来写的在日志里。",
)
def change_organisation(
    act: Act, *, actor: Actor, code: str, values: Mapping[str, Any], opened: Opened = NOT_SAID, now: datetime
) -> None:
    """Change fields of one organisation (not its code). Raises ``RosterRefused`` naming the fields, or ``Stale``.

    The sentence of the audit log keeps what each field was before.
    """
    given = {name: cell for name, cell in values.items() if name in FIELDS and name != "code"}
    with act.writing():
        stored = _held(code)
        taken = _taken(stored, given, opened)
        given = {name: cell for name, cell in given.items() if name in taken}
        # The unchanged dates take part in the comparison of dates.
        dates = {name: getattr(stored, name) for name in ("valid_from", "valid_to")}
        parsed, faults = parse({**dates, **given})
        row = Row(code, parsed)
        faults += cross_check([row], link_fields())
        if faults:
            raise RosterRefused(faults)
        change = Change.between(stored, row)
        if change is None:
            return
        _write(change)
        act.done(change=change.sentence())


@verb(
    "close_organisation",
    "撤并单位",
    kind="organisation",
    thing="code",
    door=policy.can_change_register,
    denied=_OFFICE_ONLY,
    said="{unit} 自 {on} 后撤销{tail}。",
    news="撤销、合并 {n} 个单位",
    room="register",
    final="日期、承接单位写错的，再登记一次。",
)
def close_organisation(
    act: Act,
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
    with act.writing():
        stored = _held(code)
        last = partial(last_act, "organisation", code, "close_organisation")
        before = {"valid_to": stored.valid_to, "successor": stored.successor}
        mine = {"valid_to": on, "successor": successor}
        values = merged(opened=opened, mine=mine, stored=before, last=last)
        on, successor = date.fromisoformat(values["valid_to"]), values["successor"]
        row = Row(code, {"valid_to": on, "successor": successor})
        faults = cross_check([row], link_fields())
        if stored.valid_from and on < stored.valid_from:
            faults.append(fault("valid_to", "早于设立日期", "请核对日期。"))
        if faults:
            raise RosterRefused(faults)
        keep_replaced("closing", code, actor=actor, old=before, new=values, now=now)
        stored.valid_to, stored.successor = on, successor
        stored.save(update_fields=["valid_to", "successor"])
        tail = f"，由 {successor} 承接" if successor else ""
        act.done(unit=stored.short_name, on=on.isoformat(), tail=tail)


@verb(
    "set_columns",
    "设定栏目",
    kind="organisation",
    thing="code",
    door=policy.can_change_register,
    denied=_OFFICE_ONLY,
    said="{unit} 的栏目计划改为 {count} 个栏目。",
    final="再设定一次就是；原来的栏目计划留着。",
)
def set_columns(
    act: Act,
    *,
    actor: Actor,
    code: str,
    columns: Sequence[ColumnPlan],
    opened: Opened = NOT_SAID,
    now: datetime,
) -> None:
    """Replace the column plan of a unit's site. Raises ``Stale``; what was there before leaves a line of history."""
    for number, column in enumerate(columns, start=1):
        words = _column_refusal(column)
        if words:
            raise Refused(f"第 {number} 个栏目：{words}")
    with act.writing():
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
        act.done(unit=stored.short_name, count=len(columns))


def _to_oneself(actor: Actor, person: Person) -> str | None:
    own = same_person(Who(str(person.pk)), actor.who)
    return "不能给自己授予岗位，请另一名安全管理员办理。" if own else None


@verb(
    "appoint",
    "授予岗位",
    kind="person",
    thing="person",
    signs=True,
    door=can_appoint,
    denied=_SECURITY_ONLY,
    refusal=_to_oneself,
    lock="person",
    said="授予 {name}：{role}，自 {days}。",
    back="relieve",
)
def appoint(
    act: Act,
    *,
    actor: Actor,
    person: Person,
    role: str,
    organisation: str | None,
    valid_from: date,
    valid_until: date | None = None,
    now: datetime,
) -> int:
    """Give a person a role, for the organisation of a code or for the main organiser, between two days (both count).

    Refuses oneself, a role beside one of the three separated roles (三员分立), and a role already held. Returns the id.
    """
    if role not in ROLES:
        raise Refused("没有这个岗位，请从列表中选。")
    place = _stored(organisation) if organisation else None
    organises = place is not None and known(place.code, on=day_of(now))
    words = scope_refusal(role, place.kind if place else None, organises=organises)
    if words := words or _refusal_of_days(valid_from, valid_until, now):
        raise Refused(words)
    if place is not None and role in OF_AN_ORGANISER and place.code == main_code(on=day_of(now)):
        place = None
    with act.writing():
        if words := _refusal_beside(person, role, place, valid_from, valid_until):
            raise Refused(words)
        made = Appointment.objects.create(
            person=person, role=role, organisation=place, valid_from=valid_from, valid_until=valid_until
        )
        tail = f" 至 {valid_until.isoformat()}" if valid_until else " 起"
        act.done(name=person.name, role=_role_words(role, place), days=f"{valid_from.isoformat()}{tail}")
    return made.pk


def _refusal_of_days(valid_from: date, valid_until: date | None, now: datetime) -> str | None:
    if valid_until is not None and valid_until < valid_from:
        return "最后一天早于第一天，请核对日期。"
    if valid_from < day_of(now):
        return "第一天最早写今天：岗位从授予起才有，以前办的事不因此算在任时办的。"
    return None


def _refusal_beside(
    person: Person, role: str, place: Organisation | None, valid_from: date, valid_until: date | None
) -> str | None:
    """Why a role cannot be given beside those that the person holds at the same time."""
    at_once = [
        one
        for one in Appointment.objects.select_related("organisation").filter(person=person)
        if overlap(one.valid_from, one.valid_until, valid_from, valid_until)
    ]
    other = conflicting_role(role, [one.role for one in at_once])
    if other is not None:
        return (
            f"{person.name} 已是{ROLES[other]}。系统管理、安全管理、审计三个岗位彼此分开，也不兼业务岗位；"
            f"要改任{ROLES[role]}，先解除原岗位。"
        )
    if any(one.role == role and one.organisation == place for one in at_once):
        return f"{person.name} 在这段时间已是{_role_words(role, place)}。"
    return None


@verb(
    "relieve",
    "解除岗位",
    kind="person",
    thing="appointment.person",
    signs=True,
    door=can_appoint,
    denied=_SECURITY_ONLY,
    lock="appointment",
    said="解除 {name}：{role}，最后一天 {last_day}。",
    back="appoint",
)
def relieve(act: Act, *, actor: Actor, appointment: Appointment, last_day: date, now: datetime) -> None:
    """End an appointment; ``last_day`` still counts. Refuses to leave the installation without a security administrator."""
    if last_day < day_of(now) - timedelta(days=1):
        raise Refused("最后一天最早写昨天：此前办的事是在任时办的。")
    with act.writing():
        until = appointment.valid_until
        if until is not None and until <= last_day:
            raise Refused(f"这项任命到 {until.isoformat()} 已经结束。")
        if appointment.role == "security_admin" and not _others_remain(appointment, last_day):
            raise Refused("这是最后一名安全管理员，解除后没有人能授予岗位。请先授予另一人。")
        # Before its first day: it never comes into force.
        until = max(last_day, appointment.valid_from - timedelta(days=1))
        appointment.valid_until = until
        appointment.save(update_fields=["valid_until"])
        words = _role_words(appointment.role, appointment.organisation)
        act.done(name=appointment.person.name, role=words, last_day=until.isoformat())


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
    if not glyphs(column.name):
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
