"""Verbs on a poll that was announced and has not begun: its title and days are changed, or it is cancelled. Nobody has voted yet."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import NOT_SAID, Opened, already
from kaoping.accounts.models import Person
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import merged
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import BEIJING, day_of, deadline_day, end_of_day
from kaoping.checks.model import date_words
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.ballotbox.polls import PollError, poll_from_json
from kaoping.evaluation.ballotbox.store import open_ballot_store
from kaoping.evaluation.models import Poll, PollChange
from kaoping.evaluation.services.poll import publish_file
from kaoping.support import watch

ONLY_HANDLER = "评议由政务公开办经办布置、改时间、取消。"


def _begun(poll: Poll, now: datetime) -> str | None:
    """Why nothing of it is changed or taken back any more, or not while the clock is in doubt."""
    return done_already(poll) or logic.refusal_once_open(poll.state, poll.opens_at, now) or watch.refusal()


@verb(
    "change_poll",
    "改评议的标题和时间",
    kind="poll",
    thing="poll",
    door=policy.can_change_poll,
    whose="poll",
    denied=ONLY_HANDLER,
    refusal=_begun,
    lock="poll",
    said="改评议的标题和时间：“{title}”，{first}至{last}。理由：{reason}",
    news="改评议的标题和时间 {n} 次",
    room="evaluation",
    back="change_poll",
)
def change_poll(
    act: Act,
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
    mine = {"title": title, "opens_on": opens_on.isoformat(), "closes_on": closes_on.isoformat()}
    # Who gave up a text may bring nothing that is new: that is seen below, beside what is stored.
    if not opened.waived and (words := _refusal_to_change(poll, mine, reason, now)):
        raise Refused(words)
    data = _file_of(poll)
    with act.writing():
        values = merged(
            opened=opened,
            mine=mine,
            stored=queries.announced(poll),
            last=lambda: last_act("poll", poll.uid, "change_poll", "prepare_poll"),
        )
        if opened.waived and values == queries.announced(poll):
            return poll
        if words := _refusal_to_change(poll, values, reason, now):
            raise Refused(words)
        PollChange.objects.create(
            poll=poll,
            title=poll.title,
            opens_at=poll.opens_at,
            closes_at=poll.closes_at,
            reason=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        poll.title, poll.opens_at, poll.closes_at = _wanted(poll, values)
        poll.save(update_fields=["title", "opens_at", "closes_at"])
        act.done(
            title=poll.title,
            first=date_words(day_of(poll.opens_at)),
            last=date_words(deadline_day(poll.closes_at)),
            reason=reason.strip(),
        )
        _publish(
            data
            | {
                "title": poll.title,
                "opens_at": poll.opens_at.isoformat(),
                "closes_at": poll.closes_at.isoformat(),
            }
        )
    return poll


@verb(
    "cancel_poll",
    "取消社会评议",
    kind="poll",
    thing="poll",
    door=policy.can_change_poll,
    whose="poll",
    denied=ONLY_HANDLER,
    refusal=_begun,
    lock="poll",
    said="取消 {year} 年社会评议：{reason}",
    news="取消社会评议 {n} 次",
    room="evaluation",
    final="取消的不恢复，可以重新布置一次。",
)
def cancel_poll(act: Act, *, actor: Actor, poll: Poll, reason: str, now: datetime) -> Poll:
    """Cancel a poll until its opening instant: it takes no ballot and is never opened; another can then be prepared.

    The row, its shares and its published file stay; the file says that it is cancelled and why, and the box is closed to it.
    """
    if words := logic.refusal_of_cancelling(reason):
        raise Refused(words)
    data = _file_of(poll)
    with act.writing():
        poll.state, poll.cancelled_at, poll.cancel_reason = logic.CANCELLED, now, reason.strip()[:500]
        poll.cancelled_by = Person.objects.get(pk=actor.id)
        poll.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
        act.done(year=poll.year, reason=reason.strip())
        # A seal in the box itself: whatever reads an old copy of the file, the box takes no ballot.
        with closing(open_ballot_store()) as store:
            store.seal(poll.uid, now)
        _publish(data | {"cancelled": {"at": now.isoformat(), "reason": poll.cancel_reason}})
    return poll


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
    opening = datetime.combine(first, time(0), tzinfo=BEIJING)
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
