"""Whoever is signed in can open every address that a page offers: no link answers 403 or 404 to the person who sees it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from kaoping.accounts.actor import ROLES, SYSTEM, Actor
from kaoping.campaigns.models import Appeal
from kaoping.campaigns.services import appeal, sign_off
from kaoping.evidence.services import Entry
from kaoping.publication import queries as releases
from kaoping.publication import services as publication
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.support import clock
from tests.campaigns.conftest import year
from tests.campaigns.examples import Year
from tests.campaigns.test_withdrawal import imported
from tests.ledger import record

__all__ = ["year"]
pytestmark = pytest.mark.django_db
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
# So many addresses of one screen are opened for one person; the rest are the same links with other numbers.
MOST = 1
PLACES = {"liaison": "U1", "district_office": "D1", "competent_department": "U2"}


def links(page: str, base: str) -> list[str]:
    """Addresses of this face that the page links to, without fragments."""
    found = [urlsplit(urljoin(base, unescape(one))) for one in _LINK.findall(page)]
    own = [one for one in found if not one.scheme and not one.netloc and not one.path.startswith("/static/")]
    return list(dict.fromkeys(one._replace(fragment="").geturl() for one in own))


def shape(address: str) -> str:
    """Which screen an address is of, and with which questions."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return address
    return f"{found.url_name}?{'&'.join(sorted(one.partition('=')[0] for one in parts.query.split('&')))}"


def dead_links(client: Client) -> list[str]:
    """Every link that answered 403, 404 or an error, with the page on which it stands."""
    waiting, known, seen, dead = deque([("", "/")]), {"/"}, Counter[str](), []
    while waiting:
        origin, address = waiting.popleft()
        if seen[shape(address)] == MOST:
            continue
        seen[shape(address)] += 1
        response = client.get(address, follow=True)
        if response.status_code >= 400:
            dead.append(f"{response.status_code} {address} (on {origin})")
            continue
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        for one in links(response.content.decode(), response.request["PATH_INFO"]):
            if one not in known:
                known.add(one)
                waiting.append((address, one))
    return dead


def busy(year: Year, stage: str) -> None:
    """A year with something in every room."""
    Organisation.objects.create(
        code="D1", name="样例区人民政府", short_name="样例区", kind="district_government", order=9
    )
    Organisation.objects.filter(code="U1").update(
        parent="D1", leading_department="U2", site_url="https://u1.example.test/"
    )
    if stage == "plan":
        return
    year.to("review")
    imported(year, f"U1,K3.3,件数,1,{year.at.date().isoformat()},台账")
    fault = Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01")
    record([fault], actor=SYSTEM, now=year.tick())
    year.to("appeals" if stage == "published" else stage)
    if stage == "review":
        return
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料齐全",
        now=year.tick(),
    )
    year.compute()
    if stage == "published":
        _publish(year, filed)


def _publish(year: Year, filed: Appeal) -> None:
    appeal.decide_appeal(
        actor=year.decider, appeal=filed, outcome="rejected", decision="核对无误", now=year.tick()
    )
    record([Entry("U1", "office", year.at, "points", "10", item="K3.3")], actor=SYSTEM, now=year.tick())
    year.wait_for_appeals()
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    publication.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.sign("result")
    release = releases.latest(main_year(2025))
    assert release is not None
    publication.publish(actor=year.handler, release=release, now=year.tick())


def enter(role: str, year: Year, cast: Callable[..., Actor], signed_in: Callable[[Actor], Client]) -> Client:
    """Somebody of the role, with work to see."""
    return signed_in(year.reviewers[0] if role == "reviewer" else cast(role, PLACES.get(role)))


@pytest.mark.parametrize("role", ["district_office", "competent_department"])
def test_the_board_of_a_branch_offers_only_what_it_may_open(
    role: str,
    year: Year,
    cast: Callable[..., Actor],
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the plan is written so much is missing that the board shows a part of it and counts the rest."""
    busy(year, "plan")
    monkeypatch.setattr(clock, "now", lambda: year.at)
    client = enter(role, year, cast, signed_in)
    page = client.get("/desk/board/G1-2025/").content.decode()
    assert "另有" in page
    found = links(page.partition("<main")[2].partition("</main>")[0], "/desk/board/G1-2025/")
    assert [one for one in found if client.get(one).status_code >= 400] == []
    assert client.get("/desk/board/G1-2025/advance/").status_code == 403
    assert "/desk/visits/draws/" not in client.get("/desk/visits/").content.decode()
    assert client.get("/desk/visits/draws/").status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", ["plan", "appeals", "published"])
def test_no_link_leads_nowhere_for_whoever_sees_it(
    stage: str,
    role: str,
    year: Year,
    cast: Callable[..., Actor],
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    busy(year, stage)
    monkeypatch.setattr(clock, "now", lambda: year.at)
    assert dead_links(enter(role, year, cast, signed_in)) == []
