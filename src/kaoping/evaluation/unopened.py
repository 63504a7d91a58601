"""Verbs on a poll that was announced and has not begun: its title and days are changed, or it is cancelled. Nobody has voted yet."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.logic import NOT_SAID, Opened, already
from kaoping.accounts.models import Person
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import merged
from kaoping.calendars import SHANGHAI, day_of, deadline_day, end_of_day
from kaoping.checks.model import date_words
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.ballotbox.polls import PollError, poll_from_json
from kaoping.evaluation.ballotbox.store import open_ballot_store
from kaoping.evaluation.models import Poll, PollChange
from kaoping.evaluation.services import publish_file
from kaoping.support import watch

ONLY_HANDLER = "评议由市政务公开办经办布置、改时间、取消。"


def change_poll(
    *,
    actor: Actor,
    poll: Poll,
    title: str,
    opens_on: date,
    closes_on: date,
    reason: str,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Poll:
    """Change title and days until the opening instant; what they were stays, with who changed them, when and why.

    It opens at 00:00 of its first day and closes at 24:00 of its last. Who gave up the own text for a colleague's, and changes
    nothing else, stores nothing. Raises ``Refused`` in words, and ``Stale``.
    """
    _door(actor, poll, "change_poll", now)
    mine = {"title": title, "opens_on": opens_on.isoformat(), "closes_on": closes_on.isoformat()}
    # Who gave up a text may bring nothing that is new: that is seen below, beside what is stored.
    words = None if opened.waived else _refusal_to_change(_held(poll), mine, reason, now)
    if words:
        raise refuse(actor, "change_poll", "poll", poll.uid, words, now=now)
    data = _file_of(poll)
    with transaction.atomic():
        held = Poll.every.select_for_update().get(pk=poll.pk)
        values = merged(
            opened=opened,
            mine=mine,
            stored=queries.announced(held),
            last=lambda: last_act("poll", poll.uid, "change_poll", "prepare_poll"),
        )
        if opened.waived and values == queries.announced(held):
            return held
        words = _refusal_to_change(held, values, reason, now)
        if words:
            raise Refused(words)
        PollChange.objects.create(
            poll=held,
            title=held.title,
            opens_at=held.opens_at,
            closes_at=held.closes_at,
            reason=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        held.title, held.opens_at, held.closes_at = _wanted(held, values)
        held.save(update_fields=["title", "opens_at", "closes_at"])
        record_act(
            actor,
            "change_poll",
            "poll",
            poll.uid,
            f"改评议的标题和时间：“{held.title}”，{date_words(day_of(held.opens_at))}至"
            f"{date_words(deadline_day(held.closes_at))}。理由：{reason.strip()}",
            now=now,
        )
        _publish(
            data
            | {
                "title": held.title,
                "opens_at": held.opens_at.isoformat(),
                "closes_at": held.closes_at.isoformat(),
            }
        )
    return held


def cancel_poll(*, actor: Actor, poll: Poll, reason: str, now: datetime) -> Poll:
    """Cancel a poll until its opening instant: it takes no ballot and is never opened; another can then be prepared.

    The row, its shares and its published file stay; the file says that it is cancelled and why, and the box is closed to it.
    """
    _door(actor, poll, "cancel_poll", now)
    held = _held(poll)
    words = refusal_to_cancel(held, reason, now)
    if words:
        raise refuse(actor, "cancel_poll", "poll", poll.uid, words, now=now)
    data = _file_of(poll)
    with transaction.atomic():
        held = Poll.every.select_for_update(of=("self",)).select_related("cancelled_by").get(pk=poll.pk)
        words = refusal_to_cancel(held, reason, now)
        if words:
            raise Refused(words)
        held.state, held.cancelled_at, held.cancel_reason = logic.CANCELLED, now, reason.strip()[:500]
        held.cancelled_by = Person.objects.get(pk=actor.id)
        held.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
        record_act(
            actor, "cancel_poll", "poll", poll.uid, f"取消 {poll.year} 年社会评议：{reason.strip()}", now=now
        )
        # A seal in the box itself: whatever reads an old copy of the file, the box takes no ballot.
        with closing(open_ballot_store()) as store:
            store.seal(poll.uid, now)
        _publish(data | {"cancelled": {"at": now.isoformat(), "reason": held.cancel_reason}})
    return held


def refusal_to_cancel(poll: Poll, reason: str, now: datetime) -> str | None:
    """Why a poll cannot be cancelled now, or null; the page asks this, the act asks it again."""
    return (
        done_already(poll)
        or logic.refusal_to_cancel(poll.state, poll.opens_at, reason, now)
        or watch.refusal()
    )


def done_already(poll: Poll) -> str | None:
    """Who cancelled it and when, for whoever would do it once more; null while it stands."""
    if poll.cancelled_at is None or poll.cancelled_by is None:
        return None
    return already(f"{poll.year} 年社会评议", "取消", poll.cancelled_by.name, poll.cancelled_at)


def _refusal_to_change(poll: Poll, values: dict[str, str], reason: str, now: datetime) -> str | None:
    wanted = _wanted(poll, values)
    return (
        done_already(poll)
        or logic.refusal_to_change(
            poll.year,
            poll.state,
            poll.opens_at,
            wanted,
            changed=wanted != (poll.title, poll.opens_at, poll.closes_at),
            reason=reason,
            now=now,
        )
        or watch.refusal()
    )


def _wanted(poll: Poll, values: dict[str, str]) -> tuple[str, datetime, datetime]:
    """Title, opening and closing as instants; a day that stays keeps its instant."""
    stored = queries.announced(poll)
    first, last = (date.fromisoformat(values[name]) for name in ("opens_on", "closes_on"))
    opening = datetime.combine(first, time(0), tzinfo=SHANGHAI)
    return (
        values["title"].strip(),
        poll.opens_at if values["opens_on"] == stored["opens_on"] else opening,
        poll.closes_at if values["closes_on"] == stored["closes_on"] else end_of_day(last),
    )


def networks_of(poll: Poll) -> list[str] | None:
    """The networks of which ballots are counted apart, as the public file of the poll has them; null when it cannot be read."""
    try:
        return [str(one) for one in _file_of(poll).get("government_networks") or []]
    except Refused:
        return None


def _door(actor: Actor, poll: Poll, verb: str, now: datetime) -> None:
    if not policy.can_change_poll(actor):
        raise refuse(actor, verb, "poll", poll.uid, ONLY_HANDLER, now=now)


def _held(poll: Poll) -> Poll:
    return Poll.every.select_related("cancelled_by").get(pk=poll.pk)


def _file_of(poll: Poll) -> dict[str, Any]:
    """The published file as it is: its networks stand nowhere else. Raises ``Refused`` when it is gone."""
    path = Path(settings.KAOPING_PUBLISHED) / "polls" / f"{poll.uid}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
        poll_from_json(found)
    except (OSError, ValueError):
        raise Refused(f"公开目录里的评议文件 {poll.uid}.json 读不出，没有办理。请系统管理员核对。") from None
    return found


def _publish(data: dict[str, Any]) -> None:
    try:
        poll_from_json(data)
    except PollError as error:
        raise Refused(str(error)) from None
    publish_file(data)
