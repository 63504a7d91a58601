"""Verbs of inspection: commit and run a draw, record a visit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.resting import signing
from kaoping.calendars import day_of
from kaoping.drawing import DrawError, commit, list_digest, protocol
from kaoping.evidence.logic import severe_elsewhere
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.foreign.codes import code_fault
from kaoping.inspection import logic, policy, queries
from kaoping.inspection.models import Draw, Place, Visit
from kaoping.registry.models import Organisation
from kaoping.registry.queries import organisation
from kaoping.scoring.observations import ArtefactRef
from kaoping.standards.queries import severe_items
from kaoping.support.jobs import announce


class VisitProblems(Refused):
    """A visit that cannot be recorded: ``fields`` says for each field what is wrong."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("".join(fields.values()))
        self.fields = dict(fields)


def record_visit(
    *,
    actor: Actor,
    organisation_code: str,
    place: str,
    outcome: str,
    note: str,
    visited_at: datetime | None,
    client_id: str,
    now: datetime,
    item: str = "",
    check: str = "",
    target: str = "",
    photo: tuple[str, bytes] | None = None,
    confirmed: bool = False,
    another: bool = False,
    draw_id: int | None = None,
    since: date | None = None,
) -> Visit:
    """Record what an inspector saw, with its photo, as one observation (source visit, or draw for a drawn unit).

    ``check`` and ``target`` say that the visit looks at a known fault, so that both sources become one case. Sent twice
    under one ``client_id`` it is recorded once. ``place`` is one of the unit's register, or a new one, which enters it;
    ``another``: it is another place although a registered one reads alike. ``since``: the first day that a year at work
    looks at. Raises ``VisitProblems`` in words.
    """
    if not policy.can_record_visit(actor):
        words = "实地查看由检查员登记。请安全管理员授予检查员岗位。"
        raise refuse(actor, "record_visit", "organisation", organisation_code, words, now=now)
    no_number = bool(code_fault(client_id)) or len(client_id) > 50
    known = None if no_number else queries.visit_of_client(client_id)
    if known is not None:
        return known
    unit = organisation(organisation_code)
    if unit is None:
        raise Refused("名录里没有这个单位。")
    problems = logic.refusal_to_record(
        place=place,
        item=item,
        check=check,
        outcome=outcome,
        note=note,
        photo=photo[0] if photo else "",
        pledged=confirmed,
        visited_at=visited_at,
        now=now,
        since=since,
    )
    if item in severe_items():
        problems["item"] = f"{severe_elsewhere(item)}。"
    if no_number:
        problems["client_id"] = "这张表缺少编号，请重新打开本页再填。"
    known_places = {one.key: one.name for one in queries.places(unit.code)}
    if logic.place_key(place) not in known_places and not target and "place" not in problems:
        doubt = logic.refusal_of_new_place(place, known_places.values(), another=another)
        problems |= {"place": doubt} if doubt else {}
    draw = _draw(draw_id, organisation_code)
    if problems or visited_at is None:
        raise VisitProblems(problems)
    sha256 = ""
    if photo:
        sha256 = store_artefact(photo[1], name=photo[0], confirmed=confirmed, actor=actor, now=now)
    try:
        with transaction.atomic():
            place, address = (place.strip(), target) if target else _met(unit, place, item, now)
            entry = Entry(
                unit=unit.code,
                item=item or None,
                check=check or None,
                source="draw" if draw else "visit",
                observed_at=visited_at,
                kind="verdict",
                value=outcome,
                reason=f"{place}：{note.strip() or logic.OUTCOMES[outcome]}",
                artefacts=[ArtefactRef(sha256 or None, address)],
                uid=f"visit-{client_id}",
            )
            [uid] = record([entry], actor=actor, now=now)
            visit = Visit.objects.create(
                organisation=unit,
                place=place,
                item=item,
                check_id=check,
                target=target[:500],
                draw=draw,
                outcome=outcome,
                note=note.strip(),
                photo=sha256,
                visited_at=visited_at,
                recorded_at=now,
                inspector_id=int(actor.id),
                client_id=client_id,
                observation=uid,
            )
            record_act(
                actor,
                "record_visit",
                "visit",
                visit.pk,
                f"{actor.name} 登记实地查看：{unit.short_name}，{place}，{logic.OUTCOMES[outcome]}。",
                now=now,
            )
    except IntegrityError:
        known = queries.visit_of_client(client_id)
        if known is None:
            raise
        return known
    return visit


def _met(unit: Organisation, typed: str, item: str, now: datetime) -> tuple[str, str]:
    """The name of the place on the unit's list, to which it is added when it is new, and the address that the look meets."""
    known = _held_places(unit)
    key = logic.place_key(typed)
    if key not in known:
        known[key] = _added(unit, typed, now)
    root = known[key].same_as or known[key]
    spellings = [one.name for one in known.values() if one.same_as_id == root.pk]
    address = logic.address_met(root.name, spellings, queries.seen_at_places(unit.code, item))
    called = known.get(logic.place_key(address.removeprefix("place:")), root)
    return called.name, address


def _added(unit: Organisation, name: str, now: datetime) -> Place:
    given = {"name": name.strip(), "since": now}
    return Place.objects.get_or_create(organisation=unit, key=logic.place_key(name), defaults=given)[0]


