"""Blind review: conflicts refused, nobody sees another's, nothing in the ledger before the round closes."""

from __future__ import annotations

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.models import Person
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import review as reads
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.services import applicability, assigning, review, self_review
from kaoping.evidence import queries as ledger
from kaoping.registry.services import appoint
from tests.campaigns.examples import Year
from tests.ledger import ledger as whole_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewing(year: Year) -> Year:
    return year.to("review")


def _person(year: Year, number: int) -> Person:
    return Person.objects.get(pk=year.reviewers[number].id)


def test_a_reviewers_own_organisation_is_refused(year: Year) -> None:
    year.to("self_review")
    appoint(
        actor=SYSTEM,
        person=_person(year, 0),
        role="liaison",
        organisation="U1",
        valid_from=year.at.date(),
        now=year.tick(),
    )
    with pytest.raises(Refused, match="与市教育局有任职关系，须回避"):
        assigning.assign_reviewers(
            actor=year.handler,
            campaign=year.campaign,
            reviewer=_person(year, 0),
            organisations=["U1", "U2"],
            now=year.tick(),
        )
    with pytest.raises(Refused, match="市教育局排不满 2 位专家"):
        assigning.assign_evenly(
            actor=year.handler,
            campaign=year.campaign,
            reviewers=[_person(year, 0), _person(year, 1)],
            per_unit=2,
            now=year.tick(),
        )
    made = assigning.assign_evenly(
        actor=year.handler,
        campaign=year.campaign,
        reviewers=[_person(year, 0), _person(year, 1)],
        per_unit=1,
        now=year.tick(),
    )
    assert {(row.reviewer_id, row.organisation.code) for row in made} >= {(_person(year, 1).pk, "U1")}


def test_only_reviewers_are_assigned(year: Year) -> None:
    with pytest.raises(Refused, match="没有专家任职"):
        assigning.assign_reviewers(
            actor=year.handler,
            campaign=year.campaign,
            reviewer=Person.objects.get(pk=year.liaisons["U1"].id),
            organisations=["U2"],
            now=year.tick(),
        )


def test_a_reviewer_sees_and_scores_only_the_own_by_alias(reviewing: Year) -> None:
    first, second = reviewing.reviewers
    own = reviewing.assignment(first, "U1")
    assert reads.own_assignment(own.pk, first.id) == own
    assert reads.own_assignment(own.pk, second.id) is None
    queue = reads.queue(reviewing.campaign, first.id)
    assert [line.unit_alias for line in queue] == ["单位01", "单位02"]
    assert not hasattr(queue[0], "organisation")
    with pytest.raises(Refused, match="分派给了别的专家"):
        review.save_score(actor=second, assignment=own, item="K1.1", level="good", now=reviewing.tick())
    review.save_score(actor=first, assignment=own, item="K1.1", level="good", now=reviewing.tick())
    other = reads.items_to_score(reviewing.assignment(second, "U1"))
    assert all(one.score is None for one in other)
    with pytest.raises(Refused, match="还有 1 项没有评分：K1.2 人员"):
        review.finish(actor=first, assignment=own, now=reviewing.tick())


def test_scores_are_locked_when_finished(reviewing: Year) -> None:
    reviewing.review_all()
    row = reviewing.assignment(reviewing.reviewers[0], "U1")
    with pytest.raises(Refused, match="评分已锁定"):
        review.save_score(
            actor=reviewing.reviewers[0], assignment=row, item="K1.1", level="none", now=reviewing.tick()
        )


def test_scores_enter_the_ledger_by_alias_when_the_round_closes(reviewing: Year) -> None:
    with pytest.raises(Refused, match="市教育局、市水利局还没有评完"):
        review.close_round(actor=reviewing.handler, campaign=reviewing.campaign, now=reviewing.tick())
    reviewing.review_all()
    assert not [one for one in whole_ledger() if one.source == "reviewer"]
    review.close_round(actor=reviewing.handler, campaign=reviewing.campaign, now=reviewing.tick())
    lines = [one for one in whole_ledger() if one.source == "reviewer"]
    assert len(lines) == 8
    assert {one.by for one in lines} == {"专家甲", "专家乙"}
    with pytest.raises(Refused, match="评审已经结束"):
        review.close_round(actor=reviewing.handler, campaign=reviewing.campaign, now=reviewing.tick())
    with pytest.raises(Refused, match="评审已经结束"):
        reviewing.assign()


