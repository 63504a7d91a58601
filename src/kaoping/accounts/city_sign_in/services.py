"""Verbs of the city's sign-in: send somebody there, read what comes back, bind the own identity, give it up, find by it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.city_sign_in import logic
from kaoping.accounts.city_sign_in.configuration import Configuration
from kaoping.accounts.city_sign_in.logic import Asked, Failed, Identity
from kaoping.accounts.models import Person, SecondFactor
from kaoping.accounts.second_factor.logic import CITY
from kaoping.accounts.second_factor.services import enrols
from kaoping.accounts.verbs import Act
from kaoping.support import clock
from kaoping.support.sealing import lock, unlock

# Whoever comes back has only a browser; what was asked lies sealed in its cookie.
_OWNER = "city sign-in"


class Provider(Protocol):
    """What a protocol can do."""

    def url(self, asked: Asked, *, back: str) -> str:
        """Where to send the browser. Raises ``Failed``."""

    def identity(self, asked: Asked, answer: Mapping[str, str], *, back: str, now: datetime) -> Identity:
        """Who came back. Raises ``Failed``."""

    def leave_url(self, *, back: str) -> str:
        """Where somebody ends the session that the city keeps; '' where there is no such page."""

    def look(self) -> None:
        """Whether the city answers. Raises ``Failed``."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Somebody is sent to the city: where, and what the browser keeps meanwhile."""

    url: str
    kept: str


def is_on() -> bool:
    """Whether this installation knows the city's sign-in."""
    return settings.KAOPING_CITY_SIGN_IN is not None


def can_count_twice() -> bool:
    """Whether the setting says how the city tells that two proofs were asked."""
    configuration: Configuration | None = settings.KAOPING_CITY_SIGN_IN
    return configuration is not None and bool(configuration.wanted)


def claim() -> str:
    """By what the city names people here."""
    configuration: Configuration | None = settings.KAOPING_CITY_SIGN_IN
    return configuration.claim if configuration is not None else ""


def provider() -> Provider:
    """The configured one. Raises ``Failed`` when there is none."""
    configuration: Configuration | None = settings.KAOPING_CITY_SIGN_IN
    if configuration is None:
        raise Failed("本平台没有接统一身份认证。请用登录名和口令登录。")
    return cast(Provider, import_string(configuration.adapter)(configuration))


def send(*, purpose: str, back: str, target: str = "/", person: str = "") -> Sent:
    """Send somebody to the city's page. Nothing is stored here. Raises ``Failed``."""
    asked = Asked(
        purpose, secrets.token_urlsafe(24), clock.machine_now(), person, target,
        secrets.token_urlsafe(24), secrets.token_urlsafe(48),
    )  # fmt: skip
    plain = json.dumps({**asdict(asked), "at": asked.at.isoformat()})
    return Sent(provider().url(asked, back=back), lock(settings.SECRET_KEY, _OWNER, plain))


def read_answer(*, kept: str, answer: Mapping[str, str], back: str) -> tuple[Asked, Identity]:
    """What was asked and who came back. Raises ``Failed``."""
    asked = asked_of(kept)
    if asked is None:
        raise Failed(logic.NOT_OURS)
    now = clock.machine_now()
    logic.answers(asked, answer.get("state", ""), now)
    return asked, provider().identity(asked, answer, back=back, now=now)


def asked_of(kept: str) -> Asked | None:
    """What this browser was sent for; None when it keeps nothing of ours."""
    plain = unlock(settings.SECRET_KEY, _OWNER, kept) if kept else None
    if plain is None:
        return None
    read = json.loads(plain)
    return Asked(**{**read, "at": datetime.fromisoformat(read["at"])})


def leave_url(*, back: str) -> str:
    """Where somebody ends the session that the city keeps; '' where there is no such page."""
    try:
        return provider().leave_url(back=back)
    except Failed:
        return ""


def person_of(found: Identity) -> Person | None:
    """The person to whom this identity is bound."""
    row = SecondFactor.objects.filter(kind=CITY, secret=logic.digest(settings.SECRET_KEY, found)).first()
    return row.person if row else None


def bound(person_id: str) -> SecondFactor | None:
    """The identity that a person has bound; ``confirmed_at`` is set where it counts as a second proof too."""
    return SecondFactor.objects.filter(person_id=person_id, kind=CITY).first()


@enrols
def bind(act: Act, *, actor: Actor, found: Identity, now: datetime) -> None:
    """The identity with which the person came back from the city is the person's from now on. Raises ``Refused``."""
    taken = person_of(found)
    if taken is not None and str(taken.pk) != actor.id:
        raise Refused("这个统一身份已登记在别人名下。一个身份只能一人使用。")
    before, at = bound(actor.id), clock.machine_now()
    if before is not None and before.confirmed_at is not None and not found.strong:
        raise Refused(
            "原来登记的可抵第二重验证，这次统一身份认证没有说明做过，没有换。请在那边做完第二重验证再来。"
        )
    with act.writing():
        SecondFactor.objects.filter(person_id=actor.id, kind=CITY).delete()
        SecondFactor.objects.create(
            person_id=int(actor.id),
            kind=CITY,
            secret=logic.digest(settings.SECRET_KEY, found),
            made_at=at,
            confirmed_at=at if found.strong else None,
        )
        worth = "可抵口令和第二重验证" if found.strong else "只抵口令"
        act.done(what=f"统一身份（{worth}）")


def proves(person: Person, found: Identity) -> bool:
    """Whether this identity is the one that the person bound."""
    row = bound(str(person.pk))
    return row is not None and secrets.compare_digest(row.secret, logic.digest(settings.SECRET_KEY, found))
