"""A citizen evaluates a unit and asks after the receipt; the intake is a stand-in at the client's door."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from kaoping.evaluation import intake
from kaoping.support import clock
from kaoping.web.portal import receipt
from kaoping.web.portal.polls import published_polls
from tests.web.portal import publishing

ANSWERS = {"contact": "errand", "q1": "satisfied", "q2": "basic", "q3": "unclear", "q4": "dissatisfied"}


@pytest.fixture
def box(monkeypatch):
    """What the intake was handed."""
    taken = []

    class Door:
        def __init__(self, _address):
            pass

        def submit(self, poll, payload, opinion, token):
            taken.append((poll, payload, opinion, token))
            return intake.Receipt("ABCD-EFGH-2345", repeated=False)

        def counted(self, code):
            return intake.Lookup(
                intake.normalise(code) == intake.normalise("ABCD-EFGH-2345"), "poll-2025", False
            )

    monkeypatch.setattr(intake, "IntakeClient", Door)
    return taken


@pytest.fixture
def running(folder, now):
    publishing.announce(folder, now)
    return folder


def text(response):
    return response.content.decode()


def form(**more):
    return {**ANSWERS, "token": intake.new_token(), **more}


def test_units_by_group_with_a_plain_search(running, visitor):
    page = text(visitor.get("/evaluate/"))
    assert "市教育局" in page and "辖市、区" in page
    found = text(visitor.get("/evaluate/?q=水利"))
    assert "市水利局" in found and "市教育局" not in found
    assert "&lt;b&gt;" in text(visitor.get("/evaluate/?q=<b>"))


def test_one_page_one_post_and_a_receipt(running, visitor, box):
    page = text(visitor.get("/evaluate/U1/"))
    assert page.count("<fieldset") == 5
    assert "checked" not in page
    done = visitor.post("/evaluate/U1/", form(opinion="入学材料写得不清楚"))
    assert done.status_code == 200
    assert "EFGH" in text(done)
    poll, payload, opinion, _token = box[0]
    assert (poll, opinion.unit, opinion.text) == ("poll-2025", "U1", "入学材料写得不清楚")
    assert "入学".encode() not in payload and b"satisfied" not in payload
    assert "no-store" in done["Cache-Control"]


def test_a_refused_form_keeps_what_was_typed(running, visitor, box):
    given = form(opinion="<b>意见</b>")
    del given["q2"]
    page = visitor.post("/evaluate/U1/", given)
    assert page.status_code == 422 and not box
    words = text(page)
    assert "有错误：" in words and 'href="#q2"' in words
    assert words.count("checked") == 4
    assert "&lt;b&gt;意见&lt;/b&gt;" in words and given["token"] in words
    assert visitor.post("/evaluate/U1/", form(opinion="长" * 1001)).status_code == 422


def test_a_question_without_unsure_does_not_send_people_to_it(running, visitor, box):
    given = form()
    del given["contact"], given["q1"]
    page = text(visitor.post("/evaluate/U1/", given))
    assert "打过交道吗？”还没有选。</a>" in page
    assert "<span>请选一项。</span>" in page
    assert page.count("<span>请选一项。选不出时请选“说不清”。</span>") == 1


def test_what_happens_to_an_opinion_is_told_to_those_who_wrote_one(running, visitor, box):
    assert "您写的意见" in text(visitor.post("/evaluate/U1/", form(opinion="材料写得不清楚")))
    assert "您写的意见" not in text(visitor.post("/evaluate/U1/", form()))
    assert "您写的意见" not in text(visitor.post("/evaluate/U1/", form(opinion="\u200b\u2060\u200b\u2060")))
    assert box[-1][2] is None, "nobody is sent signs that nobody sees"


def test_an_answer_that_is_no_option_is_refused(running, visitor, box):
    page = visitor.post("/evaluate/U1/", form(q1="everything"))
    assert page.status_code == 422 and not box


def test_a_silent_intake_is_our_fault_and_loses_nothing(running, visitor, box, monkeypatch):
    def fails(*_args):
        raise intake.IntakeUnavailable

    monkeypatch.setattr(intake.IntakeClient, "submit", fails)
    page = visitor.post("/evaluate/U1/", form(opinion="意见"))
    assert page.status_code == 503
    assert "本平台的原因" in text(page) and "意见" in text(page)


def test_the_same_form_sent_again_is_told_that_the_first_one_counts(running, visitor, box, monkeypatch):
    first = form(opinion="材料写得不清楚")
    assert "您的评议" in text(visitor.post("/evaluate/U1/", first))
    monkeypatch.setattr(
        intake.IntakeClient, "submit", lambda *_a: intake.Receipt("ABCD-EFGH-2345", repeated=True)
    )
    page = visitor.post("/evaluate/U1/", {**first, "q1": "dissatisfied", "opinion": "改过的意见"})
    words = text(page)
    assert page.status_code == 200 and "先前已收到" in words and "EFGH" in words
    assert "以那一次为准" in words and "改过的答案不算" in words and "意见没有转" in words
    assert "您写的意见" not in words and "另填一份" not in words


def test_after_no_answer_the_form_is_not_offered_for_changing(running, visitor, box, monkeypatch):
    def lost(*_args):
        raise intake.IntakeUnavailable(sent=True)

    monkeypatch.setattr(intake.IntakeClient, "submit", lost)
    given = form(opinion='第一行\n"第二行"')
    page = visitor.post("/evaluate/U1/", given)
    words = text(page)
    assert page.status_code == 503 and "可能已经收到" in words and "本平台的原因" in words
    assert intake.receipt_of("poll-2025", given["token"]) in words and 'action="/receipt/"' in words
    assert "<textarea" not in words and 'type="radio"' not in words and "没有交成" not in words
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', words.replace("&quot;", "“")))
    assert fields["token"] == given["token"] and fields["q2"] == "basic"

    def refused(*_args):
        raise intake.IntakeUnavailable

    # Refused at once now: the first copy may be in all the same.
    monkeypatch.setattr(intake.IntakeClient, "submit", refused)
    again = text(visitor.post("/evaluate/U1/", {**given, "sent_before": "1"}))
    assert "可能已经收到" in again and "<textarea" not in again


def test_a_receipt_that_cannot_be_looked_up_speaks_of_looking_up(running, visitor, box, monkeypatch):
    def lost(*_args):
        raise intake.IntakeUnavailable(sent=True)

    monkeypatch.setattr(intake.IntakeClient, "counted", lost)
    page = visitor.post("/receipt/", {"code": "ABCD-EFGH-2345"})
    assert page.status_code == 503 and "现在查不了" in text(page) and "没有交成" not in text(page)


@pytest.mark.parametrize(("days", "words"), [((1, 9), "开始"), ((-9, -1), "已截止")])
def test_before_and_after_the_time(folder, visitor, now, box, days, words):
    publishing.announce(folder, now, opens=days[0], closes=days[1])
    assert words in text(visitor.get("/evaluate/"))
    assert visitor.get("/evaluate/U1/").status_code == 410
    assert visitor.post("/evaluate/U1/", form()).status_code == 410
    assert not box


def test_no_poll_and_unknown_units(folder, visitor, now):
    assert "没有进行中" in text(visitor.get("/evaluate/"))
    publishing.announce(folder, now)
    assert visitor.get("/evaluate/U77/").status_code == 404


def test_a_broken_poll_file_hides_neither_the_portal_nor_the_others(running, visitor, now):
    (running / "polls" / "poll-2024.json").write_text("{", encoding="utf-8")
    publishing.announce(running, now - timedelta(days=400), uid="poll-2023")
    assert "市教育局" in text(visitor.get("/evaluate/"))
    assert visitor.get("/").status_code == 200


def test_the_receipt_says_only_whether_it_counts(running, visitor, box):
    assert "查一查" in text(visitor.get("/receipt/"))
    found = text(visitor.post("/receipt/", {"code": "abcd-efgh-2345"}))
    assert "已收到，截止后封存" in found and "<title>收到了，这份问卷在箱里" in found
    assert "<title>箱里没有这个回执码" in text(visitor.post("/receipt/", {"code": "ABCD-EFGH-2346"}))
    bad = visitor.post("/receipt/", {"code": '"><script>'})
    assert bad.status_code == 422 and "&lt;script&gt;" in text(bad)


@pytest.mark.parametrize("out", [False, True])
def test_after_the_closing_the_receipt_says_whether_it_counted(out, running, visitor, monkeypatch):
    """No way to a closed poll; after the result is out it says that the questionnaire was counted."""

    class Door:
        def __init__(self, _address):
            pass

        def counted(self, _code):
            return intake.Lookup(True, "poll-2025", True)

    assert "去评议" in text(visitor.get("/receipt/"))
    [poll] = published_polls()
    monkeypatch.setattr(intake, "IntakeClient", Door)
    monkeypatch.setattr(clock, "now", lambda: poll.closes_at)
    monkeypatch.setattr(
        receipt, "standing", lambda key: SimpleNamespace(key=key, year=key.year) if out else None
    )
    page = text(visitor.post("/receipt/", {"code": "ABCD-EFGH-2345"}))
    assert "去评议" not in page and "看结果" in page
    assert ("已随全部封存的问卷开箱计票" in page) is out
    assert (f"看 {poll.year} 年度的结果" in page) is out
    assert ("已随全部问卷封存。开箱时一并计票" in page) is not out


def test_forms_need_their_own_token(running, folder):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/evaluate/U1/", form()).status_code == 403


class TestCancelled:
    """The public page says that a poll was cancelled instead of waiting for it; one prepared since takes its place."""

    @staticmethod
    def _mark(folder, uid, now, **more):
        path = folder / "polls" / f"{uid}.json"
        data = json.loads(path.read_text())
        data |= {"cancelled": {"at": now.isoformat(), "reason": "名单有误"}, **more}
        path.write_text(json.dumps(data))
        return data

    def test_the_page_says_so_and_takes_nothing(self, running, visitor, box, now):
        [path] = (running / "polls").glob("*.json")
        self._mark(running, path.stem, now)
        page = text(visitor.get("/evaluate/"))
        assert "已取消" in page and "名单有误" in page and "市教育局" not in page
        assert visitor.post("/evaluate/U1/", form()).status_code == 410
        assert not box

    def test_the_next_one_is_shown(self, running, visitor, now):
        [path] = (running / "polls").glob("*.json")
        data = json.loads(path.read_text())
        self._mark(running, path.stem, now, closes_at=(now + timedelta(days=90)).isoformat())
        (running / "polls" / "poll-2025-2.json").write_text(json.dumps(data | {"id": "poll-2025-2"}))
        page = text(visitor.get("/evaluate/"))
        assert "已取消" not in page and "市教育局" in page
