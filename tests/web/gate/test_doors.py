"""Every address of the inside face: nothing opens without sign-in, and nothing but the gate without a role."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.models import Person
from kaoping.accounts.queries import audit_entries
from kaoping.accounts.services import create_person
from kaoping.support import clock

pytestmark = pytest.mark.django_db
# A link that nobody issued answers 410 and says no more.
OPEN = {
    "/sign-in/",
    "/health/",
    "/look/",
    "/words/seal/",
    "/link/U1/",
    "/sign-in/second/",
    "/sign-in/city/",
    "/sign-in/city/back/",
    "/sign-in/city/left/",
}
OWN = {
    "/",
    "/sign-out/",
    "/password/",
    "/password/notice/",
    "/sessions/",
    "/second-factor/",
    "/second-factor/program/",
    "/second-factor/card/",
    "/second-factor/certificate/",
    "/second-factor/city/",
    "/words/here/",
    "/words/open/",
    "/words/held/",
}
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


def test_a_closed_door_leaves_one_line_an_hour(cast, signed_in, now, monkeypatch):
    inspector = cast("inspector")
    client = signed_in(inspector)
    moment = {"now": now}
    monkeypatch.setattr(clock, "now", lambda: moment["now"])
    for _ in range(3):
        assert client.get("/review/?page=2").status_code == 403
    assert client.post("/admin/people/new/").status_code == 403
    lines = [
        (one.actor_id, one.thing_id, one.sentence, one.refused) for one in audit_entries(verb="open_page")
    ]
    assert lines == [
        (inspector.id, "/admin/people/new/", "人员由系统管理员建立和停用。", True),
        (inspector.id, "/review/", "评分由专家办理，您没有专家岗位。", True),
    ]
    moment["now"] = now + timedelta(hours=1)
    client.get("/review/")
    assert audit_entries(verb="open_page").count() == 3


def test_a_page_that_opens_or_is_not_there_leaves_none(cast, signed_in):
    client = signed_in(cast("inspector"))
    assert client.get("/field/").status_code == 200
    assert client.get("/nowhere/").status_code == 404
    assert audit_entries(verb="open_page").count() == 0
