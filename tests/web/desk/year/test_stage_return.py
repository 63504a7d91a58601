"""The page on which a stage goes one back, its buttons and its trace."""

import pytest

from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
GATE, BACK = "/desk/board/G1-2025/advance/", "/desk/board/G1-2025/back/"


def text(response):
    return response.content.decode()


def test_alone_and_what_went_back_is_listed(year, signed_in, monkeypatch):
    year.to("routine")
    at(year.tick(), monkeypatch)
    desk = signed_in(year.handler)
    assert BACK in text(desk.get(GATE))
    page = text(desk.get(BACK))
    assert "由“平时考核”到“制定方案”" in page and 'value="routine"' in page
    assert "请写明理由" in text(desk.post(BACK, {"stage": "routine", "reason": ""}))
    form = {"stage": "routine", "reason": "规则集选错了"}
    assert desk.post(BACK, form).status_code == 302
    page = text(desk.get(GATE))
    assert "退回过的阶段" in page and "规则集选错了" in page and "经办甲" in page
    again = desk.post(BACK, form)
    assert again.status_code == 409 and "未重复办理" in text(again) and GATE in text(again)
    assert "第一个阶段" in text(desk.get(BACK))
    assert BACK not in text(desk.get(GATE))


def test_by_two_persons_behind_the_closed_round(year, signed_in, monkeypatch):
    year.to("preview")
    at(year.tick(), monkeypatch)
    desk, head = signed_in(year.handler), signed_in(year.head)
    assert BACK not in text(head.get("/desk/board/G1-2025/"))
    form = {"stage": "preview", "reason": "预览开早了"}
    assert desk.post(BACK, form).status_code == 302
    assert "退回已经由经办甲于" in text(desk.post(BACK, form))
    assert "提出人不能自己确认" in text(desk.get(BACK)) or "由第二签发人或办公室负责人确认" in text(
        desk.get(BACK)
    )
    assert BACK in text(head.get("/desk/board/G1-2025/"))
    assert "预览开早了" in text(head.get(BACK))
    assert head.post(BACK, {"agreed": "yes"}).status_code == 302
    assert "已经由经办甲、负责人乙于" in text(head.post(BACK, {"agreed": "yes"}))
    year.campaign.refresh_from_db()
    assert year.campaign.stage == "review"
    assert "由“结果预览”到“综合评定”" in text(desk.get(GATE))


def test_a_unit_sees_no_such_page(year, signed_in):
    year.to("routine")
    assert signed_in(year.liaisons["U1"]).get(BACK).status_code == 403


def test_the_page_says_what_going_back_does_to_each_pair_of_stages(year, signed_in, monkeypatch):
    year.to("preview")
    closes = year.campaign.appeals_close_at
    at(year.tick(), monkeypatch)
    desk, unit = signed_in(year.handler), signed_in(year.liaisons["U1"])
    page = text(desk.get(BACK))
    assert "单位从此看不到得分" in page and "再次进入时从头算起" in page
    year.to("appeals")
    at(year.tick(), monkeypatch)
    page = text(desk.get(BACK))
    assert "单位照常看得到得分；复核申请期限不变" in page and "看不到得分，" not in page
    desk.post(BACK, {"stage": "appeals", "reason": "进早了"})
    head = signed_in(year.head)
    assert "单位照常看得到得分" in text(head.get(BACK))
    head.post(BACK, {"agreed": "yes"})
    year.campaign.refresh_from_db()
    assert (year.campaign.stage, year.campaign.appeals_close_at) == ("preview", closes)
    assert "满分" in text(unit.get("/unit/preview/G1-2025/U1/"))
