"""The whole year of a campaign by its verbs, with a refusal before each gate."""

from __future__ import annotations

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import appeal, review, sign_off, stages
from kaoping.evidence.services import Entry
from tests.campaigns.examples import Year
from tests.ledger import record

pytestmark = pytest.mark.django_db


def test_a_year_from_plan_to_frozen(year: Year) -> None:
    c = year.campaign
    with pytest.raises(Refused, match="方案呈批表缺经办、办公室负责人、领导小组领导签批"):
        year.advance()
    year.sign("plan")
    year.advance()
    with pytest.raises(Refused, match="社会评议还没有布置"):
        year.advance()
    year.advance(poll_state="prepared")
    with pytest.raises(Refused, match="问卷还没有封存"):
        year.advance(poll_state="open")
    with pytest.raises(Refused, match="还没有开箱"):
        year.advance(poll_state="sealed")
    with pytest.raises(Refused, match="还没有计入台账"):
        year.advance(poll_state="opened")
    year.tallies()
    year.advance(poll_state="opened")
    with pytest.raises(Refused, match="自查到 2025年12月5日 24:00 止，期限没有到"):
        year.advance()
    with pytest.raises(Refused, match="市教育局、市水利局没有提交自查"):
        year.advance_after_the_promised_day()
    year.submit("U1")
    year.submit("U2")
    year.assign()
    year.advance_after_the_promised_day()
    with pytest.raises(Refused, match="市教育局、市水利局还有指标没有专家评分"):
        year.advance()
    year.review_all()
    with pytest.raises(Refused, match="评审还没有结束"):
        year.advance()
    review.close_round(actor=year.handler, campaign=c, now=year.tick())
    with pytest.raises(Refused, match="还没有计算计分表"):
        year.advance()
    first = year.compute("preview")
    year.advance()
    assert c.appeals_close_at is not None
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=c,
        organisation="U1",
        item="K1.1",
        claim="材料齐全",
        now=year.tick(),
    )
    year.advance()
    year.at = c.appeals_close_at
    with pytest.raises(Refused, match="1 件复核申请没有作出决定"):
        year.advance()
    appeal.decide_appeal(
        actor=year.decider,
        appeal=filed,
        outcome="upheld",
        decision="补交材料属实",
        change=appeal.Change(points="40"),
        now=year.tick(),
    )
    with pytest.raises(Refused, match="没有第二人签发"):
        year.advance()
    final = year.compute()
    sign_off.sign_off(actor=year.signer, campaign=c, typed_year="2025", now=year.tick())
    year.advance()
    assert c.stage == "frozen"
    before, after = sheets.unit_detail(first, "U1"), sheets.unit_detail(final, "U1")
    assert before is not None and after is not None
    assert before["indicators"]["K1.1"]["points"] == "20.00"
    assert after["indicators"]["K1.1"]["points"] == "40.00"
    assert sheets.signed(c) == final

    with pytest.raises(Refused, match="还没有生成发布包"):
        year.advance()
    year.sign("result")
    with pytest.raises(Refused, match="还没有生成发布包"):
        year.advance()
    with pytest.raises(Refused, match="公开以后就进入本阶段"):
        year.advance(release=True)  # a year is not published by opening a gate
    year.advance(release=True, publishing=True)
    assert c.stage == "published"
    with pytest.raises(Refused, match="没有下一阶段"):
        year.advance()
    assert [entry.stage for entry in campaigns.stage_entries(c)] == list(campaigns.STAGES)


def test_every_refusal_and_every_step_leaves_an_audit_line(year: Year) -> None:
    with pytest.raises(Refused):
        year.advance()
    [refused] = audit_entries(verb="advance")
    assert refused.refused
    assert "呈批表" in refused.sentence
    year.to("routine")
    assert audit_entries(verb="advance").filter(refused=False).count() == 1


def test_only_the_handler_advances(year: Year) -> None:
    with pytest.raises(Refused, match="由政务公开办经办办理"):
        stages.advance(actor=year.head, campaign=year.campaign, now=year.tick())


def test_the_appeal_term_must_have_ended(year: Year) -> None:
    year.to("appeals")
    with pytest.raises(Refused, match="期限还没有到"):
        year.advance()


def test_a_newer_observation_asks_for_a_new_sheet(year: Year) -> None:
    year.to("appeals")
    year.compute()
    assert year.campaign.appeals_close_at is not None
    year.ruled("U1", "K3.3", "15")
    year.at = year.campaign.appeals_close_at
    with pytest.raises(Refused, match="按最新记录重算"):
        year.advance()
    with pytest.raises(Refused, match="计分表之后又有新记录"):
        sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())


def test_next_years_routine_work_does_not_disturb(year: Year) -> None:
    year.to("appeals")
    year.compute()
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at

    record(
        [Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01")],
        actor=year.handler,
        now=year.tick(),
    )
    assert sheets.is_latest(sheets.latest(year.campaign))  # type: ignore[arg-type]
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