def _held_places(unit: Organisation) -> dict[str, Place]:
    """The unit's list by key, held: what one place is called must not change while a look at it is recorded."""
    rows = Place.objects.select_for_update(of=("self",)).filter(organisation=unit).select_related("same_as")
    return {one.key: one for one in rows.order_by("id")}


def name_place(
    *, actor: Actor, organisation_code: str, place: str, same_as: str = "", now: datetime
) -> Place:
    """Say that ``place``, with its other spellings, is ``same_as``: from now on every look at one of them meets one target.

    ``same_as`` empty takes it back: it is a place of its own. What was recorded before stays as it is. Said twice it is said
    once.
    """
    if not policy.can_name_place(actor):
        words = "地点的另一种写法由市政务公开办登记。"
        raise refuse(actor, "name_place", "organisation", organisation_code, words, now=now)
    unit = organisation(organisation_code)
    if unit is None:
        raise Refused("名录里没有这个单位。")
    words_or_none = logic.refusal_to_name(place, same_as)
    if words_or_none:
        raise Refused(words_or_none)
    with transaction.atomic():
        known = _held_places(unit)
        for name in (place, same_as):
            key = logic.place_key(name)
            if key and key not in known:
                known[key] = _added(unit, name, now)
        one, root = known[logic.place_key(place)], known.get(logic.place_key(same_as))
        moved = _renamed(one, root, list(known.values()))
        if not moved:
            return one
        Place.objects.bulk_update(moved, ["same_as"])
        said = f"“{one.name}”即“{root.name}”，以后的查看记在一处" if root else f"“{one.name}”另是一处"
        record_act(
            actor,
            "name_place",
            "organisation",
            organisation_code,
            f"{actor.name} 登记地点：{unit.short_name}{said}。",
            now=now,
        )
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


def commit_draw(
    *,
    actor: Actor,
    title: str,
    sizes: Mapping[str, int],
    source: str,
    source_on: date | None,
    now: datetime,
) -> Draw:
    """Fix the list, the sizes by group and where the public value will come from; the commitment is published at once.

    ``source_on`` is the day on which the value comes out, later than the day of committing.

    The same form sent twice, because its answer was lost, commits one draw.
    """
    if not policy.can_commit_draw(actor):
        raise refuse(actor, "commit_draw", "draw", "", "随机抽取由市政务公开办经办布置。", now=now)
    strata = queries.strata(on=day_of(now))
    wanted = {group: n for group, n in sizes.items() if n}
    words = logic.refusal_to_commit(title, strata, wanted, source, source_on, day_of(now))
    if words:
        raise Refused(words)
    nonce = secrets.token_hex(16)
    try:
        digest = list_digest(strata)
        commitment = commit(digest, nonce)
    except DrawError as error:
        raise Refused(str(error)) from None
    title, plan = title.strip()[:120], {"list": strata, "list_digest": digest, "sizes": wanted}
    with transaction.atomic():
        waiting = Draw.objects.filter(title=title, committed_by=int(actor.id), drawn_at=None)
        known = next(
            (one for one in waiting if one.protocol == plan and one.source == source.strip()[:120]), None
        )
        if known is not None:
            return known
        draw = Draw.objects.create(
            title=title,
            commitment=commitment,
            nonce=nonce,
            protocol=plan,
            committed_by_id=int(actor.id),
            committed_at=now,
            source=source.strip()[:120],
            source_on=source_on,
        )
        announce("draws", now=now)
        record_act(
            actor,
            "commit_draw",
            "draw",
            draw.pk,
            f"布置“{draw.title}”，名单校验值 {digest[:8]}…，承诺 {commitment[:8]}…，公开数值取自{draw.source}。",
            now=now,
        )
    return draw


@signing
def run_draw(*, actor: Actor, draw_id: int, public_value: str, now: datetime) -> Draw:
    """Draw with the committed number and a public value that nobody could know; the protocol draws again."""
    if not policy.can_run_draw(actor):
        raise refuse(actor, "run_draw", "draw", draw_id, "随机抽取由市政务公开办办理。", now=now)
    with transaction.atomic():
        draw = Draw.objects.select_for_update().filter(pk=draw_id).first()
        if draw is None:
            raise Refused("没有这次抽取。")
        words = logic.refusal_to_draw(
            draw.drawn_at,
            public_value,
            published=draw.published_at is not None,
            source_on=draw.source_on,
            today=day_of(now),
        )
        if words:
            raise Refused(words)
        result = protocol(draw.protocol["list"], draw.protocol["sizes"], draw.nonce, public_value.strip())
        draw.result, draw.seed, draw.drawn_at = result, result["seed"], now
        draw.save(update_fields=["result", "seed", "drawn_at"])
        announce("draws", now=now)
        record_act(
            actor,
            "run_draw",
            "draw",
            draw.pk,
            f"“{draw.title}”抽中 {len(result['drawn'])} 个单位，种子 {draw.seed[:8]}…。",
            now=now,
        )
    return draw


def note_published(*, draw_id: int, now: datetime) -> None:
    """The commitment stands on the public page since ``now``; said once."""
    Draw.objects.filter(pk=draw_id, published_at=None).update(published_at=now)


def _draw(draw_id: int | None, organisation_code: str) -> Draw | None:
    if draw_id is None:
        return None
    draw = queries.draw(draw_id)
    if draw is None or organisation_code not in queries.drawn_codes(draw):
        raise Refused("这个单位不在这次抽取的结果里。请从“今天”页重新进入。")
    return draw
