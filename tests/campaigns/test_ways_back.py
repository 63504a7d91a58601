"""What was done by mistake is taken back with a trace: a wrong year, an assignment, an appeal; and the appeal's sheet is signed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from kaoping.accounts.actor import Refused
from kaoping.accounts.models import AuditEntry, Person
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.models import Appeal, Campaign, ReviewAssignment, Sheet
from kaoping.campaigns.queries import appeal as appeals
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries import sign_off as signing
from kaoping.campaigns.services import appeal, approval, assigning, plan, review, setting_up, sign_off
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db


def _file(year: Year, item: str = "K1.1") -> Appeal:
    return appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item=item,
        claim="材料齐全",
        now=year.tick(),
    )


def test_the_sheet_of_an_upheld_appeal_is_signed_by_another(year: Year) -> None:
    year.to("preview")
    filed = _file(year)
    year.advance()
    appeal.decide_appeal(
        actor=year.decider,
        appeal=filed,
        outcome="upheld",
        decision="材料属实",
        change=appeal.Change(points="40"),
        now=year.tick(),
    )
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at
    latest = sheets.latest(year.campaign)
    assert latest is not None and str(latest.prepared_by_id) == year.decider.id
    # The page's question and the act's are one.
    assert signing.refusal_to_sign_off(year.signer, year.campaign, now=year.tick()) is None
    row = sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    assert (str(row.prepared_by_id), str(row.signed_by_id)) == (year.decider.id, year.signer.id)
    year.advance()
    assert year.campaign.stage == "frozen"


def test_who_decided_does_not_sign(year: Year) -> None:
    year.to("preview")
    filed = _file(year)
    year.advance()
    appeal.decide_appeal(
        actor=year.decider,
        appeal=filed,
        outcome="upheld",
        decision="材料属实",
        change=appeal.Change(points="40"),
        now=year.tick(),
    )
    year.wait_for_appeals()
    both = type(year.decider)(year.decider.id, "x", "复核人戊", (("second_signer", "G1"),))
    assert "须由第二人办理" in (signing.refusal_to_sign_off(both, year.campaign, now=year.tick()) or "")


def test_a_sheet_that_nobody_is_known_to_have_computed_is_named_at_the_gate(year: Year) -> None:
    """Sheets of the first release's appeals know no one who prepared them."""
    year.to("appeals")
    sheet = year.compute()
    Sheet.objects.create(
        campaign=year.campaign,
        as_of=sheet.as_of,
        occasion="appeal",
        digest="0" * 64,
        last_observation=sheet.last_observation,
        computed_at=sheet.as_of,
        computed_by="复核人",
    )
    assert year.campaign.appeals_close_at is not None
    year.wait_for_appeals()
    lacks = campaigns.missing(year.campaign, now=year.campaign.appeals_close_at)
    assert ["没有经办计算的" in one.what for one in lacks] == [True]
    assert "没有经办计算的计分表" in (
        signing.refusal_to_sign_off(year.signer, year.campaign, now=year.tick()) or ""
    )


