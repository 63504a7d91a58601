"""Addresses name whose year it is; those of earlier releases, which name the year alone, still lead there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from kaoping.accounts.actor import Actor
from tests.campaigns.examples import Year


def test_the_address_of_before_opens_the_same_page(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    desk = signed_in(year.handler)
    assert reverse("desk-board-year", args=[year.campaign.key]) == "/desk/board/G1-2025/"
    old, new = desk.get("/desk/board/2025/"), desk.get("/desk/board/G1-2025/")
    assert old.status_code == new.status_code == 200
    assert 'href="/desk/plan/G1-2025/"' in old.content.decode()
    assert desk.post("/desk/board/2025/advance/", {"to": "nowhere"}).status_code == 409


def test_another_organiser_s_year_is_not_there(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    desk = signed_in(year.handler)
    assert desk.get("/desk/board/U1-2025/").status_code == 404
    assert desk.get("/desk/board/G1-2024/").status_code == 404
    # Whether anything is organised under another code is not told, whatever is sent.
    assert desk.get("/desk/evaluation/U1-2025/").status_code == 403
    assert desk.post("/desk/evaluation/U1-2025/prepare/", {}).status_code == 403
    assert desk.get("/desk/evaluation/G1-2025/").status_code == 200


def test_no_address_is_written_without_whose_year_it_is() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("desk-board-year", args=[2025])
