"""Blind means blind: no page of a reviewer names the unit by host, name or code, whatever the unit typed and linked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.campaigns import jobs
from kaoping.campaigns.services import link_capture, self_review
from kaoping.registry.models import Appointment, Organisation
from kaoping.support.models import Job
from tests.campaigns.examples import Year
from tests.crawling.serving import Served, page, serve

pytestmark = pytest.mark.django_db
# What is drawn anew for each answer, and may by chance hold the letters of a unit's code.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="kp-keeper" content="[^"]*"')
PAGE = """<html><head><title>样例市教育局</title></head><body><script>alert(1)</script><h1>样例市教育局公开指南</h1>
<p>标识码 3204000001，网址 http://u1.kaoping.test/zn/ 。<img src=x onerror=alert(2)></p><p>指南有六节，欧阳小明整理。</p></body></html>"""


@pytest.fixture
def site() -> Iterator[Served]:
    with serve({"/zn/": page(PAGE)}) as served:
        yield served


@pytest.fixture
def round_open(year: Year, site: Served, settings: Any, cast: Callable[..., Actor], now: datetime) -> Year:
    """U1 names itself and its people wherever it can: in its words, in a file's name, in a link with and one without a capture."""
    left = cast("liaison", "U1", name="王伟")
    Appointment.objects.filter(person=left.id).update(valid_until=now.date())
    cast("liaison", "U1", name="欧阳小明")
    cast("liaison", "U2", name="高峰")
    settings.KAOPING_CRAWL_ALLOW = ["127.0.0.0/8"]
    settings.KAOPING_CRAWL_RESOLVE = f"u1.kaoping.test:{site.port}:127.0.0.1"
    Organisation.objects.filter(code="U1").update(
        site_url="http://u1.kaoping.test/", site_id_code="3204000001"
    )
    year.to("self_review")
    year.answer(
        "U1",
        "K1.1",
        level="good",
        text="样例市教育局三月开会，见 u1.kaoping.test/zn/ 和 http://u1.kaoping.test/a。联系人：王伟；避开高峰。",
    )
    common: dict[str, Any] = {
        "actor": year.liaisons["U1"],
        "self_review": year.form("U1"),
        "item": "K1.1",
    }
    self_review.add_artefact(
        content=b"%PDF-1.4 fengong", confirmed=True, name="市教育局分工.pdf", now=year.tick(), **common
    )
    self_review.add_artefact(url="http://u1.kaoping.test/zn/", now=year.tick(), **common)
    self_review.add_artefact(url="http://u1.kaoping.test/gone/", now=year.tick(), **common)
    for job in Job.objects.filter(name=link_capture.CAPTURE):
        jobs.capture_link(**job.arguments, now=year.tick())
    return year.to("review")


@pytest.fixture
def reviewer(round_open: Year, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(round_open.reviewers[0])


def _walk(client: Client, start: str) -> dict[str, str]:
    """Every page that a reviewer reaches by following links from the queue, files and foreign pages apart."""
    seen: dict[str, str] = {}
    todo = [start]
    while todo:
        path = todo.pop()
        if path in seen or "/files/" in path:
            continue
        response = client.get(path)
        if response.status_code != 200:
            continue
        seen[path] = TOKEN.sub("", response.content.decode())
        todo += re.findall(r'href="(/review/[^"#?]*)"', seen[path])
    return seen


def test_units_named_on_the_pages_of_a_reviewer_are_none(reviewer: Client, round_open: Year) -> None:
    pages = _walk(reviewer, "/review/")
    assert sum("/captures/" in path for path in pages) == 1 and sum("/item/" in path for path in pages) >= 4
    naming = re.compile(r"教育局|水利局|王伟|欧阳|kaoping\.test|3204000001|>U[12]<")
    named = {path: sorted(set(naming.findall(body))) for path, body in pages.items() if naming.search(body)}
    assert named == {}, f"{len(named)} of {len(pages)}"


def test_the_capture_is_words_and_the_link_without_one_no_address(reviewer: Client, round_open: Year) -> None:
    pages = _walk(reviewer, "/review/")
    (capture,) = [body for path, body in pages.items() if "/captures/" in path]
    assert "指南有六节" in capture and "〔本单位〕公开指南" in capture and "遮盖 4 处" in capture
    assert "alert(" not in capture and "onerror" not in capture
    item = next(body for path, body in pages.items() if "材料 3" in body)
    assert "联系人：〔本单位人员〕；避开高峰。" in item  # the name of another unit's person, and a word
    assert "材料 3（网址尚未存档，不显示）" in item and "材料 1（PDF 文件）" in item


def test_a_file_is_handed_out_by_number(reviewer: Client, round_open: Year) -> None:
    pages = _walk(reviewer, "/review/")
    (path,) = {
        found for body in pages.values() for found in re.findall(r'href="(/review/[^"]*/files/[^"]*)"', body)
    }
    response = reviewer.get(path)
    assert response.status_code == 200 and response["Content-Disposition"].endswith("%E6%9D%90%E6%96%991.pdf")


def test_another_reviewers_capture_is_not_found(
    round_open: Year, signed_in: Callable[[Actor], Client]
) -> None:
    pages = _walk(signed_in(round_open.reviewers[0]), "/review/")
    (path,) = [path for path in pages if "/captures/" in path]
    assert signed_in(round_open.reviewers[1]).get(path).status_code == 404
    assert signed_in(round_open.liaisons["U2"]).get(path).status_code in (302, 403, 404)


def test_the_office_reads_how_often_units_named_themselves(
    round_open: Year, signed_in: Callable[[Actor], Client]
) -> None:
    page = signed_in(round_open.handler).get("/desk/reviews/G1-2025/").content.decode()
    assert "本单位名称、人员姓名、网址、标识码共 4 处" in page


def test_the_unit_reads_what_became_of_its_links(
    year: Year, round_open: Year, signed_in: Callable[[Actor], Client]
) -> None:
    page = (
        signed_in(round_open.liaisons["U1"]).get("/unit/self-review/G1-2025/U1/item/K1.1/").content.decode()
    )
    assert "已存档" in page and "未能抓取：" in page and "404" in page and "再抓一次" in page
    rows = re.findall(r"<li.*?</li>", page, re.S)
    assert all("校验值" in row for row in rows if re.search(r"\d 存档</span>|已存档", row))
