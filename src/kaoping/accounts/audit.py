"""The one door of the audit log: a line added, and linked to the one before it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from django.db import connection, transaction

from kaoping.accounts import chain, queries
from kaoping.accounts.actor import Actor
from kaoping.accounts.models import AuditEntry
from kaoping.accounts.origin import Origin, here
from kaoping.foreign.visible import undirected
from kaoping.support import syslog
from kaoping.support.advisory import APPENDING


def record_act(
    actor: Actor,
    verb: str,
    thing_kind: str,
    thing_id: object,
    sentence: str,
    *,
    now: datetime,
    refused: bool = False,
    place: Origin | None = None,
) -> None:
    """Add one line to the audit log. ``sentence`` is what a reader sees, in Chinese; typed words do not turn it round.

    The line is linked to the one before it, in the caller's transaction. ``place`` says from where, when it is not this
    request.
    """
    asked = place or here()
    with transaction.atomic(savepoint=False):
        number, previous = _last_link()
        line = chain.Line(
            id=0,
            at=now,
            actor_id=actor.id,
            actor_name=actor.name,
            verb=verb,
            thing_kind=thing_kind,
            thing_id=str(thing_id),
            sentence=undirected(sentence),
            refused=refused,
            address=asked.address,
            session=asked.session,
            number=number + 1,
            previous=previous,
        )
        digest = chain.link(line, previous)
        AuditEntry.objects.create(**{**asdict(line), "id": None, "digest": digest})
        transaction.on_commit(lambda: syslog.send(now, verb, _as_message(line, digest)), robust=True)


def _last_link() -> tuple[int, str]:
    """Number and digest that the next line follows; held until the transaction's end, so that no two follow one line."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPENDING])
    linked = AuditEntry.objects.filter(number__isnull=False).order_by("-number")
    last = linked.values_list("number", "digest").first()
    if last is not None:
        return int(last[0] or 0), str(last[1])
    digest, count = chain.digest_of_before(queries.log_lines())
    return count, digest


def _as_message(line: chain.Line, digest: str) -> str:
    """The line for a log server: JSON on one line, with its digest, so that a server's copy is an anchor too."""
    return json.dumps(
        {**asdict(line), "id": None, "at": line.at.isoformat(), "digest": digest}, ensure_ascii=False
    )
