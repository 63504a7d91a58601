"""Appeals: one open per item, in time, decided by somebody who did not score; both scores are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.logic.sheet import digest
from kaoping.campaigns.queries import appeal as reads
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import appeal, review
from kaoping.campaigns.services.appeal import Change
from kaoping.campaigns.services.sheet import compute_sheet, score_sheet
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry
from kaoping.registry.queries.acting import actor_for
from tests.campaigns.examples import Year
from tests.ledger import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def previewing(year: Year) -> Year:
    year.to("review")
    record(
        [Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01", reason="打不开")],
        actor=Actor("system", "system", "本平台"),
        now=year.tick(),
    )
    return year.to("preview")


def _file(year: Year, item: str = "K1.1", unit: str = "U1", **given: object) -> object:
    return appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation=unit,
        item=item,
        claim=str(given.get("claim", "材料齐全")),
        now=year.tick(),
    )


def test_who_may_file_what_and_until_when(previewing: Year) -> None:
    with pytest.raises(Refused, match="由本单位联络员提出"):
        _file(previewing, unit="U2")
    with pytest.raises(Refused, match="没有这一项"):
        _file(previewing, item="K9")
    with pytest.raises(Refused, match="写明申请复核的理由"):
        _file(previewing, claim=" ")
    with pytest.raises(Refused, match="写明申请复核的理由"):
        _file(previewing, claim="\u200b\u2060\u200b\u2060")
    first = _file(previewing)
    assert first.number == "FH-G1-2025-0001"  # type: ignore[attr-defined]
    assert first.points_before == "20.00"  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="已有一件复核申请在办"):
        _file(previewing)
    assert previewing.campaign.appeals_close_at is not None
    previewing.at = previewing.campaign.appeals_close_at
    with pytest.raises(Refused, match="期限已经届满"):
        _file(previewing, item="K1.2")


def test_no_appeal_before_the_preview(year: Year) -> None:
    year.to("review")
    with pytest.raises(Refused, match="结果预览以后提出"):
        _file(year)


def test_the_scorer_does_not_decide(previewing: Year) -> None:
    filed = _file(previewing)
    scorer = replace(previewing.reviewers[0], roles=(("reviewer", "G1"), ("appeal_decider", "G1")))
    with pytest.raises(Refused, match="须由没有评过分的人决定"):
        appeal.decide_appeal(
            actor=scorer,
            appeal=filed,
            outcome="rejected",
            decision="维持原分",
            now=previewing.tick(),  # type: ignore[arg-type]
        )
    with pytest.raises(Refused, match="由复核人决定"):
        appeal.decide_appeal(
            actor=previewing.handler,
            appeal=filed,  # type: ignore[arg-type]
            outcome="rejected",
            decision="维持原分",
            now=previewing.tick(),
        )


def test_who_recorded_it_does_not_decide(year: Year) -> None:
    year.to("review")
    record(
        [Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01")],
        actor=year.decider,
        now=year.tick(),
    )
    year.to("preview")
    filed = _file(year, item="K3.3")
    with pytest.raises(Refused, match="记录是您登记的"):
        appeal.decide_appeal(
            actor=year.decider,
            appeal=filed,
            outcome="rejected",
            decision="维持原分",
            now=year.tick(),  # type: ignore[arg-type]
        )


def test_a_decision_needs_words_and_a_change_that_fits(previewing: Year) -> None:
    filed = _file(previewing)

    def decide(outcome: str, decision: str = "写明理由", change: Change | None = None) -> None:
        appeal.decide_appeal(
            actor=previewing.decider,
            appeal=filed,  # type: ignore[arg-type]
            outcome=outcome,
            decision=decision,
            change=change,
            now=previewing.tick(),
        )

    with pytest.raises(Refused, match="请选成立"):
        decide("maybe")
    with pytest.raises(Refused, match="写明决定的理由"):
        decide("rejected", " ")
    with pytest.raises(Refused, match="要写明改为多少分"):
        decide("upheld")
    with pytest.raises(Refused, match="不成立就不改分"):
        decide("rejected", change=Change(points="3"))
    with pytest.raises(Refused, match="最高 40 分。请改为 0 到 40 之间"):
        decide("upheld", change=Change(points="40.5"))
    with pytest.raises(Refused, match="写成小数"):
        decide("upheld", change=Change(points="很多"))
    with pytest.raises(Refused, match="不在这一项的依据里"):
        decide("upheld", change=Change(withdraws="nonsense"))
    decide("rejected")
    with pytest.raises(Refused, match="已经作出决定"):
        decide("rejected")


def test_upheld_by_points_keeps_both_scores_and_both_sheets(previewing: Year) -> None:
    filed = _file(previewing)
    change = Change(points="32")
    effect = appeal.effect_of(appeal=filed, change=change, now=previewing.tick())  # type: ignore[arg-type]
    assert effect is not None
    assert (effect.points_before, effect.points_after) == ("20.00", "32.00")
    count = sheets.sheets(previewing.campaign).count()
    done = appeal.decide_appeal(
        actor=previewing.decider,
        appeal=filed,  # type: ignore[arg-type]
        outcome="partly",
        decision="部分材料有效",
        change=change,
        now=previewing.tick(),
    )
    assert (done.points_before, done.points_after) == ("20.00", "32.00")
    assert sheets.sheets(previewing.campaign).count() == count + 1
    detail = sheets.unit_detail(sheets.latest(previewing.campaign), "U1")  # type: ignore[arg-type]
    assert detail is not None
    assert detail["total"] == effect.total_after
    assert "部分材料有效" in detail["indicators"]["K1.1"]["reason"]
    assert reads.outcome_counts(previewing.campaign) == {"partly": 1}
    again = _file(previewing)
    assert again.number == "FH-G1-2025-0002"  # type: ignore[attr-defined]


def test_upheld_by_withdrawing_a_finding(previewing: Year) -> None:
    filed = _file(previewing, item="K3.3")
    basis = reads.basis(filed)  # type: ignore[arg-type]
    assert basis is not None
    assert basis.points == "15.00"
    [finding] = basis.observations
    done = appeal.decide_appeal(
        actor=previewing.decider,
        appeal=filed,  # type: ignore[arg-type]
        outcome="upheld",
        decision="网络故障，不是网站的原因",
        change=Change(withdraws=finding.id),
        now=previewing.tick(),
    )
    assert done.points_after == "20.00"


def test_a_person_with_two_posts_is_one_person(previewing: Year) -> None:
    filed = _file(previewing)
    person = Person.objects.get(pk=previewing.reviewers[0].id)
    actor = actor_for(person, on=previewing.at.date())
    assert not actor.has("appeal_decider")
    with pytest.raises(Refused, match="由复核人决定"):
        appeal.decide_appeal(
            actor=actor,
            appeal=filed,
            outcome="rejected",
            decision="维持原分",
            now=previewing.tick(),  # type: ignore[arg-type]
        )


def _decide(year: Year, filed: object, change: Change, outcome: str = "upheld") -> Any:
    return appeal.decide_appeal(
        actor=year.decider,
        appeal=filed,  # type: ignore[arg-type]
        outcome=outcome,
        decision="理由成立",
        change=change,
        now=year.tick(),
    )


def test_the_sheet_kept_with_a_decision_is_what_the_ledger_gives(previewing: Year) -> None:
    done = _decide(previewing, _file(previewing), Change(points="32"))
    latest = sheets.latest(previewing.campaign)
    assert latest is not None
    assert latest.occasion == "appeal"
    assert sheets.is_latest(latest)
    again = score_sheet(previewing.campaign, latest.as_of)
    assert again.digest == latest.digest == digest(sheets.results(latest))
    assert done.observation in again.unit("U1")["indicators"]["K1.1"]["observations"]


def test_scoring_holds_nobody_up(previewing: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    filed = _file(previewing)
    outside = len(connection.savepoint_ids)
    inside: list[int] = []
    scorer = sheets.results_of

    def watched(*args: Any) -> dict[str, Any]:
        inside.append(len(connection.savepoint_ids) - outside)
        return scorer(*args)

    monkeypatch.setattr(sheets, "results_of", watched)
    _decide(previewing, filed, Change(points="32"))
    assert inside
    assert not any(inside)


def test_a_ledger_that_moves_meanwhile_keeps_nothing(
    previewing: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = _file(previewing)
    scorer = appeal.score_sheet
    count = sheets.sheets(previewing.campaign).count()

    def late(*args: Any) -> Any:
        scored = scorer(*args)
        previewing.ruled("U2", "K3.3", "15")
        return scored

    monkeypatch.setattr(appeal, "score_sheet", late)
    with pytest.raises(Refused, match="计算期间台账有了新记录，决定没有保存"):
        _decide(previewing, filed, Change(points="32"))
    assert audit_entries(verb="decide_appeal", refused=True).count() == 1
    assert reads.open_count(previewing.campaign) == 1
    assert sheets.sheets(previewing.campaign).count() == count
    assert not [one for one in ledger.of_unit("U1") if one.source == "office"]
    monkeypatch.setattr(appeal, "score_sheet", scorer)
    assert _decide(previewing, filed, Change(points="32")).points_after == "32.00"


def test_what_was_recorded_after_the_instant_of_a_sheet_makes_it_old(previewing: Year) -> None:
    before = previewing.at
    previewing.ruled("U2", "K3.3", "15")
    late = compute_sheet(actor=previewing.handler, campaign=previewing.campaign, now=before)
    assert not sheets.is_latest(late)
    assert sheets.is_latest(previewing.compute())


def test_who_asks_for_review_does_not_come_off_worse(previewing: Year) -> None:
    filed = _file(previewing)
    effect = appeal.effect_of(appeal=filed, change=Change(points="12"), now=previewing.tick())  # type: ignore[arg-type]
    assert effect is not None
    assert "复核不加重" in (effect.refusal or "")
    with pytest.raises(Refused, match="K1.1 由 20.00 分到 12.00 分.*申请人的结果比原来更差"):
        _decide(previewing, filed, Change(points="12"), "partly")
    assert reads.open_count(previewing.campaign) == 1
    assert _decide(previewing, filed, Change(points="21"), "partly").points_after == "21.00"


def test_withdrawing_the_better_of_two_records_is_worse(year: Year) -> None:
    year.to("review")
    for reviewer, level in zip(year.reviewers, ("good", "none"), strict=True):
        row = year.assignment(reviewer, "U1")
        for one in reviews.items_to_score(row):
            review.save_score(
                actor=reviewer, assignment=row, item=one.item.code, level=level, now=year.tick()
            )
        review.finish(actor=reviewer, assignment=row, now=year.tick())
        other = year.assignment(reviewer, "U2")
        for one in reviews.items_to_score(other):
            review.save_score(
                actor=reviewer, assignment=other, item=one.item.code, level="good", now=year.tick()
            )
        review.finish(actor=reviewer, assignment=other, now=year.tick())
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    year.compute("preview")
    year.advance()
    filed = _file(year)
    basis = reads.basis(filed)  # type: ignore[arg-type]
    assert basis is not None
    by_level = {one.value: one.id for one in basis.observations}
    with pytest.raises(Refused, match="复核不加重"):
        _decide(year, filed, Change(withdraws=by_level["good"]))
    assert _decide(year, filed, Change(withdraws=by_level["none"])).points_after == "40.00"
