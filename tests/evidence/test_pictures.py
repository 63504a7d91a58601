"""The picture of an archived page: beside it under a digest of its own, for whom the page is, and gone with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kaoping import rendering
from kaoping.accounts.actor import Actor
from kaoping.campaigns import jobs
from kaoping.campaigns.models import AnswerArtefact
from kaoping.campaigns.services import link_capture, self_review
from kaoping.evidence import disposals
from kaoping.evidence import queries as ledger
from kaoping.evidence.models import Artefact
from kaoping.evidence.services import pictures
from kaoping.publication.material_uses import uses
from kaoping.rendering import NoPicture
from kaoping.support.models import Job
from tests.campaigns.conftest import year
from tests.campaigns.examples import Year
from tests.crawling.serving import Served, page, serve

__all__ = ["year"]
pytestmark = pytest.mark.django_db
PNG = b"\x89PNG picture"
LISTED = "/unit/self-review/G1-2025/U1/item/K1.1/"


@pytest.fixture
def site() -> Iterator[Served]:
    with serve(
        {"/a": page("<h1>公开指南</h1>"), "/f": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 x")}
    ) as made:
        yield made


@pytest.fixture
def drawn(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[rendering.Page]:
    """A machine with a browser; what it was given to lay out."""
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    given: list[rendering.Page] = []

    def draw(page: rendering.Page, _gathering: object, _browser: Path) -> bytes:
        given.append(page)
        return PNG

    monkeypatch.setattr(rendering, "find", lambda _setting: Path("/usr/bin/chromium"))
    monkeypatch.setattr(rendering, "picture_of", draw)
    return given


def captured(year: Year, url: str) -> tuple[AnswerArtefact, str]:
    """A link of a self-review after its job ran, and what the job said."""
    year.to("self_review")
    year.answer("U1", "K1.1", level="fair", text="见网页")
    link = self_review.add_artefact(
        actor=year.liaisons["U1"], self_review=year.form("U1"), item="K1.1", url=url, now=year.tick()
    )
    (job,) = Job.objects.filter(name=link_capture.CAPTURE, state=Job.WAITING)
    said = jobs.capture_link(**job.arguments, now=year.tick())
    link.refresh_from_db()
    return link, said


def test_the_picture_is_kept_beside_the_page_once(
    year: Year, site: Served, drawn: list[rendering.Page]
) -> None:
    link, said = captured(year, f"{site.root}a")
    assert said == "已存档；已配图"
    [given] = drawn
    assert (given.body, given.url) == (ledger.artefact_bytes(link.capture_sha256), f"{site.root}a")
    [made] = Artefact.objects.exclude(made_from=None)
    assert (made.made_from, made.media_type, ledger.artefact_bytes(made.sha256)) == (
        link.capture_sha256,
        "image/png",
        PNG,
    )
    assert jobs.capture_link(artefact_id=link.pk, now=year.tick()) == "已存档" and len(drawn) == 1


def test_a_page_is_archived_without_one(
    year: Year, site: Served, drawn: list[rendering.Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise NoPicture("超过 45 秒没有排好，已中止")

    monkeypatch.setattr(rendering, "picture_of", fail)
    link, said = captured(year, f"{site.root}a")
    assert link.capture_sha256 and said == "已存档；没有配图：超过 45 秒没有排好，已中止"
    assert not Artefact.objects.exclude(made_from=None).exists()


def test_no_browser_is_no_lack(year: Year, site: Served, settings: Any) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    assert captured(year, f"{site.root}a")[1] == "已存档"


def test_only_pages_are_laid_out(
    year: Year, site: Served, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    monkeypatch.setattr(rendering, "find", lambda _setting: Path("/nowhere/chromium"))
    assert captured(year, f"{site.root}f")[1] == "已存档；没有配图：不是网页，不用排版"


def test_who_sees_the_page_is_offered_its_picture(
    year: Year, site: Served, drawn: list[rendering.Page], signed_in: Callable[[Actor], Client]
) -> None:
    link, _said = captured(year, f"{site.root}a")
    picture = ledger.pictures_of([link.capture_sha256])[link.capture_sha256]
    own = signed_in(year.liaisons["U1"])
    listed = own.get(LISTED).content.decode()
    assert "附按存档字节排版的图，脚本未运行" in listed and picture in listed
    assert own.get(f"/unit/files/G1-2025/U1/{picture}/").content == PNG
    assert signed_in(year.liaisons["U2"]).get(f"/unit/files/G1-2025/U2/{picture}/").status_code == 404
    year.submit("U1")
    desk = signed_in(year.handler)
    assert picture in desk.get("/desk/self-reviews/G1-2025/unit/U1/").content.decode()
    assert desk.get(f"/desk/artefact/{picture}/").content == PNG


def test_a_blind_reviewer_gets_no_picture_of_a_page_that_names_its_unit(
    year: Year, site: Served, drawn: list[rendering.Page], signed_in: Callable[[Actor], Client]
) -> None:
    link, _said = captured(year, f"{site.root}a")
    picture = ledger.pictures_of([link.capture_sha256])[link.capture_sha256]
    year.to("review")
    row = year.assignment(year.reviewers[0], "U1")
    expert = signed_in(year.reviewers[0])
    assert picture not in expert.get(f"/review/{row.pk}/item/K1.1/").content.decode()
    assert expert.get(f"/review/{row.pk}/files/{picture}/").status_code == 404


def test_the_picture_goes_where_its_page_goes(year: Year, site: Served, drawn: list[rendering.Page]) -> None:
    link, _said = captured(year, f"{site.root}a")
    picture = ledger.pictures_of([link.capture_sha256])[link.capture_sha256]
    assert [one.words for one in uses(picture)] == [one.words for one in uses(link.capture_sha256)]
    disposals.seal_artefact(sha256=link.capture_sha256, actor=year.handler, now=year.tick())
    assert ledger.standing(picture) == "sealed" and ledger.artefact_bytes(picture) is None
    assert ledger.file_store().get(picture) is None, (
        "sealed bytes lie where nothing reads and no backup looks"
    )
    assert pictures.take(link.capture_sha256, link.capture_headers, now=year.tick()) == ""


def test_a_destroyed_page_leaves_no_picture(year: Year, site: Served, drawn: list[rendering.Page]) -> None:
    link, _said = captured(year, f"{site.root}a")
    picture = ledger.pictures_of([link.capture_sha256])[link.capture_sha256]
    disposals.destroy_artefact(
        sha256=link.capture_sha256,
        proposed_by=year.handler,
        confirmed_by=year.head,
        reason="含身份证号",
        now=year.tick(),
    )
    assert ledger.standing(picture) == "destroyed" and ledger.file_store().get(picture) is None
