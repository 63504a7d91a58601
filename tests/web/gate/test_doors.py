"""Every address of the inside face: nothing opens without sign-in, and nothing but the gate without a role."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.models import Person
from kaoping.accounts.services import create_person

pytestmark = pytest.mark.django_db
OPEN = {"/sign-in/", "/health/", "/look/"}
OWN = {"/", "/sign-out/", "/password/"}
SAMPLES = {"int": "1", "str": "U1", "slug": "u1", "uuid": "0" * 32, "path": "a/b"}


def addresses() -> Iterator[str]:
    def walk(patterns: list[object], prefix: str) -> Iterator[str]:
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLPattern):
                yield "/" + re.sub(
                    r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m.group(1) or "str", "1"), route
                )
            else:
                yield from walk(one.url_patterns, route)

    yield from sorted(set(walk(get_resolver("kaoping.config.urls_inside").url_patterns, "")))


def test_strangers_see_nothing():
    client = Client()
    for address in addresses():
        if address in OPEN:
            continue
        for send in (client.get, client.post):
            answer = send(address)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/sign-in/?next="), address


def test_without_a_role_nothing_opens_but_the_gate(now, units):
    create_person(
        actor=SYSTEM, username="nobody", name="无岗", password="meiyou-gangwei", now=now, must_change=False
    )
    client = Client()
    client.force_login(
        Person.objects.get(username="nobody"), backend="django.contrib.auth.backends.ModelBackend"
    )
    opened = []
    for address in addresses():
        if address in OPEN | OWN:
            continue
        for send in (client.get, client.post):
            status = send(address).status_code
            if status not in (403, 404, 405):
                opened.append((send.__name__, address, status))
    assert opened == []
