"""A link handed in is fetched by a job; it is called archived only when its bytes are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor, Refused
from kaoping.campaigns import jobs
from kaoping.campaigns.models import AnswerArtefact, Appeal
from kaoping.campaigns.services import appeal as appeals
from kaoping.campaigns.services import link_capture, self_review
from kaoping.campaigns.services.appeal import Change
from kaoping.evidence import links as logic
from kaoping.evidence import queries as ledger
from kaoping.publication.material_uses import uses
from kaoping.support.models import Job
from kaoping.web.ui.wording import short_hash
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


def file_appeal(year: Year, url: str, **more: Any) -> Appeal:
    return appeals.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料齐全",
        url=url,
        now=year.tick(),
        **more,
    )


def run_appeal(appeal: Appeal, year: Year) -> str:
    (job,) = Job.objects.filter(name=link_capture.CAPTURE_APPEAL, state=Job.WAITING)
    said = jobs.capture_appeal_link(**job.arguments, now=year.tick())
    appeal.refresh_from_db()
    return said


def test_the_address_of_an_appeal_is_captured_and_proves_the_decision_by_its_own_digest(
    year: Year, site: Served, settings: Any, signed_in: Callable[[Actor], Client]
) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    year.to("preview")
    filed = file_appeal(year, f"{site.root}a", content=b"%PDF-1.4 x", name="说明.pdf", confirmed=True)
    unit = signed_in(year.liaisons["U1"])
    page = unit.get("/unit/preview/G1-2025/U1/K1.1/").content.decode()
    assert "抓取中" in page and "已存档" not in page
    assert run_appeal(filed, year) == "已存档"
    digest = hashlib.sha256(PAGE).hexdigest()
    for path, client in (
        ("/unit/preview/G1-2025/U1/K1.1/", unit),
        (f"/desk/appeals/G1-2025/{filed.pk}/", signed_in(year.handler)),
        (f"/review/appeals/{filed.pk}/", signed_in(year.decider)),
    ):
        shown = client.get(path).content.decode()
        assert "已存档" in shown and short_hash(digest) in shown and "抓取中" not in shown, path
    assert unit.get(f"/unit/files/G1-2025/U1/{digest}/").status_code == 200
    assert "复核申请附件" in {one.kind for one in uses(digest)}
    appeals.decide_appeal(
        actor=year.decider,
        appeal=filed,
        outcome="upheld",
        decision="材料属实",
        change=Change(points="40"),
        now=year.tick(),
    )
    (line,) = [one for one in ledger.of_unit("U1", "K1.1") if one.act]
    assert [(one.sha256, one.url) for one in line.artefacts] == [(filed.sha256, None), (digest, filed.url)]


def test_an_appeals_page_that_could_not_be_had_is_asked_for_again_by_the_unit_alone(
    year: Year, site: Served, settings: Any, signed_in: Callable[[Actor], Client]
) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    year.to("preview")
    filed = file_appeal(year, f"{site.root}gone")
    assert "404" in run_appeal(filed, year)
    unit = signed_in(year.liaisons["U1"])
    page = unit.get("/unit/preview/G1-2025/U1/K1.1/").content.decode()
    again = f"/unit/preview/G1-2025/U1/appeal/{filed.pk}/retry/"
    assert "未能抓取" in page and "再抓一次" in page and again in page and "存档" not in page
    Job.objects.all().delete()
    assert signed_in(year.liaisons["U2"]).post(again).status_code == 403
    assert not Job.objects.filter(name=link_capture.CAPTURE_APPEAL).exists()
    assert unit.post(again).status_code == 302
    assert "404" in run_appeal(filed, year)


def test_an_inside_address_is_no_proof_of_an_appeal(year: Year) -> None:
    year.to("preview")
    with pytest.raises(Refused, match="存不了档"):
        file_appeal(year, "http://10.0.0.1/a")
    with pytest.raises(Refused, match="http://"):
        file_appeal(year, "www.kaoping.test/a")
