"""Appeals: one open per item, in time, decided by somebody who did not score; both scores are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.campaigns.queries import appeal as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import appeal
from kaoping.campaigns.services.appeal import Change
from kaoping.evidence.services import Entry, record
from kaoping.registry.queries import actor_for
from tests.campaigns.examples import Year

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
    first = _file(previewing)
    assert first.number == "FH-2025-0001"  # type: ignore[attr-defined]
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
    scorer = replace(previewing.reviewers[0], roles=(("reviewer", ""), ("appeal_decider", "")))
    with pytest.raises(Refused, match="须由没有评过分的人决定"):
        appeal.decide_appeal(
            actor=scorer,
            appeal=filed,
            outcome="rejected",
            decision="维持",
            now=previewing.tick(),  # type: ignore[arg-type]
        )
    with pytest.raises(Refused, match="由复核人决定"):
        appeal.decide_appeal(
            actor=previewing.handler,
            appeal=filed,  # type: ignore[arg-type]
            outcome="rejected",
            decision="维持",
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
            decision="维持",
            now=year.tick(),  # type: ignore[arg-type]
        )


def test_a_decision_needs_words_and_a_change_that_fits(previewing: Year) -> None:
    filed = _file(previewing)

    def decide(outcome: str, decision: str = "理由", change: Change | None = None) -> None:
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
    assert again.number == "FH-2025-0002"  # type: ignore[attr-defined]


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
            decision="维持",
            now=previewing.tick(),  # type: ignore[arg-type]
        )
