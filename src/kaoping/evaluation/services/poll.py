"""Verb: the poll of a year is announced, with the key that its two openers lock."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from kaoping.accounts.actor import Actor, Refused, Who, same_person
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.ballotbox.crypto import PollKey, PollKeyError, make_poll_key
from kaoping.evaluation.ballotbox.polls import PollError, poll_from_json
from kaoping.evaluation.models import OpeningShare, Poll
from kaoping.registry.queries import organisers
from kaoping.registry.services.organisers import main_organiser
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import environment, installation


def _announced(key: OrganisedYear, now: datetime) -> str | None:
    if queries.poll_of(key):
        return f"{key.year} 年的评议已经布置，一年组织一次（评议制度第七条）。"
    return organisers.refusal_of(key.organiser, on=day_of(now))


@verb(
    "prepare_poll",
    "布置社会评议",
    kind="poll",
    thing="key",
    door=policy.can_prepare_poll,
    whose="key",
    denied="只有政务公开办经办可以布置评议。",
    refusal=_announced,
    said="布置 {year} 年社会评议，开箱人 {openers}。",
    news="布置社会评议 {n} 次",
    room="evaluation",
    back="cancel_poll",
)
def prepare_poll(
    act: Act,
    *,
    actor: Actor,
    key: OrganisedYear,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    questionnaire: dict[str, Any],
    units: Sequence[dict[str, str]],
    openers: tuple[Person, Person],
    passphrases: tuple[str, str],
    government_networks: Sequence[str] = (),
    example: bool = False,
    now: datetime,
) -> Poll:
    """Make the key with both openers present, keep their locked shares, and publish the poll file.

    ``units`` holds code, name, short_name and group of each unit to be evaluated. The private key is never stored.
    """
    words = logic.refusal_to_prepare(key.year, opens_at, closes_at, len(units), now)
    words = words or logic.refusal_of_title(title)
    if words is None and same_person(*(Who(str(one.pk)) for one in openers)):
        words = "两位开箱人不能是同一人。"
    if words:
        raise Refused(words)
    try:
        made = make_poll_key(*passphrases)
        data = _poll_file(
            _new_id(key),
            key.year,
            title,
            opens_at,
            closes_at,
            questionnaire,
            units,
            government_networks,
            made,
            example,
        )
    except (PollKeyError, PollError) as error:
        raise Refused(str(error)) from None
    with act.writing():
        main_organiser(now)
        poll = Poll.objects.create(
            organiser=key.organiser,
            year=key.year,
            uid=data["id"],
            title=title,
            state=logic.PREPARED,
            opens_at=opens_at,
            closes_at=closes_at,
            questionnaire=questionnaire,
            units=list(units),
            public_key=made.public_key,
            example=example,
        )
        for position, (person, locked) in enumerate(zip(openers, made.locked, strict=True), start=1):
            OpeningShare.objects.create(poll=poll, opener=person, position=position, locked=locked)
        act.done(thing=poll, year=key.year, openers="、".join(person.name for person in openers))
        publish_file(data)
    return poll


def _new_id(key: OrganisedYear) -> str:
    """The next id that neither the desk nor the published folder knows. Raises ``Refused`` before ``kaoping init`` ran."""
    mark = installation.read(environment.data_folder())
    if mark is None:
        raise Refused("数据目录还没有安装标识，请系统管理员运行 kaoping init。")
    known = set(Poll.every.values_list("uid", flat=True))
    known |= {path.stem for path in (Path(settings.KAOPING_PUBLISHED) / "polls").glob("*.json")}
    number = 1
    while (made := logic.poll_id(mark.id, key.organiser, key.year, number)) in known:
        number += 1
    return made


def _poll_file(
    uid: str,
    year: int,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    questionnaire: dict[str, Any],
    units: Sequence[dict[str, str]],
    networks: Sequence[str],
    key: PollKey,
    example: bool,
) -> dict[str, Any]:
    data = {
        "id": uid,
        "title": title,
        "year": year,
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "public_key": key.public_key,
        "questionnaire": questionnaire,
        "units": list(units),
        "example": example,
        "min_n": questionnaire.get("min_n"),
        "government_networks": list(networks),
        "cancelled": None,
    }
    poll_from_json(data)
    return data


def publish_file(data: dict[str, Any]) -> None:
    """Write ``polls/<id>.json``, which portal and intake read; whole or not at all."""
    folder = Path(settings.KAOPING_PUBLISHED) / "polls"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{data['id']}.json"
    temporary = folder / f".{data['id']}.{os.getpid()}"
    temporary.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(path)
