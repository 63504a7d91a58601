"""Verbs of the register of places: add or import, rename, close, say that two entries are one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.foreign.sheet import Column, Fault, Row, Sheet
from kaoping.foreign.visible import unseen_in
from kaoping.registry import logic, policy
from kaoping.registry.models import Organisation, Place
from kaoping.registry.queries import organisation
from kaoping.support import tables

_DENIED: Final = "地点由政务公开办登记。"
_NO_UNIT: Final = "名录里没有这个单位。"


def proposed_place(unit: Organisation, name: str, now: datetime) -> Place:
    """A place that somebody was at and that nobody has added yet; within the transaction of whoever names it."""
    key = logic.place_key(name)
    taken = Place.objects.filter(organisation=unit).values_list("code", flat=True)
    given = {"code": logic.place_code(unit.code, taken), "name": name.strip(), "since": now}
    return Place.objects.get_or_create(organisation=unit, key=key, defaults=given)[0]


def held_places(unit: Organisation) -> dict[str, Place]:
    """The unit's entries by key, held: what one place is called must not change while a look at it is recorded."""
    rows = Place.objects.select_for_update(of=("self",)).filter(organisation=unit).select_related("same_as")
    return {one.key: one for one in rows.order_by("id")}


def _unlisted(organisation_code: str) -> str | None:
    return None if organisation(organisation_code) else _NO_UNIT


@verb(
    "add_place",
    "登记地点",
    kind="organisation",
    thing="organisation_code",
    door=policy.can_keep_places,
    denied=_DENIED,
    refusal=_unlisted,
    said="{who} 登记地点：{unit}“{name}”（{kind}，编号 {code}）。",
    news="登记地点 {n} 处",
    room="places",
    back="close_place",
)
def add_place(
    act: Act, *, actor: Actor, organisation_code: str, name: str, kind: str, located: str = "", now: datetime
) -> Place:
    """Add a place to a unit's register, accept one that an inspector proposed, or open a closed one again.

    Said twice it is said once.
    """
    if words := logic.refusal_of_place(name, kind) or unseen_in("所在地", located.strip()):
        raise Refused(words)
    unit = _unit(organisation_code)
    with act.writing():
        place, changed = _added(unit, held_places(unit), name, kind, located, act.now)
        if changed:
            act.done(unit=unit.short_name, name=place.name, kind=logic.PLACE_KINDS[kind], code=place.code)
    return place


def _added(
    unit: Organisation, known: dict[str, Place], name: str, kind: str, located: str, now: datetime
) -> tuple[Place, bool]:
    """The place as it stands in the register then, and whether that is new."""
    key = logic.place_key(name)
    place = known.get(key) or proposed_place(unit, name, now)
    known[key] = place
    if place.same_as is not None:
        raise Refused(f"“{place.name}”是“{place.same_as.name}”的另一种写法，不另登记。")
    wanted = (kind, located.strip()[:200])
    if place.added_at is not None and place.closed_on is None and (place.kind, place.located) == wanted:
        return place, False
    place.kind, place.located = wanted
    place.added_at, place.closed_on = place.added_at or now, None
    place.save(update_fields=["kind", "located", "added_at", "closed_on"])
    return place, True


def _not_to_rename(place: Place) -> str | None:
    if place.same_as_id is not None:
        return "这是另一处的另一种写法，请改那一处的名称。"
    return "这一处已经停用，重新登记以后再改。" if place.closed_on is not None else None