def test_an_appeal_is_withdrawn_by_its_unit_while_undecided(year: Year) -> None:
    year.to("preview")
    filed = _file(year)
    with pytest.raises(Refused, match="由提出的单位联络员撤回"):
        appeal.withdraw_appeal(actor=year.liaisons["U2"], appeal=filed, now=year.tick())
    appeal.withdraw_appeal(actor=year.liaisons["U1"], appeal=filed, reason="看错了", now=year.tick())
    filed.refresh_from_db()
    assert (filed.outcome, filed.decision, filed.points_after) == ("withdrawn", "看错了", filed.points_before)
    assert appeals.open_count(year.campaign) == 0
    assert appeals.outcome_counts(year.campaign) == {"withdrawn": 1}
    assert AuditEntry.objects.filter(verb="withdraw_appeal", sentence__contains="看错了").count() == 1
    with pytest.raises(Refused, match="未重复办理"):
        appeal.withdraw_appeal(actor=year.liaisons["U1"], appeal=filed, now=year.tick())
    with pytest.raises(Refused, match="已由申请单位撤回"):
        appeal.decide_appeal(
            actor=year.decider, appeal=filed, outcome="rejected", decision="维持原分", now=year.tick()
        )
    again = _file(year)  # in time, the item may be appealed again
    with pytest.raises(Refused, match="请选成立、部分成立或不成立"):
        appeal.decide_appeal(
            actor=year.decider, appeal=again, outcome="withdrawn", decision="同意撤回", now=year.tick()
        )
    appeal.decide_appeal(
        actor=year.decider, appeal=again, outcome="rejected", decision="维持原分", now=year.tick()
    )
    with pytest.raises(Refused, match="已经作出决定，不能撤回"):
        appeal.withdraw_appeal(actor=year.liaisons["U1"], appeal=again, now=year.tick())


def test_an_item_with_full_marks_is_not_appealed(year: Year) -> None:
    year.to("preview")
    with pytest.raises(Refused, match="没有失分"):
        _file(year, item="K3.3")


@pytest.mark.parametrize(
    ("role", "exact", "status", "full"),
    [
        ("item", "20", "scored", True),
        ("item", "39/2", "scored", False),
        ("item", "20", "not_scored", False),
        ("penalty", "0", "scored", True),
        ("penalty", "3", "scored", False),
        ("bonus", "20", "scored", True),
        ("gate", "0", "scored", False),
        ("veto", "0", "scored", False),
    ],
)
def test_what_cost_nothing(role: str, exact: str, status: str, full: bool) -> None:
    assert (
        appeal_logic.nothing_lost(role, {"status": status, "exact": exact, "max": "20"}, Fraction(20)) is full
    )


def test_full_marks_are_told_by_the_exact_maximum_not_by_the_rounded_one() -> None:
    # 20/9 is written 2.22, 125/24 is written 5.21.
    line = {"status": "scored", "exact": "20/9", "max": "2.22"}
    assert appeal_logic.nothing_lost("item", line, Fraction(20, 9))
    assert not appeal_logic.nothing_lost("item", {**line, "exact": "2221/1000"}, Fraction(20, 9))
    whole = {"status": "scored", "exact": "125/24", "max": "5.21"}
    assert appeal_logic.nothing_lost("item", whole, Fraction(125, 24))


def test_an_assignment_is_taken_back_before_anything_is_scored(year: Year) -> None:
    year.to("review")
    row = year.assignment(year.reviewers[0], "U1")

    def back(reason: str = "分错了") -> None:
        review.take_back_assignment(actor=year.handler, assignment=row, reason=reason, now=year.tick())

    with pytest.raises(Refused, match="由政务公开办经办撤回"):
        review.take_back_assignment(actor=year.head, assignment=row, reason="错", now=year.tick())
    with pytest.raises(Refused, match="请写明为什么撤回"):
        back(" ")
    stale = reviews.assignment(row.pk)
    back()
    assert reviews.assignment(row.pk) is None
    assert [(one.taken_back_by.name, one.taken_back_reason) for one in reviews.taken_back(year.campaign)] == [  # type: ignore[union-attr]
        (year.handler.name, "分错了")
    ]
    assert stale is not None
    with pytest.raises(Refused, match="已由政务公开办撤回"):
        review.save_score(
            actor=year.reviewers[0], assignment=stale, item="K1.1", level="fair", now=year.tick()
        )
    with pytest.raises(Refused, match="未重复办理"):
        back()
    # Another reviewer gets an alias of the own, and the same one may be assigned again.
    aliases = {one.reviewer_alias for one in ReviewAssignment.every.filter(campaign=year.campaign)}
    year.assign()
    assert {one.reviewer_alias for one in ReviewAssignment.objects.filter(campaign=year.campaign)} == aliases
    year.review_all()
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())


