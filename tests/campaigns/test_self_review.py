"""Self-review: locked after submission, opened by the office, claims decided by the office only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaoping.accounts.actor import Refused
from kaoping.campaigns.queries import self_review as reads
from kaoping.campaigns.services import applicability, self_review, stages
from kaoping.evidence import queries as ledger
from tests.campaigns.examples import PDF, Year

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_year(year: Year) -> Year:
    return year.to("self_review")


def test_only_the_own_liaison_writes(open_year: Year) -> None:
    with pytest.raises(Refused, match="由本单位联络员填写"):
        self_review.save_answer(
            actor=open_year.liaisons["U2"],
            self_review=open_year.form("U1"),
            item="K1.1",
            level="good",
            now=open_year.tick(),
        )


def test_words_for_wrong_answers(open_year: Year) -> None:
    with pytest.raises(Refused, match="没有“best”这一档，可选：好、一般、没有"):
        open_year.answer("U1", "K1.1", level="best")
    with pytest.raises(Refused, match="没有这一项指标"):
        open_year.answer("U1", "K9", level="good")
    with pytest.raises(Refused, match="还有 2 项没有填完"):
        self_review.submit(
            actor=open_year.liaisons["U1"], self_review=open_year.form("U1"), now=open_year.tick()
        )


def test_submission_locks_and_enters_the_ledger_with_evidence(open_year: Year) -> None:
    liaison, form = open_year.liaisons["U1"], open_year.form("U1")
    open_year.answer("U1", "K1.1", level="fair", text="见文件")
    self_review.add_artefact(
        actor=liaison,
        self_review=form,
        item="K1.1",
        content=PDF,
        confirmed=True,
        name="分工.pdf",
        now=open_year.tick(),
    )
    self_review.add_artefact(
        actor=liaison,
        self_review=form,
        item="K1.1",
        url="https://example.org/a",
        now=open_year.tick(),
    )
    done = open_year.submit("U1")
    assert done.receipt.startswith("ZC2025-")
    with pytest.raises(Refused, match="内容已锁定"):
        open_year.answer("U1", "K1.1", level="good")
    mine = [one for one in ledger.of_unit("U1", "K1.1") if one.source == "self"]
    assert [(one.kind, one.value, len(one.artefacts)) for one in mine] == [("level", "fair", 2)]


def test_a_file_with_a_secrecy_mark_is_refused(open_year: Year) -> None:
    with pytest.raises(Refused, match="非涉密系统"):
        self_review.add_artefact(
            actor=open_year.liaisons["U1"],
            self_review=open_year.form("U1"),
            item="K1.1",
            content="机密★1年\n内容".encode(),
            confirmed=True,
            name="文件.txt",
            now=open_year.tick(),
        )
    with pytest.raises(Refused, match="请选一个文件"):
        self_review.add_artefact(
            actor=open_year.liaisons["U1"],
            self_review=open_year.form("U1"),
            item="K1.1",
            url="javascript:alert(1)",
            now=open_year.tick(),
        )


def test_a_returned_form_supersedes_what_it_said(open_year: Year) -> None:
    open_year.submit("U1")
    with pytest.raises(Refused, match="写明理由"):
        self_review.return_to_unit(
            actor=open_year.handler, self_review=open_year.form("U1"), reason="", now=open_year.tick()
        )
    self_review.return_to_unit(
        actor=open_year.handler, self_review=open_year.form("U1"), reason="材料不清", now=open_year.tick()
    )
    open_year.answer("U1", "K1.1", level="none")
    open_year.submit("U1")
    first, second = (one for one in ledger.of_unit("U1", "K1.1") if one.source == "self")
    assert second.supersedes == first.id
    assert second.value == "none"


def test_a_unit_that_does_not_submit_is_named_and_holds_nobody_up(open_year: Year) -> None:
    open_year.submit("U1")
    said = {"actor": open_year.handler, "self_review": open_year.form("U2"), "reason": "两次催报未交"}
    over = open_year.after_self_review()
    early = over - timedelta(seconds=1)
    with pytest.raises(Refused, match="12月5日 24:00 止，期限没有到.*届满后才能登记为逾期未报"):
        self_review.name_as_missing(**said, now=early)
    self_review.name_as_missing(**said, now=over)
    assert reads.open_names(open_year.campaign) == ()
    with pytest.raises(Refused, match="登记为逾期未报"):
        open_year.answer("U2", "K1.1", level="good")
    open_year.advance_after_the_promised_day()
    assert open_year.campaign.stage == "review"


def test_the_next_stage_waits_for_the_promised_day_though_all_have_handed_in(open_year: Year) -> None:
    open_year.submit("U1")
    open_year.submit("U2")
    early = open_year.after_self_review() - timedelta(seconds=1)
    with pytest.raises(Refused, match="自查到 2025年12月5日 24:00 止，期限没有到，单位仍可填报"):
        stages.advance(actor=open_year.handler, campaign=open_year.campaign, now=early)
    open_year.advance_after_the_promised_day()
    assert open_year.campaign.stage == "review"


def test_a_claim_is_decided_by_the_office_and_then_locked(open_year: Year) -> None:
    open_year.answer("U1", "K1.2", not_applicable=True, text="没有此项职能")
    [answer] = [one for one in reads.answers(open_year.form("U1")).values() if one.item == "K1.2"]
    found = reads.answer_by_id(answer.pk)
    assert found is not None
    with pytest.raises(Refused, match="提交后再审定"):
        applicability.decide_claim(
            actor=open_year.handler, answer=found, accepted=True, reason="属实", now=open_year.tick()
        )
    open_year.submit("U1")
    assert reads.undecided_count(open_year.campaign) == 1
    with pytest.raises(Refused, match="由政务公开办经办审定"):
        applicability.decide_claim(
            actor=open_year.liaisons["U1"],
            answer=reads.answer_by_id(answer.pk),  # type: ignore[arg-type]
            accepted=True,
            reason="属实",
            now=open_year.tick(),
        )
    applicability.decide_claim(
        actor=open_year.handler,
        answer=reads.answer_by_id(answer.pk),  # type: ignore[arg-type]
        accepted=True,
        reason="属实",
        now=open_year.tick(),
    )
    assert reads.undecided_count(open_year.campaign) == 0
    by_source = {one.source: one.value for one in ledger.of_unit("U1", "K1.2")}
    assert by_source == {"self": "not_applicable", "office": "not_applicable"}
    self_review.return_to_unit(
        actor=open_year.handler, self_review=open_year.form("U1"), reason="补材料", now=open_year.tick()
    )
    with pytest.raises(Refused, match="已经审定"):
        open_year.answer("U1", "K1.2", level="good")


def test_evidence_can_be_taken_out_while_open(open_year: Year) -> None:
    kept = self_review.add_artefact(
        actor=open_year.liaisons["U1"],
        self_review=open_year.form("U1"),
        item="K1.1",
        url="https://example.org/a",
        now=open_year.tick(),
    )
    self_review.remove_artefact(
        actor=open_year.liaisons["U1"],
        self_review=open_year.form("U1"),
        artefact_id=kept.pk,
        now=open_year.tick(),
    )
    assert [line.done for line in reads.lines(open_year.form("U1"))] == [False, False]
