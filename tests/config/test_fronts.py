"""Which request goes to which pool, how large its body may be, and who asks."""

import asyncio
from http.cookies import SimpleCookie

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from kaoping.config import fronts, settings
from kaoping.config.fronts import OUTSIDE, inside, outside_plan, visitor
from kaoping.front import OTHERS, make_front
from kaoping.front.fair import Visitor
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock, session_mark
from tests.conftest import PASSWORD
from tests.front.test_application import Hello, ask

SESSION = "kaoping_inside=abc"
SECRET, HOURS = "secret", 12
INSIDE = inside(SECRET, HOURS)


def marked(key="abc", person="7", secret=SECRET, now=None):
    at = clock.machine_now().timestamp() if now is None else now
    return f"kaoping_inside={key}; kaoping_inside_mark={session_mark.make(secret, key, person, at)}"


def inside_plan(method, path, cookies):
    return INSIDE.plan(method, path, cookies)


@pytest.mark.parametrize(
    ("method", "path", "pool"),
    [
        ("GET", "/health/", "health"),
        ("GET", "/static/a.css", "files"),
        ("GET", "/sign-in/", "pages"),
        ("POST", "/sign-in/", "sign-in"),
        ("POST", "/sign-in/code/", "sign-in"),
        ("GET", "/sign-in/city/", "city"),
        ("GET", "/sign-in/city/back/", "city"),
        ("POST", "/password/", "sign-in"),
        ("POST", "/desk/evaluation/2025/open/", "sign-in"),
        ("POST", "/desk/evaluation/2025/prepare/", "sign-in"),
        ("GET", "/desk/evaluation/2025/open/", "pages"),
        ("POST", "/desk/evaluation/2025/open/x", "pages"),
        ("GET", "/desk/", "pages"),
        ("POST", "/desk/ledger/", "pages"),
    ],
)
def test_inside(method, path, pool):
    assert inside_plan(method, path, SESSION).pool == pool
    assert pool in INSIDE.pools


@pytest.mark.parametrize(
    ("method", "path", "pool"),
    [
        ("GET", "/health/", "health"),
        ("GET", "/static/a.css", "files"),
        ("GET", "/", "results"),
        ("GET", "/2025/results.csv", "results"),
        ("GET", "/evaluate/U1/", "results"),
        ("POST", "/evaluate/U1/", "handing-in"),
        ("POST", "/receipt/", "handing-in"),
        ("POST", "/look/", "results"),
    ],
)
def test_outside(method, path, pool):
    assert outside_plan(method, path, "").pool == pool
    assert pool in OUTSIDE.pools


def test_the_forms_of_the_openers_hash_where_passwords_are_hashed():
    for name in ("desk-evaluation-open", "desk-evaluation-prepare"):
        assert (
            inside_plan("POST", reverse(name, args=[OrganisedYear("G1", 2025)]), marked()).pool == "sign-in"
        )


@pytest.mark.parametrize(
    "cookies",
    [
        "",
        SESSION,
        f"{SESSION}; kaoping_inside_mark=made-up",
        f"{SESSION}; kaoping_inside_mark=1.2.3",
        marked(secret="another"),
        marked().replace("=abc", "=abd"),
        marked(now=0),
        marked(now=4e9),
    ],
)
def test_of_who_is_not_signed_in_nothing_large_is_kept(cookies):
    plan = inside_plan("POST", "/unit/self-review/", cookies)
    assert (plan.most_body, plan.keep, plan.room) == (fronts.FORM_INSIDE, fronts.SMALL, OTHERS)


def test_of_who_is_signed_in_a_large_form_is_kept_on_the_share_of_the_person():
    plan = inside_plan("POST", "/unit/self-review/", f"a=b; {marked()}")
    assert (plan.keep, plan.room) == (fronts.FORM_INSIDE, fronts.SIGNED_IN)
    over_https = marked().replace("kaoping_inside=", "__Host-kaoping_inside=")
    assert inside_plan("POST", "/unit/self-review/", over_https) == plan
    assert plan.client == inside_plan("POST", "/", marked(key="other")).client
    assert plan.client != inside_plan("POST", "/", marked(person="8")).client
    assert inside_plan("POST", "/sign-in/", marked()).most_body == fronts.SMALL


