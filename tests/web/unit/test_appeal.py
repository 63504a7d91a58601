"""Asking for review of an item: the form, its refusals in words, its number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.campaigns.queries import appeal as reads
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db
ITEM = "/unit/preview/G1-2025/U1/K1.1/"


def _text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def previewing(year: Year) -> Year:
    return year.to("preview")


@pytest.fixture
def liaison(previewing: Year, signed_in: Callable[[Actor], Client]) -> Client:
    return signed_in(previewing.liaisons["U1"])


def test_an_appeal_gets_a_number_and_a_second_one_waits(liaison: Client, previewing: Year) -> None:
    proof = SimpleUploadedFile("分工.pdf", b"%PDF-1.4 proof")
    assert (
        liaison.post(ITEM, {"claim": "材料齐全", "file": proof, "no_secret": "1"}).headers["Location"] == ITEM
    )
    page = _text(liaison.get(ITEM))
    assert "FH-G1-2025-0001" in page
    assert "已有一件复核申请在办" in page
    assert 'name="claim"' not in page
    assert "FH-G1-2025-0001" in _text(liaison.get("/unit/preview/G1-2025/U1/"))
    [stored] = reads.appeals(previewing.campaign)
    assert stored.sha256


def test_a_claim_without_words_is_refused(liaison: Client, previewing: Year) -> None:
    page = liaison.post(ITEM, {"claim": " ", "url": "https://edu.kaoping.test/a.html"})
    assert page.status_code == 409
    assert "请写明申请复核的理由" in _text(page)
    assert "https://edu.kaoping.test/a.html" in _text(page)
    assert reads.appeals(previewing.campaign).count() == 0


def test_a_marked_file_is_refused_and_the_claim_stays(liaison: Client, previewing: Year) -> None:
    secret = SimpleUploadedFile("会议.txt", "秘密★长期\n内容".encode())
    page = liaison.post(ITEM, {"claim": "写了很久的理由", "file": secret, "no_secret": "1"})
    assert page.status_code == 409
    assert "写了很久的理由" in _text(page)
    assert 'id="file-error"' in _text(page)
    assert reads.appeals(previewing.campaign).count() == 0


def test_after_the_deadline_the_form_is_gone_in_words(liaison: Client, previewing: Year) -> None:
    assert previewing.campaign.appeals_close_at is not None
    previewing.at = previewing.campaign.appeals_close_at
    page = _text(liaison.get(ITEM))
    assert "期限已经届满" in page
    assert 'name="claim"' not in page
    assert liaison.post(ITEM, {"claim": "迟到的理由"}).status_code == 409


def test_the_office_cannot_file_for_a_unit(previewing: Year, signed_in: Callable[[Actor], Client]) -> None:
    office = signed_in(previewing.handler)
    assert "由本单位联络员提出" in _text(office.get(ITEM))
    assert office.post(ITEM, {"claim": "代为申请"}).status_code == 409
    assert reads.appeals(previewing.campaign).count() == 0
