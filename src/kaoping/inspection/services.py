"""Verbs of inspection: commit and run a draw, record a visit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError

from kaoping.accounts.actor import Actor, Organising, Owned, Refused
from kaoping.accounts.doors import of_thing, somewhere
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.drawing import DrawError, commit, list_digest, protocol
from kaoping.evidence.logic import severe_elsewhere
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.foreign.codes import code_fault
from kaoping.inspection import logic, policy, queries
from kaoping.inspection.models import Draw, Visit
from kaoping.registry.logic import place_key, refusal_of_new_place
from kaoping.registry.models import Organisation
from kaoping.registry.queries import organisation
from kaoping.registry.queries.organisers import served
from kaoping.registry.queries.places import places
from kaoping.registry.services.places import held_places, proposed_place
from kaoping.scoring import targets
from kaoping.scoring.observations import ArtefactRef
from kaoping.standards.queries import severe_items
from kaoping.support.jobs import announce

_NO_UNIT: Final = "名录里没有这个单位。"


class VisitProblems(Refused):
    """A visit that cannot be recorded: ``fields`` says for each field what is wrong."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True, slots=True)
class _Look:
    """What an inspector saw, with every field found good; ``photo`` is the digest of the stored picture, '' without one."""

    unit: Organisation
    place: str
    item: str
    check: str
    target: str
    outcome: str
    note: str
    photo: str
    at: datetime
    client_id: str
    draw: Draw | None
    whose: Owned


def _unvisitable(organisation_code: str, draw_id: int | None) -> str | None:
    if organisation(organisation_code) is None:
        return _NO_UNIT
    if draw_id is None:
        return None
    draw = queries.draw(draw_id)
    if draw is None or organisation_code not in queries.drawn_codes(draw):
        return "这个单位不在这次抽取的结果里。请从“今天”页重新进入。"
    return None


def _records(actor: Actor, draw_id: int | None) -> bool:
    """An inspector of the draw's organiser; without a draw, of some organiser, whose the visit then is."""
    draw = queries.draw(draw_id) if draw_id is not None else None
    return of_thing(policy.can_record_visit, actor, draw)