def test_one_person_has_room_for_the_largest_form_and_others_beside():
    most, share = INSIDE.rooms[fronts.SIGNED_IN]
    assert share >= fronts.FORM_INSIDE and most >= 4 * share
    for rules in (INSIDE, OUTSIDE):
        most, share = rules.rooms[OTHERS]
        assert most >= 4 * share


@pytest.mark.parametrize("cookies", [SESSION, marked()])
def test_three_large_forms_that_never_end_stop_nobody(cookies, monkeypatch):
    """Three of 170 MB, with a made-up session or with one person's own, and 5 MB of somebody else."""
    hello, large = Hello(), [b"x" * fronts.MEGABYTE] * 170
    app = make_front(hello, INSIDE)
    headers = [(b"content-type", b"text/plain")]

    async def go():
        slow = [
            asyncio.create_task(
                ask(app, "POST", parts=large, hang=True, headers=[*headers, (b"cookie", cookies.encode())])
            )
            for _ in range(3)
        ]
        await asyncio.sleep(0.01)
        honest = [(b"cookie", marked(key="honest", person="9").encode())]
        status, _headers, _body = await ask(
            app,
            "POST",
            parts=[b"y" * fronts.MEGABYTE] * 5,
            headers=[*headers, *honest],
            client=("192.0.2.9", 1),
        )
        for task in slow:
            task.cancel()
        return status

    assert asyncio.run(go()) == 200
    assert [len(content) for _environ, content in hello.seen] == [5 * fronts.MEGABYTE]


@pytest.mark.django_db
def test_signing_in_brings_the_mark_and_signing_out_takes_it(client, cast):
    cast("auditor", username="anna", name="安娜")
    client.post("/sign-in/", {"username": "anna", "password": PASSWORD})
    rules = inside(django_settings.SECRET_KEY, django_settings.KAOPING_SESSION_HOURS)

    def cookies():
        return SimpleCookie({name: one.value for name, one in client.cookies.items()}).output(
            header="", sep=";"
        )

    assert rules.plan("POST", "/", cookies()).room == fronts.SIGNED_IN
    mark = client.cookies[fronts.INSIDE_MARK]
    assert mark["httponly"] and mark["samesite"] == "Lax"
    assert fronts.INSIDE_MARK not in client.get("/admin/audit/").cookies, "once"
    client.post("/sign-out/")
    assert client.cookies[fronts.INSIDE_MARK].value == ""
    assert rules.plan("POST", "/", cookies()).room == OTHERS


def test_the_names_of_cookies_are_those_of_the_settings():
    assert settings.SESSION_COOKIE_NAME == fronts.INSIDE_SESSION
    assert settings.CSRF_COOKIE_NAME == fronts.INSIDE_TOKEN


@pytest.mark.parametrize("cookies", ["", "=;;;", "\x00", "a" * 100_000, "kaoping_inside=" + "x" * 5000])
def test_whatever_cookies_say_there_is_a_plan_and_a_visitor(cookies):
    assert inside_plan("POST", "/", cookies).pool == "pages"
    assert len(visitor("192.0.2.1", {"cookie": cookies}).mark) <= 80


def test_browsers_behind_one_proxy_are_told_apart(monkeypatch):
    monkeypatch.delenv("KAOPING_TRUSTED_PROXIES", raising=False)
    headers = {"cookie": SESSION, "x-forwarded-for": "198.51.100.7"}
    assert visitor("192.0.2.1", headers) == Visitor("192.0.2.1", "abc")
    monkeypatch.setenv("KAOPING_TRUSTED_PROXIES", "192.0.2.1")
    assert visitor("192.0.2.1", headers) == Visitor("198.51.100.7", "abc")
