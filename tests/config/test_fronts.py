"""Which request goes to which pool, how large its body may be, and who asks."""

import pytest

from kaoping.config import fronts, settings
from kaoping.config.fronts import INSIDE, OUTSIDE, inside_plan, outside_plan, visitor
from kaoping.front.fair import Visitor

SESSION = "kaoping_inside=abc"


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


def test_of_who_is_not_signed_in_nothing_large_is_kept():
    stranger = inside_plan("POST", "/unit/self-review/", "")
    assert (stranger.most_body, stranger.keep) == (fronts.FORM_INSIDE, fronts.SMALL)
    assert inside_plan("POST", "/sign-in/", SESSION).most_body == fronts.SMALL
    assert inside_plan("POST", "/unit/self-review/", f"a=b; {SESSION}").keep == fronts.FORM_INSIDE


def test_the_names_of_cookies_are_those_of_the_settings():
    assert settings.SESSION_COOKIE_NAME == fronts.INSIDE_SESSION
    assert settings.CSRF_COOKIE_NAME in fronts._CSRF


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
