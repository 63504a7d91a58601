"""Blind review on screen: no name, no code, nobody else's scores; own assignments only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import Person
from kaoping.campaigns.queries import review as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import assigning, plan, review, self_review
from tests.campaigns.examples import Year, more_units
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse

pytestmark = pytest.mark.django_db
# A token of random letters may spell a unit's code.
# What is drawn anew for each answer, and may by chance hold the letters of a unit's code.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="kp-keeper" content="[^"]*"')


def _text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def round_open(year: Year) -> Year:
    year.to("self_review")
    year.answer("U1", "K1.1", level="good", text="三月开会部署")
    self_review.add_artefact(
        actor=year.liaisons["U1"],
        self_review=year.form("U1"),
        item="K1.1",
        content=b"%PDF-1.4 fengong",
        confirmed=True,
        name="分工.pdf",
        now=year.tick(),
    )
    return year.to("review")


@pytest.fixture
def reviewer(round_open: Year, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(round_open.reviewers[0])


def _pages(year: Year) -> list[str]:
    mine = year.assignment(year.reviewers[0], "U1").pk
    return ["/review/", f"/review/{mine}/", f"/review/{mine}/item/K1.1/", f"/review/{mine}/recuse/"]


def test_no_page_or_address_names_the_unit(reviewer: Client, round_open: Year) -> None:
    for path in _pages(round_open):
        page = reviewer.get(path)
        assert page.status_code == 200
        body = TOKEN.sub("", _text(page))
        for word in ("教育局", "水利局", "U1", "U2"):
            assert word not in body, (path, word)
    assert "单位0" in _text(reviewer.get("/review/"))


def test_nobody_elses_scores_are_shown(reviewer: Client, round_open: Year) -> None:
    other = round_open.reviewers[1]
    review.save_score(
        actor=other,
        assignment=round_open.assignment(other, "U1"),
        item="K1.1",
        level="none",
        comment="别人的评语",
        now=round_open.tick(),
    )
    for path in _pages(round_open):
        body = _text(reviewer.get(path))
        assert "别人的评语" not in body
        assert 'value="none" checked' not in body


def test_evidence_left_levels_right_and_a_plain_form(reviewer: Client, round_open: Year) -> None:
    row = round_open.assignment(round_open.reviewers[0], "U1")
    page = _text(reviewer.get(f"/review/{row.pk}/item/K1.1/"))
    assert "三月开会部署" in page
    assert "分工.pdf" not in page and "材料 1（PDF 文件）" in page
    assert "文件按原样下载，里面可能写有单位名称" in page
    empty = reviewer.post(f"/review/{row.pk}/item/K1.1/", {"comment": "写了一半"})
    assert empty.status_code == 409
    assert "请选一档" in _text(empty)
    assert "写了一半" in _text(empty)
    saved = reviewer.post(f"/review/{row.pk}/item/K1.1/", {"level": "fair", "comment": "材料不全"})
    assert saved.headers["Location"] == f"/review/{row.pk}/item/K1.2/"
    done = reviewer.post(f"/review/{row.pk}/item/K1.2/", {"level": "good"})
    assert done.headers["Location"] == f"/review/{row.pk}/"
    assert {one.item: one.level for one in row.scores.all()} == {"K1.1": "fair", "K1.2": "good"}


def test_finishing_waits_for_every_item_then_locks(reviewer: Client, round_open: Year) -> None:
    row = round_open.assignment(round_open.reviewers[0], "U1")
    early = reviewer.post(f"/review/{row.pk}/finish/")
    assert early.status_code == 409
    assert "还有 2 项没有评分" in _text(early)
    for code in ("K1.1", "K1.2"):
        reviewer.post(f"/review/{row.pk}/item/{code}/", {"level": "good"})
    assert reviewer.post(f"/review/{row.pk}/finish/").status_code == 302
    late = reviewer.post(f"/review/{row.pk}/item/K1.1/", {"level": "none"})
    assert late.status_code == 409
    assert "评分已锁定" in _text(late)
    assert row.scores.get(item="K1.1").level == "good"


def test_a_recusal_needs_a_reason_and_hides_the_evidence(reviewer: Client, round_open: Year) -> None:
    row = round_open.assignment(round_open.reviewers[0], "U1")
    refused = reviewer.post(f"/review/{row.pk}/recuse/", {"reason": " "})
    assert refused.status_code == 409
    assert "回避要写明理由" in _text(refused)
    assert reviewer.post(f"/review/{row.pk}/recuse/", {"reason": "有亲属在职"}).status_code == 302
    assert reviewer.get(f"/review/{row.pk}/item/K1.1/").headers["Location"] == f"/review/{row.pk}/"
    assert "三月开会部署" not in _text(reviewer.get(f"/review/{row.pk}/"))


def test_another_reviewers_assignment_does_not_exist(
    round_open: Year, signed_in: Callable[[Actor], Client]
) -> None:
    row = round_open.assignment(round_open.reviewers[0], "U1")
    other = signed_in(round_open.reviewers[1])
    for path in (f"/review/{row.pk}/", f"/review/{row.pk}/item/K1.1/"):
        assert other.get(path).status_code == 404
    assert other.post(f"/review/{row.pk}/item/K1.1/", {"level": "good"}).status_code == 404
    assert row.scores.count() == 0


def test_only_reviewers_come_in(round_open: Year, signed_in: Callable[[Actor], Client]) -> None:
    for actor in (round_open.liaisons["U1"], round_open.handler, round_open.decider):
        assert signed_in(actor).get("/review/").status_code == 403


def test_before_the_round_nothing_of_a_draft_is_shown(
    year: Year, signed_in: Callable[[Actor], Client]
) -> None:
    year.to("self_review")
    year.answer("U1", "K1.1", level="good", text="还在改的草稿")
    year.assign()
    row = year.assignment(year.reviewers[0], "U1")
    reviewer = signed_in(year.reviewers[0])
    assert "自查结束后开始评分" in _text(reviewer.get("/review/"))
    assert reviewer.get(f"/review/{row.pk}/item/K1.1/").status_code == 404


def test_an_empty_queue_says_what_would_fill_it(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    page = _text(signed_in(year.reviewers[0]).get("/review/"))
    assert "政务公开办分派以后" in page


def test_the_queue_costs_the_same_for_three_and_thirty(
    year: Year, signed_in: Callable[[Actor], Client]
) -> None:
    def fill(count: int) -> int:
        more_units(count)
        plan.set_participation(
            actor=year.handler,
            campaign=year.campaign,
            kinds=["department"],
            on=date(2025, 11, 24),
            now=year.tick(),
        )
        self_review.open_forms(year.campaign)
        assigning.assign_reviewers(
            actor=year.handler,
            campaign=year.campaign,
            reviewer=Person.objects.get(pk=year.reviewers[0].id),
            organisations=sheets.unit_codes(year.campaign),
            now=year.tick(),
        )
        client = signed_in(year.reviewers[0])
        client.get("/review/")
        with CaptureQueriesContext(connection) as caught:
            page = client.get("/review/")
        assert len(reads.queue(year.campaign, year.reviewers[0].id)) == len(sheets.unit_codes(year.campaign))
        assert page.status_code == 200
        return len(caught)

    assert fill(1) == fill(27)


def test_addresses_do_not_follow_the_register(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    more_units(8)
    plan.set_participation(
        actor=year.handler,
        campaign=year.campaign,
        kinds=["department"],
        on=date(2025, 11, 24),
        now=year.tick(),
    )
    assigning.assign_reviewers(
        actor=year.handler,
        campaign=year.campaign,
        reviewer=Person.objects.get(pk=year.reviewers[0].id),
        organisations=sheets.unit_codes(year.campaign),
        now=year.tick(),
    )
    lines = reads.queue(year.campaign, year.reviewers[0].id)
    assert [one.assignment for one in lines] == sorted(one.assignment for one in lines)
    assert [one.unit_alias for one in lines] == sorted(one.unit_alias for one in lines)


@IN_CHROMIUM
@WITH_CHROMIUM
def test_a_unit_is_scored_by_keyboard_alone(reviewer: Client, round_open: Year) -> None:
    mine = round_open.assignment(round_open.reviewers[0], "U1").pk

    def script(window: Window) -> None:
        page = window.page
        window.open(f"/review/{mine}/item/K1.1/")
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "level":
                break
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        page.wait_for_url("**/item/K1.2/")
        # The next item is ready for a number key; nothing is chosen beforehand.
        assert page.evaluate("document.activeElement.name") == "level"
        assert page.locator("input[name=level]:checked").count() == 0
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/review/{mine}/")

    browse(reviewer, script)
    levels = {
        one.item.code: one.score.level
        for one in reads.items_to_score(round_open.assignment(round_open.reviewers[0], "U1"))
        if one.score
    }
    assert list(levels) == ["K1.1", "K1.2"]
    assert levels["K1.1"] != levels["K1.2"]


def test_a_unit_that_handed_in_nothing_is_marked_without_the_offices_words(
    year: Year, signed_in: Callable[[Actor], Client]
) -> None:
    year.to("self_review")
    year.answer("U1", "K1.1", level="good", text="没有交上来的草稿")
    year.submit("U2")
    year.at = year.after_self_review()
    desk = signed_in(year.handler)
    missing = "/desk/self-reviews/G1-2025/unit/U1/missing/"
    assert "没有自查不免评" in _text(desk.get(missing))
    desk.post(missing, {"reason": "市教育局两次催报未交"})
    unit = signed_in(year.liaisons["U1"])
    assert "可以附材料逐项申请复核" in _text(unit.get("/unit/self-review/G1-2025/U1/"))
    year.assign()
    year.advance()
    reviewer = signed_in(year.reviewers[0])
    mine = year.assignment(year.reviewers[0], "U1").pk
    other = year.assignment(year.reviewers[0], "U2").pk
    assert "未评；未交自查" in _text(reviewer.get("/review/"))
    for path in (f"/review/{mine}/", f"/review/{mine}/item/K1.1/"):
        body = TOKEN.sub("", _text(reviewer.get(path)))
        assert "本单位未交自查" in body, path
        assert "查不到做了的按最低一档" in body, path
        for word in ("教育局", "U1", "草稿", "催报"):
            assert word not in body, (path, word)
    assert "未交自查" not in _text(reviewer.get(f"/review/{other}/item/K1.1/"))
