"""Self-review on screen: typed input survives a refusal, submission locks, and nobody else's form opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.campaigns.queries import self_review as reads
from kaoping.campaigns.services import applicability, self_review
from kaoping.campaigns.services.setting_up import create_campaign
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db

LIST = "/unit/self-review/G1-2025/U1/"
ITEM = f"{LIST}item/K1.1/"
SUBMIT = f"{LIST}submit/"


@pytest.fixture
def filling(year: Year) -> Year:
    return year.to("self_review")


@pytest.fixture
def liaison(filling: Year, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(filling.liaisons["U1"])


def _text(response: Any) -> str:
    return str(response.content.decode())


def test_before_the_stage_it_says_when(year: Year, signed_in: Callable[[Actor], Client]) -> None:
    page = signed_in(year.liaisons["U1"]).get(LIST)
    assert "部门自查还没有开始" in _text(page)


def test_the_short_address_leads_to_the_own_form(liaison: Client) -> None:
    assert liaison.get("/unit/self-review/").headers["Location"] == LIST


def test_the_plan_of_the_next_year_hides_nothing_of_this_one(
    liaison: Client, filling: Year, signed_in: Callable[[Actor], Client]
) -> None:
    """Units fill in and experts score last year's forms while the office writes the next plan."""
    create_campaign(
        actor=filling.handler,
        key=main_year(2026),
        title="2026 年度考核",
        rulebook=filling.campaign.rulebook,
        timetable="A",
        now=filling.tick(),
    )
    assert liaison.get("/unit/self-review/").headers["Location"] == LIST
    for page in ("preview", "evaluation", "report"):
        assert "/G1-2025/" in liaison.get(f"/unit/{page}/").headers["Location"]
    assert "/G1-2025/" in liaison.get("/unit/").headers["Location"]
    filling.to("review")
    queue = _text(signed_in(filling.reviewers[0]).get("/review/"))
    assert "还有 2 家没有评完" in queue


def test_an_item_is_saved_by_a_plain_form_and_leads_on(liaison: Client, filling: Year) -> None:
    saved = liaison.post(ITEM, {"level": "good", "text": "三月开会部署", "then": "next"})
    assert saved.headers["Location"] == f"{LIST}item/K1.2/"
    answer = reads.answers(filling.form("U1"))["K1.1"]
    assert (answer.level, answer.text) == ("good", "三月开会部署")
    page = _text(liaison.get(ITEM))
    assert "2 项已答 1 项" in page
    assert 'value="good" checked' in page
    assert "三月开会部署" in page


def test_a_marked_file_is_refused_in_words_and_the_rest_stays(liaison: Client, filling: Year) -> None:
    secret = SimpleUploadedFile("计划.txt", "机密★3年\n领导分工".encode())
    page = liaison.post(
        ITEM, {"level": "fair", "text": "已经写了很久的说明", "file": secret, "no_secret": "1"}
    )
    assert page.status_code == 409
    body = _text(page)
    assert "密" in body
    assert "有错误：" in body
    assert "已经写了很久的说明" in body
    assert 'value="fair" checked' in body
    answer = reads.answers(filling.form("U1"))["K1.1"]
    assert (answer.level, answer.text) == ("fair", "已经写了很久的说明")
    assert list(answer.artefacts.all()) == []


def test_files_and_addresses_are_evidence_and_can_be_taken_out(liaison: Client, filling: Year) -> None:
    good = SimpleUploadedFile("分工.pdf", b"%PDF-1.4 one")
    liaison.post(
        ITEM,
        {"level": "good", "file": good, "no_secret": "1", "url": "https://edu.kaoping.test/fengong.html"},
    )
    rows = list(reads.answers(filling.form("U1"))["K1.1"].artefacts.all())
    assert [(one.name, one.url) for one in rows] == [
        ("分工.pdf", ""),
        ("", "https://edu.kaoping.test/fengong.html"),
    ]
    page = _text(liaison.get(ITEM))
    assert "佐证材料 2 份" in page
    assert liaison.post(f"{ITEM}remove/{rows[0].pk}/").status_code == 302
    assert "佐证材料 1 份" in _text(liaison.get(ITEM))


