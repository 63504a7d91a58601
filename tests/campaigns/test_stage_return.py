"""A stage that was opened by mistake goes one back with a trace, alone or by two persons, and the year goes on from there."""

from __future__ import annotations

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.models import AuditEntry
from kaoping.campaigns.models import StepBack
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import stage_return as reads
from kaoping.campaigns.services import appeal, stage_return
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db


def back(year: Year, reason: str = "开错了", **more: object) -> StepBack:
    return stage_return.return_stage(
        actor=year.handler,
        campaign=year.campaign,
        reason=reason,
        now=year.tick(),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("stage", "before", "poll"),
    [
        ("routine", "plan", None),
        ("evaluation", "routine", "prepared"),
        ("self_review", "evaluation", "opened"),
    ],
)
def test_the_handler_alone_takes_it_back_while_nothing_was_handed_in(
    year: Year, stage: str, before: str, poll: str | None
) -> None:
    year.to(stage)
    made = back(year, poll_state=poll)
    assert (year.campaign.stage, made.back_from, made.back_to) == (before, stage, before)
    [told] = reads.returns(year.campaign)
    assert (told.reason, told.first_by.name, told.end.by.name) == ("开错了", "经办甲", "经办甲")
    entries = list(campaigns.stage_entries(year.campaign))
    assert [one.stage for one in entries[-2:]] == [stage, before]
    assert (entries[-1].by, entries[-1].by_id) == (year.handler.name, year.handler.id)
    sentence = AuditEntry.objects.get(verb="return_stage", refused=False).sentence
    assert "开错了" in sentence
    # And the year goes on from there; the plan's signatures stand.
    if stage == "routine":
        year.advance()
    year.to(stage)
    assert year.campaign.stage == stage


def test_it_needs_a_reason(year: Year) -> None:
    year.to("routine")
    with pytest.raises(Refused, match="请写明为什么退回，阶段记录里列出这条理由"):
        back(year, reason=" ")
    assert year.campaign.stage == "routine"


def test_a_form_sent_twice_takes_one_stage_back(year: Year) -> None:
    year.to("evaluation")
    back(year, stage="evaluation")
    with pytest.raises(Refused, match=r"“社会评议”已经由经办甲于 .* 退回到“平时考核”，未重复办理"):
        back(year, stage="evaluation")
    assert year.campaign.stage == "routine"


def test_written_words_keep_the_self_review_open(year: Year) -> None:
    year.to("self_review")
    year.answer("U1", "K1.1", level="good")
    with pytest.raises(Refused, match="1 家单位已经填报自查"):
        back(year, poll_state="opened")
    assert year.campaign.stage == "self_review"


def test_a_closed_round_is_never_opened_again(year: Year) -> None:
    year.to("preview")
    made = back(year)
    assert year.campaign.stage == "preview"  # only proposed: units have seen their points
    for actor in (year.handler, year.leader):
        with pytest.raises(Refused):
            stage_return.second_stage_return(
                actor=actor, campaign=year.campaign, agreed=True, now=year.tick()
            )
    with pytest.raises(Refused, match="已经提出退回"):
        back(year)
    closed, window = year.campaign.round_closed_at, year.campaign.appeals_close_at
    stage_return.second_stage_return(actor=year.head, campaign=year.campaign, agreed=True, now=year.tick())
    assert year.campaign.stage == "review"
    assert (year.campaign.round_closed_at, year.campaign.appeals_close_at) == (closed, None)
    made.refresh_from_db()
    assert (made.first_by.name, made.end.by.name) == ("经办甲", "负责人乙")
    with pytest.raises(Refused, match="评审不能重开"):
        back(year)
    year.advance()
    assert year.campaign.stage == "preview"
    # No date given to a unit is cut short.
    assert window is not None and year.campaign.appeals_close_at is not None
    assert year.campaign.appeals_close_at >= window


def test_the_second_person_says_no(year: Year) -> None:
    year.to("appeals")
    back(year)
    stage_return.second_stage_return(actor=year.signer, campaign=year.campaign, agreed=False, now=year.tick())
    assert year.campaign.stage == "appeals"
    assert not reads.returns(year.campaign)
    with pytest.raises(Refused, match=r"经办甲提出的退回已经由签发人丁于 .* 答复（不同意），未重复办理"):
        stage_return.second_stage_return(
            actor=year.head, campaign=year.campaign, agreed=True, now=year.tick()
        )
    back(year, reason="还是要退")
    stage_return.second_stage_return(actor=year.head, campaign=year.campaign, agreed=True, now=year.tick())
    assert year.campaign.stage == "preview"


def test_an_appeal_keeps_the_preview_until_it_is_withdrawn(year: Year) -> None:
    year.to("preview")
    back(year)
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料齐全",
        now=year.tick(),
    )
    with pytest.raises(Refused, match="1 件复核申请"):
        stage_return.second_stage_return(
            actor=year.head, campaign=year.campaign, agreed=True, now=year.tick()
        )
    appeal.withdraw_appeal(actor=year.liaisons["U1"], appeal=filed, now=year.tick())
    stage_return.second_stage_return(actor=year.head, campaign=year.campaign, agreed=True, now=year.tick())
    assert year.campaign.stage == "review"


def test_only_the_handler_takes_a_stage_back(year: Year) -> None:
    year.to("routine")
    for actor in (year.head, year.signer, year.leader, year.liaisons["U1"]):
        with pytest.raises(Refused, match="由政务公开办经办提出"):
            stage_return.return_stage(actor=actor, campaign=year.campaign, reason="开错了", now=year.tick())
    assert year.campaign.stage == "routine"
