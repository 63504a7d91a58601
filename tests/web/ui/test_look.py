"""The reader's choices of look, and error pages in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import RequestFactory, override_settings

from kaoping.web.ui import errors
from kaoping.web.ui.look import look_of, set_look
from kaoping.web.ui.parts.navigation import Look

BARE = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]


@pytest.fixture
def bare() -> Iterator[None]:
    """Templates without the faces' context processors."""
    with override_settings(TEMPLATES=BARE):
        yield


def test_a_choice_is_kept_in_a_cookie_and_leads_back() -> None:
    request = RequestFactory().post("/look/", {"theme": "dark", "mode": "elder", "next": "/units/?page=2"})
    response = set_look(request)
    assert response.status_code == 302 and response["Location"] == "/units/?page=2"
    assert response.cookies["kp_theme"].value == "dark" and response.cookies["kp_theme"]["httponly"]
    assert "kp_density" not in response.cookies


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:1", ""])
def test_the_form_leads_nowhere_else(target: str) -> None:
    assert set_look(RequestFactory().post("/look/", {"theme": "dark", "next": target}))["Location"] == "/"


def test_only_known_choices_count() -> None:
    response = set_look(RequestFactory().post("/look/", {"theme": "pink"}))
    assert not response.cookies
    request = RequestFactory().get("/")
    request.COOKIES.update(kp_theme='"><script>', kp_mode="elder")
    assert look_of(request) == Look("auto", "elder", "normal")
    assert set_look(RequestFactory().get("/look/")).status_code == 405


def test_a_refusal_is_shown_in_its_own_words(bare: None) -> None:
    response = errors.refused(RequestFactory().get("/"), PermissionError("录入人与签发人不得为同一人。"))
    assert response.status_code == 403 and "录入人与签发人不得为同一人。" in response.content.decode()


def test_our_own_failure_gives_a_number_that_stands_in_the_log(
    bare: None, caplog: pytest.LogCaptureFixture
) -> None:
    response = errors.failed(RequestFactory().get("/board/"))
    number = caplog.records[-1].getMessage().split()[1]
    assert response.status_code == 500 and number in response.content.decode()


def test_the_other_pages_say_what_to_do(bare: None) -> None:
    request = RequestFactory().get("/")
    assert errors.not_found(request).status_code == 404
    assert errors.bad_request(request).status_code == 400
    assert "过期" in errors.csrf_failure(request).content.decode()
