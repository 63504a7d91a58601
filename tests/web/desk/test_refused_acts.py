"""Whoever sends a form that is not theirs to send is refused in words, and the log has the line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import AuditEntry
from kaoping.campaigns.queries import review as reviews
from kaoping.support import clock
from tests.campaigns.examples import PDF, Year
from tests.ledger import ledger as whole_ledger
from tests.web import product_pages

pytestmark = pytest.mark.django_db
FACE: Final = "kaoping.config.urls_inside"
# Everything that any form of the desk asks for, so that what is refused is the act and not the form.
TYPED: Final = {
    "reason": "经核实有误，应当改正",
    "opinion": "同意",
    "confirm_year": "2025",
    "agreed": "yes",
    "accepted": "yes",
    "points": "1",
    "unit": "U1",
    "item": "K1.1",
    "text": "经核实有误，应当改正",
    "no_secret": "1",
    "days": "15",
    "act": "rule",
}


def _values(year: Year) -> dict[str, list[object]]:
    return {
        "year": [2025],
        "subject": ["plan", "result", "correction"],
        "code": ["U1"],
        "uid": [whole_ledger()[0].id],
        "assignment_id": [reviews.assignments(year.campaign)[0].pk],
        "stage": ["review"],
    }


def _posts(values: dict[str, list[object]]) -> Iterator[tuple[str, str]]:
    for name, pattern in product_pages.patterns(FACE).items():
        names = list(pattern.pattern.converters)
        if _of_desk(pattern) and set(names) <= set(values):
            for given in itertools.product(*(values[one] for one in names)):
                yield name, reverse(name, urlconf=FACE, kwargs=dict(zip(names, given, strict=True)))


def _of_desk(pattern: URLPattern) -> bool:
    return pattern.callback.__module__.startswith("kaoping.web.desk")


def _sent(client: Client, address: str) -> Any:
    file = SimpleUploadedFile("呈批表.pdf", PDF, content_type="application/pdf")
    return client.post(address, {**TYPED, "file": file})


def _left_without_a_line(client: Client, year: Year) -> list[str]:
    wrong = []
    for name, address in _posts(_values(year)):
        before = AuditEntry.objects.filter(refused=True).count()
        response = _sent(client, address)
        if response.status_code in (404, 405):
            continue
        line = AuditEntry.objects.filter(refused=True).count() > before
        if response.status_code < 400 or not line:
            wrong.append(f"{name} {address}: {response.status_code}{'' if line else ', no line'}")
    return wrong


WRONG: Final = ("auditor", "appeal_decider", "office_head", "leading_group", "second_signer")
# Rooms whose acts the handler has, none of which may be done before a result is signed.
NOT_YET: Final = (
    "desk-approval-",
    "desk-correction-",
    "desk-step-back",
    "desk-freeze",
    "desk-self-review-",
    "desk-close-round",
)


@pytest.mark.parametrize("stage", ["review", "appeals"])
def test_no_form_of_the_desk_is_turned_away_without_a_word_and_a_line(
    year: Year,
    stage: str,
    cast: Callable[..., Actor],
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year.to(stage)
    monkeypatch.setattr(clock, "now", lambda: year.at)
    for role in WRONG:
        assert _left_without_a_line(signed_in(cast(role)), year) == [], role


def test_what_may_not_be_done_yet_is_refused_to_the_handler_as_well(
    year: Year, signed_in: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    year.to("appeals")
    monkeypatch.setattr(clock, "now", lambda: year.at)
    wrong = _left_without_a_line(signed_in(year.handler), year)
    assert [one for one in wrong if one.startswith(NOT_YET)] == []
