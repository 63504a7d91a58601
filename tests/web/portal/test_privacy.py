"""What the privacy page says of the reader's browser is what scripts and answers store there, and nothing is left out."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

import kaoping
from kaoping.support import cookie_names
from tests.web.portal import publishing

UI = Path(kaoping.__file__).parent / "web/ui"
# Scripts of pages behind sign-in.
INSIDE = {"words.js", "sign-in-here.js", "sign-out.js", "secrets.js", "autosave.js"}
# What a script of both faces keeps on pages of reviewers alone.
OF_REVIEWERS = "kp-scoring"


def told(page: str) -> dict[str, set[str]]:
    """Kind of store to the names that the page tells of."""
    words = [one.split() for one in re.findall(r'data-kept="([^"]+)"', page)]
    found: dict[str, set[str]] = {}
    for one in words:
        for kind, name in zip(one[::2], one[1::2], strict=True):
            found.setdefault(kind, set()).add(name)
    return found


@pytest.fixture
def page(visitor: Client) -> str:
    return visitor.get("/about/privacy/").content.decode()


def test_the_keys_that_public_scripts_store_are_told(
    page: str, visitor: Client, folder: Path, now: datetime
) -> None:
    publishing.announce(folder, now)
    scripts = set()
    for address in ("/evaluate/U1/", "/evaluate/", "/receipt/", "/"):
        scripts |= set(re.findall(r"kaoping/js/([\w-]+\.js)", visitor.get(address).content.decode()))
    assert "questionnaire.js" in scripts and not scripts & INSIDE
    kept: dict[str, set[str]] = {}
    for name in scripts:
        source = (UI / "static/kaoping/js" / name).read_text(encoding="utf-8")
        assert "document.cookie" not in source and "indexedDB" not in source
        for kind in re.findall(r"(sessionStorage|localStorage)\.setItem\(", source):
            keys = set(re.findall(r'"(kp:|kp-scoring)"', source)) - {OF_REVIEWERS}
            kept.setdefault(kind, set()).update(keys)
    assert {kind: keys for kind, keys in kept.items() if keys} == {"sessionStorage": {"kp:"}}
    assert {kind: keys for kind, keys in told(page).items() if kind != "cookie"} == {
        "sessionStorage": {"kp:"}
    }


def test_the_cookies_that_the_outside_face_sets_are_told(page: str, folder: Path, now: datetime) -> None:
    publishing.announce(folder, now)
    visitor = Client(enforce_csrf_checks=True)
    visitor.get("/evaluate/U1/")
    visitor.post(reverse("look"), {"theme": "dark", "mode": "elder", "density": "loose"})
    set_now = {name.removeprefix("__Host-"): cookie for name, cookie in visitor.cookies.items()}
    assert set(set_now) == told(page)["cookie"]
    years = {name: int(cookie["max-age"]) / 86400 for name, cookie in set_now.items()}
    assert all(360 < days < 370 for days in years.values()) and page.count("一年") == 2
    assert settings.CSRF_COOKIE_NAME.removeprefix("__Host-") == cookie_names.OUTSIDE_TOKEN


def test_answers_and_opinion_are_said_to_lie_in_the_tab(page: str) -> None:
    assert "您选的答案、写的意见" in page and "关掉标签页" in page and "不加密" in page
    assert "一次性标记" not in page