def test_a_scored_assignment_is_not_taken_back(year: Year) -> None:
    year.to("review")
    row = year.assignment(year.reviewers[0], "U1")
    review.save_score(actor=year.reviewers[0], assignment=row, item="K1.1", level="fair", now=year.tick())
    with pytest.raises(Refused, match="已经评了 1 项"):
        review.take_back_assignment(actor=year.handler, assignment=row, reason="错", now=year.tick())


def test_a_wrong_year_is_voided_and_made_anew(year: Year) -> None:
    def void(reason: str = "年份填错") -> None:
        setting_up.void_campaign(actor=year.handler, campaign=year.campaign, reason=reason, now=year.tick())

    with pytest.raises(Refused, match="请写明为什么作废"):
        void(" ")
    year.to("routine")
    with pytest.raises(Refused, match="社会评议已经布置"):
        setting_up.void_campaign(
            actor=year.handler, campaign=year.campaign, reason="错", poll_state="prepared", now=year.tick()
        )
    with pytest.raises(Refused, match="已经向单位下发 1 张整改通知单"):
        setting_up.void_campaign(
            actor=year.handler, campaign=year.campaign, reason="错", orders=1, now=year.tick()
        )
    void()
    assert campaigns.of(main_year(2025)) is None
    assert campaigns.current() is None
    [gone] = campaigns.voided()
    assert (gone.year, gone.void_reason, gone.approvals.count()) == (2025, "年份填错", 3)
    with pytest.raises(Refused, match="未重复办理"):
        void()
    made = setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2025),
        title="再建",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    assert campaigns.current() == made
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.create(
            organiser="G1", year=2025, title="x", stage="plan", rulebook=made.rulebook, created_at=year.at
        )


LATE: dict[str, Callable[[Year], object]] = {
    "plan": lambda y: plan.set_priorities(
        actor=y.handler, campaign=y.campaign, lines=[("甲", "")], now=y.tick()
    ),
    "approve": lambda y: approval.approve(actor=y.handler, campaign=y.campaign, now=y.tick()),
    "advance": lambda y: y.advance(),
    "assign": lambda y: assigning.assign_reviewers(
        actor=y.handler,
        campaign=y.campaign,
        reviewer=Person.objects.get(pk=y.reviewers[0].id),
        organisations=["U1"],
        now=y.tick(),
    ),
}


@pytest.mark.parametrize("late", LATE)
def test_who_is_still_at_work_on_a_voided_year_reads_so_and_the_log_keeps_it(year: Year, late: str) -> None:
    if late == "advance":
        year.sign("plan")
    setting_up.void_campaign(actor=year.handler, campaign=year.campaign, reason="年份填错", now=year.tick())
    before = AuditEntry.objects.count()
    with pytest.raises(Refused, match="刚刚已有人办理，请刷新后看现在的情况"):
        LATE[late](year)
    [line] = AuditEntry.objects.order_by("id")[before:]
    assert (line.refused, line.thing_kind, line.thing_id) == (True, "campaign", "G1-2025")


def test_a_year_that_others_worked_on_is_not_voided(year: Year) -> None:
    year.to("evaluation")
    with pytest.raises(Refused, match="不能作废"):
        setting_up.void_campaign(actor=year.handler, campaign=year.campaign, reason="错", now=year.tick())


def test_a_year_far_from_today_is_typed_once_more(year: Year) -> None:
    def make(typed: str = "") -> Campaign:
        return setting_up.create_campaign(
            actor=year.handler,
            key=main_year(2072),
            title="2072 年度",
            rulebook=year.campaign.rulebook,
            typed_year=typed,
            now=year.tick(),
        )

    with pytest.raises(Refused, match="请在“再输入一次年份”填 2072"):
        make()
    with pytest.raises(Refused, match="相差一年以上"):
        make("2027")
    assert make("2072").year == 2072