@verb(
    "rename_place",
    "地点改名",
    kind="organisation",
    thing="place.organisation.code",
    door=policy.can_keep_places,
    denied=_DENIED,
    refusal=_not_to_rename,
    lock="place",
    said="{who} 把地点 {code} 由“{former}”改名为“{name}”。",
    news="地点改名 {n} 处",
    room="places",
    back="rename_place",
)
def rename_place(act: Act, *, actor: Actor, place: Place, name: str, now: datetime) -> Place:
    """Call a place otherwise; its id stays, and the former name is kept as another name by which it is met."""
    name = name.strip()
    if words := logic.refusal_of_place(name, "other"):
        raise Refused(words)
    with act.writing():
        former, key = place.name, logic.place_key(name)
        if name == former:
            return place
        known = held_places(place.organisation)
        other = known.get(key)
        if other is not None and other.pk != place.pk and other.same_as_id != place.pk:
            raise Refused(f"名单上已有“{other.name}”。是同一处的，请登记为另一种写法。")
        _take_name(place, other, name, now)
        act.done(code=place.code, former=former, name=name)
    return place


def _take_name(place: Place, other: Place | None, name: str, now: datetime) -> None:
    """The place gets the name; an entry that bore it gets the former one, which else becomes an entry."""
    before, old_key, key = place.name, place.key, logic.place_key(name)
    if key != old_key:
        if other is not None:
            Place.objects.filter(pk=other.pk).update(key="")
        place.name, place.key = name, key
        place.save(update_fields=["name", "key"])
        former = other or proposed_place(place.organisation, before, now)
        former.name, former.key, former.same_as = before, old_key, place
        former.save(update_fields=["name", "key", "same_as"])
    else:
        place.name = name
        place.save(update_fields=["name"])


def _not_to_close(place: Place, on: date) -> str | None:
    if place.same_as_id is not None:
        return "这是另一处的另一种写法，不单独停用。"
    return "这一处已经停用。" if place.closed_on not in (None, on) else None


@verb(
    "close_place",
    "停用地点",
    kind="organisation",
    thing="place.organisation.code",
    door=policy.can_keep_places,
    denied=_DENIED,
    refusal=_not_to_close,
    lock="place",
    said="{who} 停用地点 {code}“{name}”，末日 {on}。",
    news="停用地点 {n} 处",
    room="places",
    back="add_place",
)
def close_place(act: Act, *, actor: Actor, place: Place, on: date, now: datetime) -> Place:
    """A place that is there no more leaves the list after its last day; what was seen at it stays under its id."""
    with act.writing():
        if place.closed_on == on:
            return place
        place.closed_on = on
        place.added_at = place.added_at or now
        place.save(update_fields=["closed_on", "added_at"])
        act.done(code=place.code, name=place.name, on=on.isoformat())
    return place


PLACES: Final = Sheet(
    "地点名单",
    (
        Column(
            "unit",
            ("单位代码", "unit"),
            "code",
            required=True,
            filled=True,
            remedy="代码见单位名录，例如 CZ-D03。",
        ),
        Column("name", ("地点名称", "地点", "name"), required=True, filled=True, most=logic.LONGEST_PLACE),
        Column(
            "kind",
            ("类别", "kind"),
            "choice",
            required=True,
            filled=True,
            words={label: kind for kind, label in logic.PLACE_KINDS.items()},
        ),
        Column("located", ("所在地", "located"), most=200),
    ),
    row="每行写一处",
)


class PlacesRefused(Refused):
    """A file with faults: nothing was stored; ``faults`` names cell and remedy, ``notes`` what was not read."""

    def __init__(self, faults: Sequence[Fault], notes: Sequence[str] = ()) -> None:
        super().__init__(
            "；".join(str(one) for one in faults[:5]), logged=f"地点名单没有导入，{len(faults)} 处要改。"
        )
        self.faults, self.notes = list(faults), tuple(notes)


@dataclass(frozen=True, slots=True)
class PlacesImported:
    """How many places a file added or changed, how many stood there already, and what of it was not read."""

    changed: int
    unchanged: int
    notes: tuple[str, ...]