@verb(
    "record_visit",
    "登记实地查看",
    kind="visit",
    thing="organisation_code",
    door=_records,
    denied="实地查看由检查员登记。请安全管理员授予检查员岗位。",
    refusal=_unvisitable,
    said="{who} 登记实地查看：{unit}，{place}，{outcome}。",
    news="登记实地查看 {n} 处",
    room="visits",
    final="看到的留在记录里；登记错的，台账的那一条可以提请审定撤回。",
)
def record_visit(
    act: Act,
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
    under one ``client_id`` it is recorded once. ``place`` is one of the unit's register, or a new one, which is proposed to it;
    ``another``: it is another place although a registered one reads alike. ``since``: the first day that a year at work
    looks at. Raises ``VisitProblems`` in words.
    """
    numbered = not code_fault(client_id) and len(client_id) <= 50
    known = queries.visit_of_client(client_id) if numbered else None
    if known is not None:
        return known
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
    if not numbered:
        problems["client_id"] = "这张表缺少编号，请重新打开本页再填。"
    if not target and "place" not in problems and (doubt := _doubt(organisation_code, place, another)):
        problems["place"] = doubt
    if problems or visited_at is None:
        raise VisitProblems(problems)
    sha256 = ""
    if photo:
        sha256 = store_artefact(photo[1], name=photo[0], confirmed=confirmed, actor=actor, now=now)
    unit = organisation(organisation_code)
    assert unit is not None  # what the refusal has just asked
    draw = queries.draw(draw_id) if draw_id is not None else None
    whose = draw or Organising(served(actor))
    look = _Look(
        unit, place, item, check, target, outcome, note.strip(), sha256, visited_at, client_id, draw, whose
    )
    try:
        with act.writing():
            return _record(act, look)
    except IntegrityError:
        known = queries.visit_of_client(client_id)
        if known is None:
            raise
        return known


def _doubt(organisation_code: str, place: str, another: bool) -> str | None:
    """Why a place that is not on the unit's list cannot enter it, or null."""
    known = {one.key: one.name for one in places(organisation_code)}
    if place_key(place) in known:
        return None
    return refusal_of_new_place(place, known.values(), another=another)


def _record(act: Act, look: _Look) -> Visit:
    """The observation with its visit and its line, in the caller's transaction."""
    place, followed = look.place.strip(), look.target
    if not followed:
        place, followed = _met(look.whose.organiser, look.unit, look.place, look.item, act.now)
    target, address = targets.named(followed)
    entry = Entry(
        unit=look.unit.code,
        item=look.item or None,
        check=look.check or None,
        source="draw" if look.draw else "visit",
        observed_at=look.at,
        kind="verdict",
        value=look.outcome,
        reason=f"{place}：{look.note or logic.OUTCOMES[look.outcome]}",
        artefacts=[ArtefactRef(look.photo or None, address)] if look.photo or address else [],
        target=target,
        uid=f"visit-{look.client_id}",
    )
    [uid] = record([entry], actor=act.actor, whose=look.whose, now=act.now)
    visit = Visit.objects.create(
        organiser=look.whose.organiser,
        organisation=look.unit,
        place=place,
        item=look.item,
        check_id=look.check,
        target=look.target,
        draw=look.draw,
        outcome=look.outcome,
        note=look.note,
        photo=look.photo,
        visited_at=look.at,
        recorded_at=act.now,
        inspector_id=int(act.actor.id),
        client_id=look.client_id,
        observation=uid,
    )
    act.done(thing=visit, unit=look.unit.short_name, place=place, outcome=logic.OUTCOMES[look.outcome])
    return visit


def _met(organiser: str, unit: Organisation, typed: str, item: str, now: datetime) -> tuple[str, str]:
    """The name of the place in the register, to which a new one is proposed, and the target that the look meets."""
    known = held_places(unit)
    key = place_key(typed)
    if key not in known:
        known[key] = proposed_place(unit, typed, now)
    root = known[key].same_as or known[key]
    others = [one for one in known.values() if one.same_as_id == root.pk]
    target = logic.target_met(
        logic.Spot(root.code, root.name),
        [logic.Spot(one.code, one.name) for one in others],
        queries.seen_at_places(organiser, unit.code, item),
    )
    called = next((one for one in (root, *others) if targets.place(one.code) == target), root)
    return called.name, target


def _commits(actor: Actor) -> bool:
    """Whoever does it for some organiser: the draw is that organiser's."""
    return somewhere(policy.can_commit_draw, actor)


@verb(
    "commit_draw",
    "布置抽取",
    kind="draw",
    door=_commits,
    denied="随机抽取由政务公开办经办布置。",
    said="布置“{title}”，名单校验值 {digest}…，承诺 {commitment}…，公开数值取自{source}。",
    news="布置随机抽取 {n} 次",
    room="draws",
    final="布置随即公布，名单和承诺不能改；要改的另布置一次。",
)
def commit_draw(
    act: Act,
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
    strata = queries.strata(served(actor), on=day_of(now))
    wanted = {group: n for group, n in sizes.items() if n}
    if words := logic.refusal_to_commit(title, strata, wanted, source, source_on, day_of(now)):
        raise Refused(words)
    nonce = secrets.token_hex(16)
    try:
        digest = list_digest(strata)
        commitment = commit(digest, nonce)
    except DrawError as error:
        raise Refused(str(error)) from None
    title, source = title.strip()[:120], source.strip()[:120]
    plan = {"list": strata, "list_digest": digest, "sizes": wanted}
    with act.writing():
        waiting = Draw.objects.filter(title=title, committed_by=int(actor.id), drawn_at=None)
        known = next((one for one in waiting if one.protocol == plan and one.source == source), None)
        if known is not None:
            return known
        draw = Draw.objects.create(
            organiser=served(actor),
            title=title,
            commitment=commitment,
            nonce=nonce,
            protocol=plan,
            committed_by_id=int(actor.id),
            committed_at=now,
            source=source,
            source_on=source_on,
        )
        announce("draws", now=now)
        act.done(thing=draw, title=title, digest=digest[:8], commitment=commitment[:8], source=source)
    return draw


def _undrawable(draw: Draw, now: datetime) -> str | None:
    return logic.refusal_to_draw(
        draw.drawn_at,
        published=draw.published_at is not None,
        source_on=draw.source_on,
        today=day_of(now),
    )


@verb(
    "run_draw",
    "随机抽取",
    kind="draw",
    thing="draw",
    signs=True,
    door=policy.can_run_draw,
    whose="draw",
    denied="随机抽取由政务公开办办理。",
    refusal=_undrawable,
    lock="draw",
    said="“{title}”抽中 {count} 个单位，种子 {seed}…。",
    news="已抽取 {n} 次",
    room="draws",
    final="抽取后不能重抽；需要另抽的另布置一次。",
)
def run_draw(act: Act, *, actor: Actor, draw: Draw, public_value: str, now: datetime) -> Draw:
    """Draw with the committed number and a public value that nobody could know; the protocol draws again."""
    if words := logic.refusal_of_value(public_value):
        raise Refused(words)
    with act.writing():
        result = protocol(draw.protocol["list"], draw.protocol["sizes"], draw.nonce, public_value.strip())
        draw.result, draw.seed, draw.drawn_at = result, result["seed"], now
        draw.save(update_fields=["result", "seed", "drawn_at"])
        announce("draws", now=now)
        act.done(title=draw.title, count=len(result["drawn"]), seed=draw.seed[:8])
    return draw


def note_published(*, draw_id: int, now: datetime) -> None:
    """The commitment stands on the public page since ``now``; said once."""
    Draw.objects.filter(pk=draw_id, published_at=None).update(published_at=now)
