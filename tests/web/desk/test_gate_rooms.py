"""Where a gate's words name a room and a button, the person named finds the button there, or one page further."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from kaoping.accounts.actor import Actor
from kaoping.campaigns.logic.stages import Missing
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.services import approval, review, sign_off
from kaoping.campaigns.services.appeal import file_appeal
from kaoping.evaluation.models import Poll
from kaoping.registry.queries.organisers import main_year
from kaoping.reporting import board
from kaoping.support import clock
from kaoping.web.desk.year.board_advance import way_of
from tests.campaigns.examples import PDF, Year

pytestmark = pytest.mark.django_db
# 在“室”…点“按钮”; a sentence may name several.
STEP: Final = re.compile(r"在“([^”]+)”(?:(?!在“)[^“])*点“([^”]+)”")
ROOMS: Final = {
    "年度方案": "/desk/plan/G1-2025/",
    "方案呈批": "/desk/approval/G1-2025/plan/",
    "结果呈批": "/desk/approval/G1-2025/result/",
    "社会评议": "/desk/evaluation/G1-2025/",
    "自查": "/desk/self-reviews/G1-2025/",
    "部门自查": "/unit/self-review/G1-2025/U1/",
    "不涉及": "/desk/self-reviews/G1-2025/claims/",
    "评审": "/desk/reviews/G1-2025/",
    "我的评审": "/review/",
    "评分": "/desk/scoring/G1-2025/",
    "我的复核": "/review/appeals/",
    "签发": "/desk/scoring/G1-2025/sign-off/",
    "发布": "/desk/publication/G1-2025/",
}
# Whose room it is, where the condition is named after somebody else.
OWNERS: Final = {"自查": "政务公开办经办"}


@pytest.fixture
def people(year: Year) -> dict[str, Actor]:
    return {
        "政务公开办经办": year.handler,
        "经办": year.handler,
        "负责人": year.head,
        "领导": year.leader,
        "单位联络员": year.liaisons["U1"],
        "专家": year.reviewers[0],
        "复核人": year.decider,
        "第二签发人": year.signer,
    }


def person(people: dict[str, Actor], who: str) -> Actor:
    return people.get(who) or next(one for name, one in people.items() if name in who)


def buttons(page: str) -> set[str]:
    main = LexborHTMLParser(page).css_first("main")
    assert main is not None
    return {re.sub(r"\s+", "", one.text()) for one in main.css("button, a, .kp-button")}


def reachable(client: Client, room: str) -> set[str]:
    """What can be pressed in a room and on the pages to which it leads."""
    first = client.get(room)
    assert first.status_code == 200, (room, first.status_code)
    page = first.content.decode()
    main = LexborHTMLParser(page).css_first("main")
    assert main is not None
    found = buttons(page)
    for link in {one.attributes.get("href") or "" for one in main.css("a")}:
        if link.startswith(room) and "?" not in link and link != room:
            answer = client.get(link)
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                found |= buttons(answer.content.decode())
    return found


def follow(
    year: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client], release: bool = False
) -> list[Missing]:
    year.campaign.refresh_from_db()
    lacks = board.gate(year.campaign, now=clock.now(), release=release)
    for one in lacks:
        steps = STEP.findall(one.how)
        assert steps or one.waits, one
        assert one.waits or way_of(one, main_year(2025)), one
        for room, button in steps:
            who = person(people, OWNERS.get(room, one.who))
            found = reachable(signed_in(who), ROOMS[room])
            assert button in found, (one, room, who.name, sorted(found))
    return lacks


@pytest.fixture
def clocked(year: Year, monkeypatch: pytest.MonkeyPatch) -> Year:
    monkeypatch.setattr(clock, "now", lambda: year.at)
    return year


def test_the_plan(clocked: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client]) -> None:
    clocked.campaign.priorities.all().delete()
    Campaign.objects.filter(pk=clocked.campaign.pk).update(timetable="")
    words = [STEP.findall(one.how)[0][1] for one in follow(clocked, people, signed_in)[:2]]
    assert words == ["填写要点", "选时间安排"]
    Campaign.objects.filter(pk=clocked.campaign.pk).update(timetable="A")
    clocked.campaign.priorities.create(number=1, text="做好政策解读", item="K3.3")
    clocked.campaign.refresh_from_db()
    for actor in (clocked.handler, clocked.head, clocked.leader):
        approval.approve(actor=actor, campaign=clocked.campaign, subject="plan", now=clocked.tick())
    assert "附扫描件" in follow(clocked, people, signed_in)[-1].how


def test_the_poll(clocked: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client]) -> None:
    clocked.to("routine")
    assert "布置评议" in follow(clocked, people, signed_in)[0].how
    clocked.to("evaluation")
    Poll.objects.create(
        organiser="G1",
        year=2025,
        uid="poll-2025",
        title="评议",
        state="prepared",
        opens_at=clocked.at,
        closes_at=clocked.at + timedelta(hours=1),
        questionnaire={},
        units=[{"code": "U1", "name": "样例市教育局"}],
        public_key="0" * 64,
    )
    assert follow(clocked, people, signed_in)[0].waits
    clocked.at += timedelta(hours=2)
    assert "封存问卷" in follow(clocked, people, signed_in)[0].how


def test_the_self_review(
    clocked: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client]
) -> None:
    clocked.to("self_review")
    for item in ("K1.1", "K1.2"):
        clocked.answer("U1", item, level="good")
    assert follow(clocked, people, signed_in)[0].waits
    clocked.at = clocked.after_self_review()
    assert "提交自查" in follow(clocked, people, signed_in)[0].how


def test_the_review(clocked: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client]) -> None:
    clocked.to("self_review")
    clocked.answer("U1", "K1.1", not_applicable=True, text="没有下属单位")
    clocked.to("review")
    lacks = follow(clocked, people, signed_in)
    assert [STEP.findall(one.how)[0] for one in lacks] == [
        ("不涉及", "审定"),
        ("我的评审", "完成"),
    ]


def test_the_sheet_and_the_appeals(
    clocked: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client]
) -> None:
    clocked.to("review")
    clocked.review_all()
    assert [STEP.findall(one.how)[0] for one in follow(clocked, people, signed_in)] == [("评审", "结束评审")]
    review.close_round(actor=clocked.handler, campaign=clocked.campaign, now=clocked.tick())
    assert "计算计分表" in follow(clocked, people, signed_in)[0].how
    clocked.compute("preview")
    clocked.advance()
    file_appeal(
        actor=clocked.liaisons["U1"],
        campaign=clocked.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料齐全，请看分工文件",
        confirmed=True,
        content=PDF,
        name="分工.pdf",
        now=clocked.tick(),
    )
    clocked.advance()
    lacks = follow(clocked, people, signed_in)
    assert lacks[0].waits
    assert any("作出决定" in one.how for one in lacks)


def test_the_signature_and_the_release(
    clocked: Year, people: dict[str, Actor], signed_in: Callable[[Actor], Client]
) -> None:
    clocked.to("appeals")
    assert clocked.campaign.appeals_close_at is not None
    clocked.at = clocked.campaign.appeals_close_at
    clocked.ruled("U1", "K1.1", "30")
    window, sheet = follow(clocked, people, signed_in)
    assert window.waits and "计算计分表" in sheet.how  # the unit may ask for review of what was ruled
    clocked.compute()
    assert [one.waits for one in follow(clocked, people, signed_in)] == [True]
    clocked.wait_for_appeals()
    assert "点“签发”" in follow(clocked, people, signed_in)[0].how
    sign_off.sign_off(actor=clocked.signer, campaign=clocked.campaign, typed_year="2025", now=clocked.tick())
    clocked.advance()
    # The approval of the result waits for the release, as its page says; the first button is the one to press now.
    clocked.campaign.refresh_from_db()
    first = board.gate(clocked.campaign, now=clocked.at, release=False)[0]
    [(room, button)] = STEP.findall(first.how)
    assert (room, button) == ("发布", "冻结")
    assert button in reachable(signed_in(clocked.handler), ROOMS[room])
