"""No field takes more than its length, whoever sends it; what fits passes to the view."""

import pytest
from django.test import Client

from kaoping.web.gate.bounds import LONGEST

pytestmark = pytest.mark.django_db
FORMS = [
    ("office_handler", "/desk/ledger/x/move/", "reason"),
    ("office_handler", "/desk/cases/ZG-2025-0001/reply/", "text"),
    ("liaison", "/unit/cases/ZG-2025-0001/answer/", "text"),
    ("system_admin", "/admin/people/", "name"),
    ("office_handler", "/desk/materials/" + "0" * 64 + "/propose/destroy/", "anything-at-all"),
]


@pytest.mark.parametrize(("role", "path", "field"), FORMS)
def test_a_longer_field_is_turned_away_in_words(units, cast, signed_in, role, path, field):
    client = signed_in(cast(role, "U1" if role == "liaison" else None))
    page = client.post(path, {field: "字" * (LONGEST + 1)})
    assert page.status_code == 413
    assert "每栏最多 10,000 字，这一栏有 10,001 字" in page.content.decode()


@pytest.mark.parametrize(("role", "path", "field"), FORMS)
def test_a_script_that_asks_for_json_is_told_in_json(units, cast, signed_in, role, path, field):
    client = signed_in(cast(role, "U1" if role == "liaison" else None))
    told = client.post(path, {field: "字" * (LONGEST + 1)}, headers={"accept": "application/json"})
    assert told.status_code == 413 and "这一栏有 10,001 字" in told.json()["refused"]


def test_strangers_are_turned_away_too(units):
    assert Client().post("/sign-in/", {"username": "a" * (LONGEST + 1)}).status_code == 413


def test_what_fits_reaches_the_view(units, cast, signed_in):
    client = signed_in(cast("office_handler"))
    assert client.post("/desk/ledger/x/move/", {"reason": "字" * LONGEST}).status_code == 404
    assert (
        client.post("/desk/register/import/", {"kept": "A" * (LONGEST + 4), "name": "x.csv"}).status_code
        != 413
    )
