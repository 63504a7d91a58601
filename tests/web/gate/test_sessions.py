"""Reading needs no writing; idle time ends a session all the same; what cannot be stored is said in words."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.models import KeptSession as Session
from kaoping.accounts.sessions import SessionStore
from kaoping.support import clock, storage
from kaoping.web.gate import sessions
from kaoping.web.gate.sessions import due_for_renewal
from tests.conftest import PASSWORD

MACHINE = datetime.now(UTC)  # Django's sessions end by the real clock


@pytest.fixture
def signed_in(client, cast, monkeypatch):
    cast("auditor", username="anna", name="安娜")
    client.post("/sign-in/", {"username": "anna", "password": PASSWORD})
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE)
    client.get("/admin/audit/")
    return client


def full(*_args, **_named):
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise OperationalError(str(cause)) from cause


def writes(queries):
    return [one["sql"] for one in queries if re.match(r"INSERT|UPDATE|DELETE", one["sql"])]


@pytest.mark.django_db
def test_reading_writes_nothing(signed_in):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(3):
            assert signed_in.get("/admin/audit/").status_code == 200
    assert writes(queries.captured_queries) == []


@pytest.mark.django_db
def test_once_a_minute_the_end_is_moved(signed_in, monkeypatch):
    before = Session.objects.get().expire_date
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE + timedelta(seconds=61))
    answer = signed_in.get("/admin/audit/")
    assert Session.objects.get().expire_date > before
    assert "kaoping_inside" in answer.cookies


@pytest.mark.django_db
def test_reading_goes_on_when_the_session_cannot_be_stored(signed_in, monkeypatch):
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE + timedelta(minutes=5))
    monkeypatch.setattr(SessionStore, "save", full)
    assert signed_in.get("/admin/audit/").status_code == 200


@pytest.mark.django_db
def test_signing_in_that_cannot_be_stored_is_said_in_words(client, cast, monkeypatch):
    cast("auditor", username="anna", name="安娜")
    monkeypatch.setattr(SessionStore, "save", full)
    client.raise_request_exception = False
    answer = client.post("/sign-in/", {"username": "anna", "password": PASSWORD})
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    page = answer.content.decode()
    assert "不是您的原因" in page and "编号" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("breaks", ["note_sign_in", "SessionStore.save"])
def test_after_a_sign_in_that_could_not_be_stored_the_same_form_is_taken(cast, monkeypatch, breaks):
    """The page asks to keep it open and to send it again: its check mark still counts."""
    cast("auditor", username="anna", name="安娜")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/sign-in/")
    form = {
        "username": "anna",
        "password": PASSWORD,
        "csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value,
    }
    with monkeypatch.context() as patched:
        if breaks == "note_sign_in":
            patched.setattr("kaoping.web.gate.entering.note_sign_in", full)
        else:
            patched.setattr(SessionStore, "save", full)
        assert client.post("/sign-in/", form).status_code == 503
    assert client.post("/sign-in/", form).status_code == 302


@pytest.mark.django_db
def test_a_failed_sign_in_that_cannot_be_counted_is_no_error_page(client, cast, settings, monkeypatch):
    settings.AXES_ENABLED = True
    cast("auditor", username="anna", name="安娜")
    monkeypatch.setattr("axes.handlers.database.AxesDatabaseHandler.user_login_failed", full)
    client.raise_request_exception = False
    assert client.post("/sign-in/", {"username": "anna", "password": "wrong"}).status_code == 503


@pytest.mark.django_db
def test_a_closed_door_whose_line_cannot_be_written_says_not_now(signed_in, monkeypatch):
    """Every refusal is in the log; so where there is no room for the line nothing is refused yet, and nothing shown."""
    monkeypatch.setattr("kaoping.web.gate.middleware.note_refused_page", full)
    signed_in.raise_request_exception = False
    assert signed_in.get("/admin/people/").status_code == 503


@pytest.mark.django_db
def test_a_planted_or_ended_session_is_not_made_again(client, db):
    client.cookies["kaoping_inside"] = "planted" * 5
    client.get("/sign-in/")
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_every_page_says_when_nothing_can_be_stored(signed_in, monkeypatch):
    assert "不能保存" not in signed_in.get("/admin/audit/").content.decode()
    monkeypatch.setattr(storage, "glance", lambda _folder: storage.Room(0, storage.FULL))
    assert "现在只能看，不能保存" in signed_in.get("/admin/audit/").content.decode()


@pytest.mark.django_db
def test_health_says_when_nothing_can_be_stored(client, monkeypatch):
    assert client.get("/health/").json() == {"status": "ok"}
    monkeypatch.setattr(storage, "room", lambda _folder: storage.Room(0, storage.FULL))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "disk"})


@given(st.floats(0, 10**6), st.floats(0, 4000), st.integers(1, 3600))
def test_nobody_is_signed_out_noticeably_early(seen, passed, idle):
    """Between two renewals less than a thirtieth of the idle time passes unnoticed."""
    if not due_for_renewal(seen, seen + passed, idle):
        assert passed <= min(60, idle / 30) + 1e-6
    assert due_for_renewal(None, seen, idle)
    assert due_for_renewal(seen, seen - 1000, idle), "a clock that was set back renews"


def test_the_name_of_the_mark_is_ours():
    assert sessions.SEEN == "seen"
