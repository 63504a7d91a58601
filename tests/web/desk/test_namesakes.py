"""Two people of one name are told apart where it matters: in the lists of rulings and of signatures."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.models import Person
from kaoping.campaigns.services import ruling, sign_off
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse, over
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
SCORING = "/desk/scoring/G1-2025/"
HANDLER, HEAD, SIGNER = "王伟（政务公开办经办）", "王伟（办公室负责人）", "王伟（第二签发人）"


@pytest.fixture
def ruled(year: Any, monkeypatch: Any) -> Any:
    """A ruling and a signature, by three people who are all called 王伟 by now."""
    year.to("appeals")
    made = ruling.propose_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points="40",
        reason="领导小组会议核定",
        now=year.tick(),
    )
    ruling.second_points(actor=year.head, ruling=made, agreed=True, now=year.tick())
    year.at = year.campaign.appeals_close_at
    year.compute()
    for actor in (year.handler, year.head, year.signer):
        Person.objects.filter(pk=actor.id).update(name="王伟")
    at(year.tick(), monkeypatch)
    return year


def text(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_a_ruling_names_its_two_people_by_their_posts(ruled: Any, signed_in: Any) -> None:
    page = text(signed_in(ruled.head), SCORING + "rulings/")
    assert HANDLER in page and HEAD in page
    Person.objects.exclude(pk=ruled.handler.id).filter(name="王伟").update(name="李娜")
    page = text(signed_in(ruled.handler), SCORING + "rulings/")
    assert "王伟" in page and HANDLER not in page


def test_a_signature_names_its_two_people_by_their_posts(ruled: Any, signed_in: Any) -> None:
    signer = signed_in(ruled.signer)
    assert HANDLER in text(signer, SCORING + "sign-off/")
    sign_off.sign_off(actor=ruled.signer, campaign=ruled.campaign, typed_year="2025", now=ruled.tick())
    page = text(signer, SCORING + "sign-off/")
    assert HANDLER in page and SIGNER in page


@IN_CHROMIUM
@WITH_CHROMIUM
def test_the_longer_names_fit_a_phone(ruled: Any, signed_in: Any) -> None:
    sign_off.sign_off(actor=ruled.signer, campaign=ruled.campaign, typed_year="2025", now=ruled.tick())

    def script(window: Window) -> None:
        for path in ("rulings/", "sign-off/"):
            window.open(SCORING + path)
            for width in (360, 1440):
                window.page.set_viewport_size({"width": width, "height": 900})
                assert over(window.page) <= 0

    browse(signed_in(ruled.signer), script)
