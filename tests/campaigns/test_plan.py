"""Verbs of the plan and of its approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain, repeat

import pytest

from kaoping.accounts.actor import Refused
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.services import approval, plan, setting_up
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import PDF, Year

pytestmark = pytest.mark.django_db


def test_units_of_the_day_with_reasons(year: Year) -> None:
    Organisation.objects.create(code="V1", name="税务局", short_name="税务局", kind="vertical", order=9)
    Organisation.objects.create(
        code="OLD", name="旧局", short_name="旧局", kind="department", order=10, valid_to=date(2024, 1, 1)
    )
    plan.set_participation(
        actor=year.handler,
        campaign=year.campaign,
        kinds=["department"],
        on=date(2025, 3, 1),
        excluded={"U2": "机构改革"},
        now=year.tick(),
    )
    rows = {row.organisation.code: row for row in campaigns.participations(year.campaign)}
    assert {code: row.participates for code, row in rows.items()} == {"U1": True, "U2": False, "V1": False}
    assert rows["V1"].reason == "垂直管理，由上级主管部门考核"
    assert campaigns.group_counts(year.campaign) == {"市级部门": 1}


def test_a_group_left_out_without_a_reason_holds_the_gate(year: Year) -> None:
    unit = Organisation.objects.get(code="U2")
    plan.change_participation(
        actor=year.handler,
        campaign=year.campaign,
        organisation=unit,
        participates=False,
        group="无对外服务",
        reason="暂缓",
        now=year.tick(),
    )
    assert "无对外服务" not in campaigns.group_counts(year.campaign)
    campaigns.participations(year.campaign).filter(organisation=unit).update(reason="")
    words = "".join(one.words() for one in campaigns.missing(year.campaign, now=year.at))
    assert "“无对外服务”组没有参评单位" in words


def test_signatures_in_order_by_three_people(year: Year) -> None:
    c = year.campaign
    with pytest.raises(Refused, match="现在等经办签批"):
        approval.approve(actor=year.head, campaign=c, now=year.tick())
    with pytest.raises(Refused, match="签齐后再附扫描件"):
        approval.attach_scan(
            actor=year.handler, campaign=c, content=PDF, confirmed=True, name="a.pdf", now=year.tick()
        )
    approval.approve(actor=year.handler, campaign=c, now=year.tick())
    with pytest.raises(Refused, match="一人只签一处"):
        approval.approve(actor=year.handler, campaign=c, now=year.tick())
    with pytest.raises(Refused, match="已有人签批"):
        plan.set_timetable(actor=year.handler, campaign=c, timetable="B", now=year.tick())
    approval.return_approval(actor=year.head, campaign=c, reason="要点太少", now=year.tick())
    plan.set_timetable(actor=year.handler, campaign=c, timetable="B", now=year.tick())
    year.sign("plan")
    state = campaigns.approval_state(c, "plan")
    assert state.complete
    assert state.standing == 3
    approval.return_approval(actor=year.leader, campaign=c, reason="重签", now=year.tick())
    assert not campaigns.approval_state(c, "plan").complete


def test_others_do_not_plan_and_a_year_is_planned_once(year: Year) -> None:
    with pytest.raises(Refused, match="由政务公开办经办制定"):
        plan.set_priorities(actor=year.head, campaign=year.campaign, lines=[("甲", "")], now=year.tick())
    with pytest.raises(Refused, match="已经建立"):
        setting_up.create_campaign(
            actor=year.handler,
            key=main_year(2025),
            title="重复",
            rulebook=year.campaign.rulebook,
            now=year.tick(),
        )
    with pytest.raises(Refused, match="至少写一条要点"):
        plan.set_priorities(actor=year.handler, campaign=year.campaign, lines=[(" ", "")], now=year.tick())


def _sees(monkeypatch: pytest.MonkeyPatch, year: Year, seen: campaigns.ApprovalState) -> None:
    """Until the campaign is held the act sees the paper as it was before somebody else signed."""
    answers = chain([seen, seen], repeat(campaigns.approval_state(year.campaign, "plan")))
    monkeypatch.setattr(approval, "approval_state", lambda *_args: next(answers))


def test_two_clicks_at_once_sign_once(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second click decided on what it saw before the first one was written."""
    seen = campaigns.approval_state(year.campaign, "plan")
    approval.approve(actor=year.handler, campaign=year.campaign, now=year.tick())
    _sees(monkeypatch, year, seen)
    with pytest.raises(Refused, match="一人只签一处，您已经签过"):
        approval.approve(actor=year.handler, campaign=year.campaign, now=year.tick())
    assert year.campaign.approvals.count() == 1


def test_who_holds_two_posts_signs_in_the_one_that_was_awaited(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague signed the first step meanwhile: the second is not signed in its stead."""
    both = replace(year.head, roles=(("office_handler", "G1"), ("office_head", "G1")))
    seen = campaigns.approval_state(year.campaign, "plan")
    approval.approve(actor=year.handler, campaign=year.campaign, now=year.tick())
    _sees(monkeypatch, year, seen)
    with pytest.raises(Refused, match="刚刚已有人办理"):
        approval.approve(actor=both, campaign=year.campaign, now=year.tick())
    assert year.campaign.approvals.count() == 1