def test_an_address_that_is_none_is_refused_beside_its_field(liaison: Client) -> None:
    page = liaison.post(ITEM, {"level": "good", "url": "javascript:alert(1)"})
    assert page.status_code == 409
    assert 'id="url-error"' in _text(page)
    assert 'href="javascript' not in _text(page)


def test_a_claim_needs_its_reason(liaison: Client, filling: Year) -> None:
    page = liaison.post(ITEM, {"level": "not_applicable", "text": " "})
    assert page.status_code == 409
    assert "申请不涉及，要写明理由" in _text(page)
    assert liaison.post(ITEM, {"level": "not_applicable", "text": "没有下属单位"}).status_code == 302
    assert reads.answers(filling.form("U1"))["K1.1"].not_applicable


def test_an_unknown_level_is_refused(liaison: Client) -> None:
    page = liaison.post(ITEM, {"level": "superb"})
    assert page.status_code == 409
    assert "没有“superb”这一档" in _text(page)


def test_submission_names_what_is_missing_then_locks_and_gives_a_receipt(
    liaison: Client, filling: Year
) -> None:
    assert "还有 2 项没有填完" in _text(liaison.get(SUBMIT))
    refused = liaison.post(SUBMIT)
    assert refused.status_code == 409
    assert "没有选档次" in _text(refused)
    for code in ("K1.1", "K1.2"):
        liaison.post(f"{LIST}item/{code}/", {"level": "good"})
    assert "提交后不能再改" in _text(liaison.get(SUBMIT))
    assert liaison.post(SUBMIT).headers["Location"] == LIST
    page = _text(liaison.get(LIST))
    receipt = filling.form("U1").receipt
    assert all(part in page for part in receipt.split("-"))
    assert "内容已锁定" in page
    late = liaison.post(ITEM, {"level": "none", "text": "改一下"})
    assert late.status_code == 409
    assert "内容已锁定" in _text(late)
    assert reads.answers(filling.form("U1"))["K1.1"].level == "good"
    assert 'type="file"' not in _text(liaison.get(ITEM))


def test_a_returned_form_shows_the_reason_and_opens_again(liaison: Client, filling: Year) -> None:
    self_review.return_to_unit(
        actor=filling.handler, self_review=filling.submit("U1"), reason="K1.2 没有附材料", now=filling.tick()
    )
    page = _text(liaison.get(LIST))
    assert "自查被退回" in page
    assert "K1.2 没有附材料" in page
    assert liaison.post(ITEM, {"level": "fair"}).status_code == 302
    assert "K1.2 没有附材料" in _text(liaison.get("/unit/G1-2025/U1/"))


def test_a_decided_claim_is_shown_and_cannot_be_changed(liaison: Client, filling: Year) -> None:
    filling.answer("U1", "K1.1", not_applicable=True, text="没有下属单位")
    form = filling.submit("U1")
    answer = reads.answers(form)["K1.1"]
    applicability.decide_claim(
        actor=filling.handler, answer=answer, accepted=False, reason="有两家下属", now=filling.tick()
    )
    self_review.return_to_unit(actor=filling.handler, self_review=form, reason="补材料", now=filling.tick())
    page = _text(liaison.get(ITEM))
    assert "不认定不涉及" in page
    assert "有两家下属" in page
    assert liaison.post(ITEM, {"level": "good"}).status_code == 409


@pytest.mark.parametrize("path", [LIST, ITEM, SUBMIT])
def test_another_units_liaison_is_turned_away(
    filling: Year, signed_in: Callable[[Actor], Client], path: str
) -> None:
    other = signed_in(filling.liaisons["U2"])
    assert other.get(path).status_code == 403
    assert other.post(path, {"level": "good"}).status_code in (403, 405)
    assert reads.answers(filling.form("U1")) == {}