@verb(
    "import_places",
    "导入地点名单",
    kind="register",
    thing="filename",
    door=policy.can_keep_places,
    denied=_DENIED,
    said="{who} 导入地点名单 {filename}：登记 {changed} 处。",
    news="导入地点名单 {n} 次",
    room="places",
    final="导错了的，逐处停用；改好文件可以再导入一次。",
)
def import_places(act: Act, *, actor: Actor, filename: str, content: bytes, now: datetime) -> PlacesImported:
    """Add every place of a table (CSV or XLSX), all or none; those that it lacks stay as they are."""
    found = tables.read(content, filename, PLACES)
    units = {code: organisation(code) for code in {str(row.values.get("unit", "")) for row in found.rows}}
    faults = [*found.faults, *_faults(found.rows, units)]
    if faults:
        raise PlacesRefused(faults, found.notes)
    changed = 0
    with act.writing():
        for row in found.rows:
            unit = units[row.values["unit"]]
            assert unit is not None  # what the faults have just asked
            given = (row.values["name"], row.values["kind"], row.values.get("located", ""))
            changed += _added(unit, held_places(unit), *given, act.now)[1]
        act.done(thing=filename[:120], filename=filename, changed=changed)
    return PlacesImported(changed, len(found.rows) - changed, found.notes)


def _faults(rows: Sequence[Row], units: dict[str, Organisation | None]) -> list[Fault]:
    """What speaks against rows that could be read: units that are not there, names that are other places' names or doubled."""
    faults: list[Fault] = []
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        code, name = row.values.get("unit"), row.values.get("name")
        if code is not None and units[code] is None:
            faults.append(row.fault("unit", f"名录里没有 {code}", "请先加入该单位，或改正代码。"))
        elif code is not None and name is not None:
            place = (code, logic.place_key(name))
            if place in first:
                faults.append(row.fault("name", f"与{first[place].place()}重复", "每处只留一行。"))
            first.setdefault(place, row)
            held = (
                Place.objects.filter(organisation__code=code, key=place[1]).select_related("same_as").first()
            )
            if held is not None and held.same_as is not None:
                faults.append(row.fault("name", f"是“{held.same_as.name}”的另一种写法", "请写那一处的名称。"))
    return faults


@verb(
    "name_place",
    "登记地点的另一种写法",
    kind="organisation",
    thing="organisation_code",
    door=policy.can_keep_places,
    denied="地点的另一种写法由政务公开办登记。",
    refusal=_unlisted,
    said="{who} 登记地点：{unit}{what}。",
    news="登记地点的另一种写法 {n} 次",
    room="places",
    back="name_place",
)
def name_place(
    act: Act, *, actor: Actor, organisation_code: str, place: str, same_as: str = "", now: datetime
) -> Place:
    """Say that ``place``, with its other spellings, is ``same_as``: from now on every look at one of them meets one target.

    ``same_as`` empty takes it back: it is a place of its own. What was recorded before stays as it is. Said twice it is said
    once.
    """
    if words := logic.refusal_to_name(place, same_as):
        raise Refused(words)
    unit = _unit(organisation_code)
    with act.writing():
        known = held_places(unit)
        for name in (place, same_as):
            key = logic.place_key(name)
            if key and key not in known:
                known[key] = proposed_place(unit, name, now)
        one, root = known[logic.place_key(place)], known.get(logic.place_key(same_as))
        moved = _renamed(one, root, list(known.values()))
        if not moved:
            return one
        Place.objects.bulk_update(moved, ["same_as"])
        what = f"“{one.name}”即“{root.name}”，以后的查看记在一处" if root else f"“{one.name}”另是一处"
        act.done(unit=unit.short_name, what=what)
    return one


def _renamed(one: Place, root: Place | None, known: list[Place]) -> list[Place]:
    """The rows that change when ``one`` is another spelling of ``root``, or a place of its own."""
    if root is None:
        family, head = [one], None
    else:
        heads = {row.same_as_id or row.pk for row in (one, root)}
        family, head = [row for row in known if (row.same_as_id or row.pk) in heads], root
    moved = []
    for row in family:
        new = None if row is head else head
        if row.same_as_id != (new.pk if new else None):
            row.same_as = new
            moved.append(row)
    return moved


def _unit(code: str) -> Organisation:
    found = organisation(code)
    assert found is not None  # what the refusal has just asked
    return found
