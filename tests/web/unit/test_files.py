"""The matrix of file doors: who gets which file by which address, and how it is handed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.campaigns.queries import appeal as appeals
from kaoping.campaigns.services import self_review
from kaoping.campaigns.services.appeal import file_appeal
from kaoping.evidence.services import Entry, store_artefact
from kaoping.scoring.observations import ArtefactRef
from tests.campaigns.examples import Year
from tests.ledger import record

pytestmark = pytest.mark.django_db

FILES = ("own_answer", "other_answer", "own_capture", "other_capture", "register", "own_appeal", "loose")


@dataclass
class Shelf:
    year: Year
    digests: dict[str, str]
    appeal: int


def _put(year: Year, name: str) -> str:
    return store_artefact(b"%PDF-1.4 " + name.encode(), name=f"{name}.pdf", actor=SYSTEM, now=year.tick())


@pytest.fixture
def shelf(year: Year) -> Shelf:
    year.to("self_review")
    digests = {}
    for unit, name in (("U1", "own_answer"), ("U2", "other_answer")):
        year.answer(unit, "K1.1", level="good")
        row = self_review.add_artefact(
            actor=year.liaisons[unit],
            self_review=year.form(unit),
            item="K1.1",
            content=b"%PDF-1.4 " + name.encode(),
            confirmed=True,
            name=f"{name}.pdf",
            now=year.tick(),
        )
        digests[name] = row.sha256
    for unit, name, source in (
        ("U1", "own_capture", "monitor"),
        ("U2", "other_capture", "monitor"),
        ("U1", "register", "register"),
    ):
        digests[name] = _put(year, name)
        record(
            [
                Entry(
                    unit,
                    source,
                    year.at,
                    "verdict",
                    "not_met",
                    item="K3.3",
                    check="P-01",
                    artefacts=[ArtefactRef(digests[name], None)],
                )
            ],
            actor=SYSTEM,
            now=year.tick(),
        )
    digests["loose"] = _put(year, "loose")
    year.to("preview")
    appeal = file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K3.3",
        claim="请看",
        content=b"%PDF-1.4 own_appeal",
        confirmed=True,
        name="own_appeal.pdf",
        now=year.tick(),
    )
    digests["own_appeal"] = appeal.sha256
    return Shelf(year, digests, appeal.pk)


def _given(client: Client, shelf: Shelf, start: str) -> set[str]:
    found = set()
    for name in FILES:
        answer = client.get(f"{start}{shelf.digests[name]}/")
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            found.add(name)
    return found


def test_the_matrix(shelf: Shelf, signed_in: Callable[[Actor], Client]) -> None:
    year = shelf.year
    unit = "/unit/files/G1-2025/U1/"
    mine = f"/review/{year.assignment(year.reviewers[0], 'U1').pk}/files/"
    decide = f"/review/appeals/{shelf.appeal}/files/"
    own, other = year.liaisons["U1"], year.liaisons["U2"]
    reviewer, colleague, decider = year.reviewers[0], year.reviewers[1], year.decider
    expected: list[tuple[Any, str, set[str]]] = [
        (own, unit, {"own_answer", "own_capture", "own_appeal"}),
        (other, unit, set()),
        (reviewer, unit, set()),
        (reviewer, mine, {"own_answer"}),
        (colleague, mine, set()),
        (own, mine, set()),
        (decider, mine, set()),
        (decider, decide, _behind(shelf)),
        (own, decide, set()),
        (reviewer, decide, set()),
    ]
    for actor, start, wanted in expected:
        assert _given(signed_in(actor), shelf, start) == wanted, (actor.name, start)


def _behind(shelf: Shelf) -> set[str]:
    """What the item's points rest on, and the appeal's own file."""
    appeal = appeals.by_id(shelf.appeal)
    assert appeal is not None
    basis = appeals.basis(appeal)
    assert basis is not None
    digests = {one.sha256 for line in basis.observations for one in line.artefacts}
    return {name for name, digest in shelf.digests.items() if digest in digests} | {"own_appeal"}


def test_a_file_is_never_a_page_of_ours(shelf: Shelf, signed_in: Callable[[Actor], Client]) -> None:
    client = signed_in(shelf.year.liaisons["U1"])
    digest = store_artefact(
        b"<html><script>alert(1)</script></html>",
        name='快照 "x".html',
        actor=SYSTEM,
        now=shelf.year.tick(),
    )
    record(
        [
            Entry(
                "U1",
                "monitor",
                shelf.year.at,
                "verdict",
                "not_met",
                item="K3.3",
                check="P-02",
                artefacts=[ArtefactRef(digest, None)],
            )
        ],
        actor=SYSTEM,
        now=shelf.year.tick(),
    )
    answer = client.get(f"/unit/files/G1-2025/U1/{digest}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert '"x"' not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("odd", ["..", "%2e%2e%2fsecret", "A" * 64, "0" * 63])
def test_only_digests_name_files(shelf: Shelf, signed_in: Callable[[Actor], Client], odd: str) -> None:
    assert signed_in(shelf.year.liaisons["U1"]).get(f"/unit/files/G1-2025/U1/{odd}/").status_code == 404


def test_a_recusal_shuts_the_door(shelf: Shelf, signed_in: Callable[[Actor], Client]) -> None:
    year = shelf.year
    row = year.assignment(year.reviewers[0], "U1")
    row.recused = True
    row.save()
    address = f"/review/{row.pk}/files/{shelf.digests['own_answer']}/"
    assert signed_in(year.reviewers[0]).get(address).status_code == 404