def test_the_office_reads_but_does_not_write(filling: Year, signed_in: Callable[[Actor], Client]) -> None:
    office = signed_in(filling.handler)
    page = office.get(ITEM)
    assert page.status_code == 200
    assert "由本单位联络员填写" in _text(page)
    assert office.post(ITEM, {"level": "good"}).status_code == 409
    assert reads.answers(filling.form("U1")) == {}


def test_what_the_unit_wrote_is_escaped(liaison: Client) -> None:
    liaison.post(ITEM, {"level": "good", "text": "</textarea><script>alert(1)</script>"})
    assert "<script>alert(1)" not in _text(liaison.get(ITEM))


def test_the_list_downloads(liaison: Client) -> None:
    answer = liaison.get(LIST, {"format": "csv"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "K1.1" in answer.content.decode()


def test_unknown_items_and_years_are_not_found(liaison: Client) -> None:
    assert liaison.get(f"{LIST}item/K9/").status_code == 404
    assert liaison.get("/unit/self-review/G1-2019/U1/").status_code == 404


def test_a_text_that_is_too_long_is_refused_in_words_and_stays(liaison: Client, filling: Year) -> None:
    page = _text(liaison.get(ITEM))
    assert "不超过 5000 个字" in page and "maxlength" not in page.partition("<textarea")[2].partition(">")[0]
    long = "甲" * 5000 + "末尾"
    refused = liaison.post(ITEM, {"level": "good", "text": long})
    assert refused.status_code == 409
    assert "情况说明超过 5000 个字，没有保存" in _text(refused) and long in _text(refused)
    assert "K1.1" not in reads.answers(filling.form("U1"))


def test_a_claim_without_its_reason_is_answered_nowhere(
    liaison: Client, filling: Year, signed_in: Callable[[Actor], Client]
) -> None:
    """The autosave keeps it; no count says that all is answered while the submission is refused."""
    filling.answer("U1", "K1.2", level="good")
    kept = liaison.post(f"{ITEM}save/", {"level": "not_applicable", "text": ""})
    assert kept.status_code == 200
    assert "还有 1 项没有填完" in _text(liaison.get(SUBMIT))
    for path in (LIST, ITEM, "/unit/G1-2025/U1/"):
        assert "2 项已答 1 项" in _text(liaison.get(path)), path
    assert "不涉及，缺理由" in _text(liaison.get(LIST))
    desk = signed_in(filling.handler)
    assert "答了 1 / 2 项" in _text(desk.get("/desk/self-reviews/G1-2025/unit/U1/"))
    assert "申请不涉及，没有写理由" in _text(desk.get("/desk/self-reviews/G1-2025/unit/U1/"))
    assert reads.forms(filling.campaign).get(organisation__code="U1").answered == 1
    liaison.post(f"{ITEM}save/", {"level": "not_applicable", "text": "没有下属单位"})
    assert "2 项已答 2 项" in _text(liaison.get(LIST))
    assert reads.forms(filling.campaign).get(organisation__code="U1").answered == 2


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decided_claim_is_not_told_as_open_when_the_form_is_handed_in_again(
    liaison: Client, filling: Year, accepted: bool
) -> None:
    filling.answer("U1", "K1.1", not_applicable=True, text="没有下属单位")
    form = filling.submit("U1")
    answer = reads.answers(form)["K1.1"]
    applicability.decide_claim(
        actor=filling.handler, answer=answer, accepted=accepted, reason="已查明", now=filling.tick()
    )
    self_review.return_to_unit(actor=filling.handler, self_review=form, reason="补材料", now=filling.tick())
    page = _text(liaison.get(SUBMIT))
    assert "待政务公开办审定" not in page
    assert "申请不涉及，已经审定" in page
    bare = page.partition("这些项没有附材料")[2]
    assert "K1.2" in bare
    assert ("K1.1" in bare) is not accepted  # what is decided not to apply nobody scores
