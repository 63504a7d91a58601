"""A poll that has not begun is changed or cancelled on the desk; who comes second is told in words."""

from datetime import timedelta

import pytest

from kaoping.evaluation import queries
from kaoping.evaluation.intake import read_poll
from kaoping.registry.queries.organisers import main_year
from tests.web.desk.evaluation.test_poll import (
    UID,
    YEAR,
    at,
    box,
    office,
    openers,
    poll,
    prepared,
    rules,
    text,
)

__all__ = ["box", "office", "openers", "poll", "rules"]
pytestmark = pytest.mark.django_db
CHANGED = {
    "title": "2025 年政务公开社会评议",
    "opens_on": "2025-11-26",
    "closes_on": "2025-12-05",
    "reason": "截止日是休息日",
}


def published(box):
    return read_poll(box / "published" / "polls", UID)


def test_both_ways_are_on_the_page_until_the_opening_instant(poll, office, monkeypatch):
    page = text(office.get(YEAR))
    assert f"{YEAR}change/" in page and f"{YEAR}cancel/" in page
    at(monkeypatch, poll.opens_at)
    page = text(office.get(YEAR))
    assert f"{YEAR}change/" not in page and f"{YEAR}cancel/" not in page
    for verb in ("change", "cancel"):
        page = text(office.get(f"{YEAR}{verb}/"))
        assert "评议已经开始" in page and "<textarea" not in page


def test_new_days_and_what_they_were(box, poll, office):
    page = text(office.get(f"{YEAR}change/"))
    assert 'value="2025-11-25"' in page and 'value="2025-12-01"' in page
    assert office.post(f"{YEAR}change/", CHANGED).status_code == 302
    page = text(office.get(YEAR))
    assert "改动记录" in page and "截止日是休息日" in page and "王经办" in page
    assert "2025 年社会评议</td>" in page  # the title as it was
    assert published(box).title == CHANGED["title"]
    assert published(box).data["closes_at"] == "2025-12-06T00:00:00+08:00"


def test_a_refusal_keeps_what_was_typed(poll, office):
    page = office.post(f"{YEAR}change/", CHANGED | {"opens_on": "2025-12-30"})
    assert page.status_code == 409
    assert "截止时间要晚于开始时间" in text(page) and "截止日是休息日" in text(page)
    assert "请写明理由" in text(office.post(f"{YEAR}cancel/", {"reason": ""}))
    assert "至少 4 个字" in text(office.post(f"{YEAR}cancel/", {"reason": "错", "confirm_year": "2025"}))
    assert "请输入年份" in text(office.post(f"{YEAR}cancel/", {"reason": "名单有误"}))
    assert "年份不对" in text(office.post(f"{YEAR}cancel/", {"reason": "名单有误", "confirm_year": "2024"}))


def test_cancelled_and_prepared_again(box, poll, office, openers):
    assert "不能恢复" in text(office.get(f"{YEAR}cancel/"))
    assert office.post(f"{YEAR}cancel/", {"reason": "名单有误", "confirm_year": "2025"}).status_code == 302
    page = text(office.get(YEAR))
    assert "还没有布置" in page and "名单有误" in page and "取消" in page
    assert published(box).cancelled.reason == "名单有误"
    assert office.post(f"{YEAR}prepare/", prepared(openers)).status_code == 302
    again = queries.poll_of(main_year(2025))
    assert again.uid != UID
    assert "名单有误" in text(office.get(YEAR))


def test_a_second_tab_never_cancels_the_poll_that_was_prepared_since(poll, office, openers):
    form = {"reason": "名单有误", "confirm_year": "2025", "poll": poll.uid}
    assert office.post(f"{YEAR}cancel/", form).status_code == 302
    assert "已经由王经办于" in text(office.post(f"{YEAR}cancel/", form))
    office.post(f"{YEAR}prepare/", prepared(openers))
    again = office.post(f"{YEAR}cancel/", form)
    assert again.status_code == 409
    assert "取消，未重复办理" in text(again) and f'href="{YEAR}"' in text(again)
    assert queries.poll_of(main_year(2025)) is not None


def test_sealing_and_opening_of_a_cancelled_poll_answer_in_words(
    poll, office, openers, signed_in, monkeypatch
):
    office.post(f"{YEAR}cancel/", {"reason": "名单有误", "confirm_year": "2025"})
    at(monkeypatch, poll.closes_at + timedelta(hours=1))
    assert "已经取消" in text(office.post(f"{YEAR}seal/"))
    assert "没有箱可开" in text(signed_in(openers[0]).get(f"{YEAR}open/"))


@pytest.mark.parametrize("role", ["office_head", "second_signer", "ballot_opener", "liaison"])
def test_others_neither_change_nor_cancel(poll, cast, signed_in, role):
    client = signed_in(cast(role, "U1" if role == "liaison" else None, username="someone"))
    for verb in ("change", "cancel"):
        assert client.get(f"{YEAR}{verb}/").status_code == 403
        assert client.post(f"{YEAR}{verb}/", CHANGED).status_code == 403
    if role != "liaison":
        assert f"{YEAR}cancel/" not in text(client.get(YEAR))
