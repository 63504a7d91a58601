"""Browsers in which a person has signed in before, and the attempts at a name: what slows guessing asks here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from axes.models import AccessAttempt
from django.db.models import Max, Sum

from kaoping.accounts import throttle
from kaoping.accounts.models import KnownBrowser, Person
from kaoping.accounts.queries import person_by_username

# The oldest are forgotten: nobody works in more browsers than this.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong passwords for one name in the last quarter of an hour: how many, from which addresses, the last one when."""

    username: str
    count: int
    addresses: tuple[str, ...]
    last: datetime


def stored_name(typed: str) -> str:
    """The sign-in name as it is counted: that of the person it means, else as typed in small letters."""
    person = person_by_username(typed)
    return person.username if person else typed.strip().lower()


def browser_of(person: Person, secret: str, *, now: datetime) -> KnownBrowser | None:
    """The known browser that carries ``secret``, if the person has signed in there not too long ago."""
    if not secret:
        return None
    return KnownBrowser.objects.filter(
        person=person, digest=_digest(person, secret), seen_at__gt=now - throttle.KNOWN_FOR
    ).first()


def knows_address(person: Person, address: str, *, now: datetime) -> bool:
    """Whether the person has signed in from this address not too long ago."""
    return (
        bool(address)
        and KnownBrowser.objects.filter(
            person=person, address=address, seen_at__gt=now - throttle.KNOWN_FOR
        ).exists()
    )


def remember(person: Person, secret: str, address: str, *, now: datetime) -> None:
    """The person signed in with the browser that carries ``secret``."""
    KnownBrowser.objects.update_or_create(
        digest=_digest(person, secret),
        defaults={"person": person, "address": address, "seen_at": now, "failures": 0, "failing_since": None},
    )
    kept = (
        KnownBrowser.objects.filter(person=person)
        .order_by("-seen_at", "-id")
        .values_list("pk", flat=True)[:MOST]
    )
    KnownBrowser.objects.filter(person=person).exclude(pk__in=list(kept)).delete()


def count_failure(browser: KnownBrowser, *, now: datetime) -> None:
    """One more wrong password in a known browser."""
    browser.failures, browser.failing_since = throttle.failed(browser.failures, browser.failing_since, now)
    browser.save(update_fields=["failures", "failing_since"])


def everywhere(username: str, *, now: datetime) -> int:
    """Wrong passwords for a name in the last quarter of an hour, from unknown browsers."""
    rows = AccessAttempt.objects.filter(username=username, attempt_time__gt=now - throttle.WINDOW)
    return int(rows.aggregate(n=Sum("failures_since_start"))["n"] or 0)


def attempts(*, now: datetime, username: str = "") -> list[Attempts]:
    """Names that are being guessed at, the most tried first; of one name when it is given."""
    rows = AccessAttempt.objects.filter(attempt_time__gt=now - throttle.WINDOW)
    if username:
        rows = rows.filter(username=username)
    named = (
        rows.order_by().values("username").annotate(n=Sum("failures_since_start"), last=Max("attempt_time"))
    )
    return [
        Attempts(
            one["username"] or "",
            one["n"],
            tuple(
                sorted(
                    {
                        str(address)
                        for address in rows.filter(username=one["username"]).values_list(
                            "ip_address", flat=True
                        )
                        if address
                    }
                )
            ),
            one["last"],
        )
        for one in named.order_by("-n")[:50]
    ]


def _digest(person: Person, secret: str) -> str:
    return sha256(f"kaoping browser {person.pk} {secret}".encode()).hexdigest()
