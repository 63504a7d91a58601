"""The unit's home: what to do now in every stage, and whose page it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaoping.accounts.actor import Actor
from kaoping.campaigns.models import Campaign, Participation, SelfReview
from kaoping.evaluation.models import Poll
from kaoping.rectification.models import Case
from kaoping.registry.models import Organisation
from kaoping.support import clock
from tests.campaigns.examples import Year, more_units
from tests.ledger import main

pytestmark = pytest.mark.django_db
HOME = "/unit/G1-2025/U1/"


def _text(response: Any) -> str:
    return str(response.content.decode())


def test_before_any_campaign_it_says_what_comes(
    cast: Callable[..., Actor], units: Any, signed_in: Callable[[Actor], Client]
) -> None:
    page = signed_in(cast("liaison", "U1")).get("/unit/")
    assert "今年的考核还没有开始" in _text(page)


def test_the_front_door_leads_a_liaison_home(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    client = signed_in(year.liaisons["U1"])
    assert client.get("/").headers["Location"] == "/unit/"
    assert client.get("/unit/").headers["Location"] == HOME


def test_what_to_do_follows_the_stage(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    client = signed_in(year.liaisons["U1"])
    assert "方案正在制定" in _text(client.get(HOME))
    year.to("self_review")
    page = _text(client.get(HOME))
    assert "先填报部门自查" in page
    assert "2 项已答 0 项" in page
    assert "12月5日 24:00 止" in page
    year.submit("U1")
    assert "现在没有要办的事" in _text(client.get(HOME))
    year.to("preview")
    page = _text(client.get(HOME))
    assert "先核对结果预览" in page
    assert "24:00 止" in page


def test_when_nothing_is_left_to_the_unit_nothing_is_promised(
    year: Year, signed_in: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    year.to("preview")
    client, ask = signed_in(year.liaisons["U1"]), "在那一页申请复核"
    monkeypatch.setattr(clock, "now", lambda: year.at)
    assert ask in _text(client.get("/unit/preview/G1-2025/U1/"))
    year.campaign.refresh_from_db()
    over = year.campaign.appeals_close_at
    assert over is not None
    monkeypatch.setattr(clock, "now", lambda: over)
    for stage in ("preview", "appeals"):
        Campaign.objects.filter(pk=year.campaign.pk).update(stage=stage)
        page = _text(client.get(HOME))
        assert "复核申请期限已经届满" in page and "正在复核申请" not in page
        assert ask not in _text(client.get("/unit/preview/G1-2025/U1/"))
    assert "2025 年结果" not in page
    Campaign.objects.filter(pk=year.campaign.pk).update(stage="published")
    page = _text(client.get(HOME))
    assert "没有要办的事" in page and "到下一阶段时" not in page
    assert "2025 年结果" in page and "看 2025 年各项得分和理由" in page
    assert ask not in _text(client.get("/unit/preview/G1-2025/U1/"))


def test_a_unit_that_is_not_assessed_is_told_why(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    row = year.campaign.participations.get(organisation__code="U2")
    row.participates, row.reason = False, "今年新设"
    row.save()
    page = _text(signed_in(year.liaisons["U2"]).get("/unit/G1-2025/U2/"))
    assert "不参加 2025 年考核" in page
    assert "今年新设" in page


def test_others_are_turned_away(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    for actor in (year.liaisons["U2"], year.reviewers[0], year.decider):
        page = signed_in(actor).get(HOME)
        assert page.status_code == 403
    assert "只能看自己单位的" in _text(signed_in(year.liaisons["U2"]).get(HOME))


def test_the_evaluation_is_sealed_until_it_is_opened(
    year: Year, signed_in: Callable[[Actor], Client]
) -> None:
    client = signed_in(year.liaisons["U1"])
    assert "还没有布置" in _text(client.get("/unit/evaluation/G1-2025/U1/"))
    assert client.get("/unit/evaluation/G1-2025/U2/").status_code == 403


def _poll(year: Year, result: Any) -> None:
    questions = [
        {
            "id": "q1",
            "dimension": "S5.1",
            "kind": "single",
            "label": "{unit}公开的内容|真实吗？",
            "options": [
                {"code": "a", "label": "满意", "counts_as": "satisfied"},
                {"code": "d", "label": "说不清", "counts_as": None},
            ],
        }
    ]
    Poll.objects.create(
        organiser="G1",
        year=2025,
        title="2025 年社会评议",
        state="opened" if result else "sealed",
        opens_at=year.at - timedelta(days=9),
        closes_at=year.at - timedelta(days=3),
        questionnaire={"id": "q", "version": "1", "questions": questions, "min_n": 30},
        units=[{"code": "U1", "name": "样例市教育局"}],
        public_key="-",
        result=result,
    )


def _result(n: int, grade: str | None) -> dict[str, Any]:
    options = {"a": {"count": n - 1, "share": f"{n - 1}/{n}"}, "d": {"count": 1, "share": f"1/{n}"}}
    return {
        "units": [
            {
                "unit": "U1",
                "n": n,
                "questions": {"q1": {"n": n, "options": options}},
                "satisfaction": {"value": "91.20", "interval": ["84.10", "95.30"]},
                "grade": grade,
                "grade_reason": "有效问卷不足 30 份" if grade is None else "",
                "strata": {},
            }
        ]
    }


def test_the_opened_result_shows_n_and_satisfaction(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    _poll(year, _result(40, "满意"))
    page = _text(signed_in(year.liaisons["U1"]).get("/unit/evaluation/G1-2025/U1/"))
    assert "有效问卷 40 份" in page
    assert "满意度 91.20" in page
    assert "84.10–95.30" in page
    assert "市教育局公开的内容真实吗？" in page
    assert "97.5%" in page


def test_a_small_number_shows_no_shares(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    _poll(year, _result(12, None))
    page = _text(signed_in(year.liaisons["U1"]).get("/unit/evaluation/G1-2025/U1/"))
    assert "有效问卷 12 份" in page
    assert "不给出等次" in page
    assert "公开的内容真实吗" not in page


def test_a_sealed_box_shows_nothing(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    _poll(year, None)
    page = _text(signed_in(year.liaisons["U1"]).get("/unit/evaluation/G1-2025/U1/"))
    assert "结果还封存着" in page
    assert "有效问卷" not in page


def test_the_annual_report_text_names_the_state(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    client = signed_in(year.liaisons["U1"])
    assert "未定" in _text(client.get("/unit/report/G1-2025/U1/"))
    assert client.get("/unit/report/G1-2025/U1/docx/").content.startswith(b"PK")
    assert signed_in(year.liaisons["U2"]).get("/unit/report/G1-2025/U1/").status_code == 403


def test_orders_that_wait_come_first(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    year.to("self_review")
    Case.objects.create(
        organiser=main(),
        number="ZG-2025-0001",
        organisation=Organisation.objects.get(code="U1"),
        item="K3.3",
        fault="P-01|/",
        title="首页打不开",
        order_text="请整改",
        state="served",
        opened_at=year.at,
        served_at=year.at,
        due_on=date(2025, 12, 3),
    )
    page = _text(signed_in(year.liaisons["U1"]).get(HOME))
    assert "现在要办 2 件事" in page
    assert "先回复整改单" in page
    assert "12月3日 24:00 止" in page


def test_more_units_cost_no_more_queries(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    year.to("self_review")
    client = signed_in(year.liaisons["U1"])
    client.get(HOME)

    def count() -> dict[str, int]:
        found = {}
        for path in (HOME, "/unit/self-review/G1-2025/U1/", "/unit/self-review/G1-2025/U1/item/K1.1/"):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(path).status_code == 200
            found[path] = len(caught)
        return found

    few = count()
    codes = more_units(28)
    for one in Organisation.objects.filter(code__in=codes):
        Participation.objects.create(campaign=year.campaign, organisation=one, group="")
        SelfReview.objects.create(campaign=year.campaign, organisation=one)
    assert count() == few


def test_board_and_unit_speak_of_the_same_steps(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    def steps(page: str) -> list[str]:
        return re.findall(r'<span class="kp-rail__label">([^<]+)<', page) or re.findall(
            r'class="kp-rail__name">([^<]+)<', page
        )

    year.to("review")
    board = _text(signed_in(year.handler).get("/desk/board/G1-2025/"))
    unit = _text(signed_in(year.liaisons["U1"]).get(HOME))
    assert steps(board) and steps(board) == steps(unit)