def test_a_recused_reviewers_scores_do_not_count(reviewing: Year) -> None:
    reviewing.review_all()
    row = reviewing.assignment(reviewing.reviewers[0], "U1")
    with pytest.raises(Refused, match="回避要写明理由"):
        review.recuse(actor=reviewing.reviewers[0], assignment=row, reason=" ", now=reviewing.tick())
    with pytest.raises(Refused, match="回避由专家本人提出"):
        review.recuse(actor=reviewing.reviewers[1], assignment=row, reason="亲属", now=reviewing.tick())
    review.recuse(actor=reviewing.reviewers[0], assignment=row, reason="亲属任职", now=reviewing.tick())
    review.close_round(actor=reviewing.handler, campaign=reviewing.campaign, now=reviewing.tick())
    lines = [one for one in whole_ledger() if one.source == "reviewer"]
    assert sorted((one.unit, one.by) for one in lines if one.unit == "U1") == [("U1", "专家乙")] * 2


def test_an_item_that_does_not_apply_is_not_scored(year: Year) -> None:
    year.to("self_review")
    year.answer("U1", "K1.2", not_applicable=True, text="没有此项职能")
    year.to("review")
    [claim] = self_reviews.claims(year.campaign)
    year_words = "".join(one.words() for one in campaigns.missing(year.campaign, now=year.at))
    assert "1 项“不涉及”没有审定" in year_words
    applicability.decide_claim(
        actor=year.handler, answer=claim, accepted=True, reason="属实", now=year.tick()
    )
    row = year.assignment(year.reviewers[0], "U1")
    assert [one.item.code for one in reads.items_to_score(row)] == ["K1.1"]
    with pytest.raises(Refused, match="不用评"):
        review.save_score(actor=year.reviewers[0], assignment=row, item="K1.2", level="good", now=year.tick())


def test_the_office_sees_the_spread_widest_first(reviewing: Year) -> None:
    for reviewer, level in zip(reviewing.reviewers, ("good", "none"), strict=True):
        row = reviewing.assignment(reviewer, "U1")
        review.save_score(actor=reviewer, assignment=row, item="K1.1", level="fair", now=reviewing.tick())
        review.save_score(actor=reviewer, assignment=row, item="K1.2", level=level, now=reviewing.tick())
    widest, narrow = reads.spread(reviewing.campaign)
    assert (widest.item, widest.range, [dot.alias for dot in widest.dots]) == (
        "K1.2",
        1,
        ["专家甲", "专家乙"],
    )
    assert (narrow.item, narrow.range) == ("K1.1", 0)


def test_a_unit_that_handed_in_nothing_is_judged_all_the_same_and_the_ledger_says_so(year: Year) -> None:
    year.to("self_review")
    year.answer("U2", "K1.1", level="good", text="草稿")
    self_review.name_as_missing(
        actor=year.handler, self_review=year.form("U2"), reason="两次催报未交", now=year.after_self_review()
    )
    year.submit("U1")
    year.assign()
    year.advance_after_the_promised_day()
    reviewer = year.reviewers[0]
    lines = {
        reads.assignment(one.assignment).organisation.code: one  # type: ignore[union-attr]
        for one in reads.queue(year.campaign, reviewer.id)
    }
    assert (lines["U1"].not_submitted, lines["U2"].not_submitted) == (False, True)
    asked = reads.items_to_score(year.assignment(reviewer, "U2"))
    assert [(one.item.code, one.answer) for one in asked] == [("K1.1", None), ("K1.2", None)]
    with pytest.raises(Refused, match="还没有评完"):
        review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    year.review_all("none")
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    reasons = {
        code: {one.reason for one in ledger.of_unit(code) if one.source == "reviewer"}
        for code in ("U1", "U2")
    }
    assert reasons == {"U1": {None}, "U2": {"单位未交自查"}}
