"""A link handed in is fetched by a job; it is called archived only when its bytes are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from kaoping.accounts.actor import Refused
from kaoping.campaigns import jobs
from kaoping.campaigns.logic import link_capture as logic
from kaoping.campaigns.models import AnswerArtefact
from kaoping.campaigns.services import link_capture, self_review
from kaoping.evidence import queries as ledger
from kaoping.support.models import Job
from tests.campaigns.examples import Year
from tests.crawling.serving import Served, page, serve

pytestmark = pytest.mark.django_db
TEXT = "<html><body><h1>公开指南</h1></body></html>"
PAGE = TEXT.encode()


@pytest.fixture
def site() -> Iterator[Served]:
    with serve({"/a": page(TEXT)}) as served:
        yield served


@pytest.fixture
def open_year(year: Year) -> Year:
    return year.to("self_review")


def hand_in(year: Year, url: str) -> AnswerArtefact:
    year.answer("U1", "K1.1", level="fair", text="见网页")
    return self_review.add_artefact(
        actor=year.liaisons["U1"], self_review=year.form("U1"), item="K1.1", url=url, now=year.tick()
    )


def run(link: AnswerArtefact, year: Year) -> str:
    (job,) = Job.objects.filter(name=link_capture.CAPTURE, state=Job.WAITING)
    said = jobs.capture_link(**job.arguments, now=year.tick())
    link.refresh_from_db()
    return said


def test_a_link_waits_until_its_bytes_are_kept(open_year: Year, site: Served, settings: Any) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    link = hand_in(open_year, f"{site.root}a")
    assert logic.state(link) == logic.WAITING
    assert run(link, open_year) == "已存档"
    assert logic.state(link) == logic.KEPT
    assert link.capture_sha256 == hashlib.sha256(PAGE).hexdigest()
    assert ledger.artefact_bytes(link.capture_sha256) == PAGE
    assert b"200" in (ledger.artefact_bytes(link.capture_headers) or b"")
    with pytest.raises(Refused, match="已经存档"):
        link_capture.ask_again(
            actor=open_year.liaisons["U1"],
            self_review=open_year.form("U1"),
            artefact_id=link.pk,
            now=open_year.tick(),
        )


def test_a_kept_page_goes_into_the_ledger_by_its_digest(open_year: Year, site: Served, settings: Any) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    link = hand_in(open_year, f"{site.root}a")
    run(link, open_year)
    open_year.submit("U1")
    (line,) = [one for one in ledger.of_unit("U1", "K1.1") if one.source == "self"]
    assert [(one.sha256, one.url) for one in line.artefacts] == [(link.capture_sha256, link.url)]


def test_what_could_not_be_kept_says_why_and_can_be_asked_again(
    open_year: Year, site: Served, settings: Any
) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    link = hand_in(open_year, f"{site.root}gone")
    assert "404" in run(link, open_year)
    assert logic.state(link) == logic.FAILED and "404" in link.capture_failure
    Job.objects.all().delete()
    link_capture.ask_again(
        actor=open_year.liaisons["U1"],
        self_review=open_year.form("U1"),
        artefact_id=link.pk,
        now=open_year.tick(),
    )
    link.refresh_from_db()
    assert logic.state(link) == logic.WAITING
    assert "404" in run(link, open_year)
    with pytest.raises(Refused, match="联络员"):
        link_capture.ask_again(
            actor=open_year.liaisons["U2"],
            self_review=open_year.form("U1"),
            artefact_id=link.pk,
            now=open_year.tick(),
        )


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/a", "http://127.0.0.1/", "http://localhost/x", "http://[::1]/", "http://a:b@x.cn/"],
)
def test_an_inside_address_is_refused_when_it_is_typed(open_year: Year, url: str) -> None:
    with pytest.raises(Refused, match="存不了档"):
        hand_in(open_year, url)
    assert not AnswerArtefact.objects.exists()


def test_a_name_that_leads_inside_is_refused_by_the_guard(
    open_year: Year, site: Served, settings: Any
) -> None:
    settings.KAOPING_CRAWL_RESOLVE = f"inside.kaoping.test:{site.port}:127.0.0.1"
    link = hand_in(open_year, "http://inside.kaoping.test/a")
    run(link, open_year)
    assert logic.state(link) == logic.FAILED and not link.capture_sha256
