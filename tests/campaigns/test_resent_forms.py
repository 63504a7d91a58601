"""A form sent twice, because its first answer was lost on the way, counts once; nothing is kept past its stage."""

from __future__ import annotations

from typing import Any

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.campaigns.models import AnswerArtefact, ApprovalScan, Campaign, Sheet
from kaoping.campaigns.queries import sheet as reads
from kaoping.campaigns.services import approval, review, self_review, sheet, stages
from kaoping.evidence.services import Entry
from kaoping.evidence.services.withdrawal import rule
from tests.campaigns.examples import PDF, Year
from tests.ledger import record

pytestmark = pytest.mark.django_db


def test_evidence_offered_twice_is_listed_once(year: Year) -> None:
    year.to("self_review")
    common: dict[str, Any] = {"actor": year.liaisons["U1"], "self_review": year.form("U1"), "item": "K1.1"}
    first = self_review.add_artefact(url="https://u1.example/a", now=year.tick(), **common)
    again = self_review.add_artefact(url="https://u1.example/a", now=year.tick(), **common)
    other = self_review.add_artefact(url="https://u1.example/b", now=year.tick(), **common)
    assert first.pk == again.pk != other.pk
    assert AnswerArtefact.objects.count() == 2


def test_a_line_is_withdrawn_once_and_the_second_try_is_refused_in_words(year: Year) -> None:
    entry = Entry(unit="U1", item="K1.1", source="office", observed_at=year.at, kind="points", value="1")
    [uid] = record([entry], actor=SYSTEM, now=year.at)
    rule(line=uid, ref="ruling:1", actor=year.handler, reason="登记错了", now=year.tick())
    with pytest.raises(Refused, match="已被更正或撤回"):
        rule(line=uid, ref="ruling:2", actor=year.handler, reason="登记错了", now=year.tick())


def test_a_sheet_that_was_computed_while_the_stage_moved_is_not_kept(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    year.to("review")
    scored = reads.results_of

    def meanwhile(*args: Any) -> dict[str, Any]:
        Campaign.objects.filter(pk=year.campaign.pk).update(stage="preview")
        return scored(*args)

    monkeypatch.setattr(sheet.sheets, "results_of", meanwhile)
    before = Sheet.objects.count()
    with pytest.raises(Refused, match="重新计算"):
        year.compute("preview")
    assert Sheet.objects.count() == before


def test_a_gate_opens_one_stage_a_form(year: Year) -> None:
    """Nothing keeps the gate behind the preview shut: the same form must not open that one as well."""
    year.to("review")
    year.review_all()
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    year.compute("preview")
    common: dict[str, Any] = {"actor": year.handler, "campaign": year.campaign, "to": "preview"}
    stages.advance(now=year.tick(), **common)
    with pytest.raises(Refused, match="已经进入“结果预览”，不用再办"):
        stages.advance(now=year.tick(), **common)
    with pytest.raises(Refused, match="请刷新本页后再办"):
        stages.advance(now=year.tick(), **{**common, "to": "published"})
    assert year.campaign.stage == "preview"


def test_a_scan_attached_twice_is_attached_once(year: Year) -> None:
    year.sign("plan")
    common: dict[str, Any] = {"actor": year.handler, "campaign": year.campaign, "subject": "plan"}
    common |= {"content": PDF, "name": "呈批表.pdf", "confirmed": True}
    first = approval.attach_scan(now=year.tick(), **common)
    again = approval.attach_scan(now=year.tick(), **common)
    numbered = approval.attach_scan(now=year.tick(), document_no="样政办〔2025〕1号", **common)
    assert first.pk == again.pk != numbered.pk
    assert ApprovalScan.objects.filter(campaign=year.campaign).count() == 2
