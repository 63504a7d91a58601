"""单项否决、重大减分 by two persons: proposed with the document, confirmed by another, and only then in the ledger."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.models import Correction, SevereRuling, SevereRulingEnd
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries import seconds, sign_off
from kaoping.campaigns.queries import severe as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import ledger as moves
from kaoping.campaigns.services import plan, setting_up
from kaoping.campaigns.services import severe as verbs
from kaoping.campaigns.services.severe import SevereRefused, TableRefused
from kaoping.evidence import disposals
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.announced import ANNOUNCED
from tests.campaigns.examples import PDF, Year, make_year
from tests.campaigns.rulebook import SEVERE, SEVERE_FILES
from tests.cast import Cast
from tests.ledger import ledger as whole_ledger
from tests.ledger import record

pytestmark = pytest.mark.django_db
GIVEN = Given("U1", "V1", "查实", "2025-10-08", "常政公开办发〔2025〕1号", "查实台账不实。", "通报.pdf")
WHY = "经核实登记有误"


@pytest.fixture
def year(severe_year: Year) -> Year:
    return severe_year.to("routine")


def propose(year: Year, content: bytes | None = PDF, **change: Any) -> SevereRuling:
    return verbs.propose_severe(
        actor=change.pop("actor", year.handler),
        campaign=year.campaign,
        given=replace(GIVEN, **change),
        content=content,
        confirmed=True,
        now=year.tick(),
    )


def second(year: Year, ruling: SevereRuling, *, agreed: bool = True, **more: Any) -> SevereRulingEnd:
    actor = more.pop("actor", year.head)
    return verbs.second_severe(actor=actor, ruling=ruling, agreed=agreed, now=year.tick(), **more)


def test_only_the_second_person_puts_the_line_into_the_ledger(year: Year) -> None:
    before = len(whole_ledger())
    made = propose(year)
    assert len(whole_ledger()) == before
    assert [one.pk for one in reads.waiting(year.campaign)] == [made.pk]
    assert [one.count for one in seconds.waiting_for(year.head)] == [1]
    assert seconds.waiting_for(year.handler) == []
    both = replace(year.handler, roles=(*year.handler.roles, ("office_head", "G1")))
    with pytest.raises(Refused, match="提出人不能自己确认"):
        second(year, made, actor=both)
    with pytest.raises(Refused, match="由第二签发人或办公室负责人确认"):
        second(year, made, actor=year.leader)
    end = second(year, made)
    line = ledger.observation(end.observation)
    assert line is not None
    assert (line.source, line.kind, line.value, line.item) == ("office", "verdict", "not_met", "V1")
    assert line.reason == "查实台账不实（依据：常政公开办发〔2025〕1号）"
    assert (line.target, line.act) == ("document:常政公开办发〔2025〕1号", "ruling:severe-G1-2025-1")
    assert [one.sha256 for one in line.artefacts] == [made.sha256]
    assert line.observed_at == datetime(2025, 10, 8, 4, tzinfo=UTC)
    with pytest.raises(Refused, match="已经办过"):
        second(year, made, actor=year.signer)
    assert [one.verb for one in audit_entries() if not one.refused][:2] == ["second_severe", "propose_severe"]


def test_the_veto_counts_in_the_sheet_and_its_act_has_two_signers(year: Year) -> None:
    second(year, propose(year))
    second(year, propose(year, item="D1", value="2", unit="U2", document="复决2号"), actor=year.signer)
    year.to("preview")
    year.compute()
    sheet = sheets.latest(year.campaign)
    assert sheet is not None
    vetoed, deducted = (sheets.unit_detail(sheet, code) for code in ("U1", "U2"))
    assert vetoed is not None
    assert deducted is not None
    assert (vetoed["vetoes"], vetoed["grade"]) == (["V1"], "fail")
    assert deducted["indicators"]["D1"]["points"] == "2.00"
    acts = years.acts_of(year.campaign, whole_ledger(), sheet)
    assert {ref: one.signers for ref, one in acts.items() if "severe" in ref} == {
        "ruling:severe-G1-2025-1": 2,
        "ruling:severe-G1-2025-2": 2,
    }


def test_refused_with_a_reason_or_taken_back_nothing_enters_and_it_can_be_proposed_again(year: Year) -> None:
    made = propose(year)
    with pytest.raises(Refused, match="写明理由"):
        second(year, made, agreed=False)
    assert second(year, made, agreed=False, reason="通报还没有生效").outcome == "refused"
    again = propose(year)
    with pytest.raises(Refused, match="只有提出人能收回"):
        other = replace(year.handler, id=year.head.id)
        verbs.take_back_severe(actor=other, ruling=again, now=year.tick())
    with pytest.raises(Refused, match="由政务公开办经办提出"):
        verbs.take_back_severe(actor=year.head, ruling=again, now=year.tick())
    end = verbs.take_back_severe(actor=year.handler, ruling=again, reason="文号抄错", now=year.tick())
    assert end.outcome == "taken_back"
    with pytest.raises(Refused, match="已经办过"):
        second(year, again)
    with pytest.raises(Refused, match="已经办过"):
        verbs.take_back_severe(actor=year.handler, ruling=again, now=year.tick())
    assert not [one for one in whole_ledger() if one.item == "V1"]
    assert propose(year).act == "ruling:severe-G1-2025-3"


def test_every_fault_at_once_and_nothing_is_stored(year: Year) -> None:
    with pytest.raises(SevereRefused) as refused:
        propose(year, content=None, unit="U9", item="K1.1", on="昨天", document="", reason="", file="")
    assert [one.field for one in refused.value.faults] == ["unit", "item", "on", "document", "reason", "file"]
    with pytest.raises(Refused, match="由政务公开办经办提出"):
        propose(year, actor=year.signer)
    assert SevereRuling.objects.count() == 0


def test_one_document_stands_once_for_a_unit_and_item(year: Year) -> None:
    made = propose(year)
    with pytest.raises(SevereRefused, match="已凭这份文书"):
        propose(year, document="常政公开办发[2025] 1号")
    second(year, made)
    with pytest.raises(SevereRefused, match="已凭这份文书"):
        propose(year)
    propose(year, unit="U2")
    propose(year, document="常政公开办发〔2025〕2号")
    propose(year, item="D1", value="1")


def test_what_changed_since_the_proposal_is_asked_again(year: Year) -> None:
    made = propose(year)
    plan_row = year.campaign.participations.get(organisation__code="U1")
    plan_row.participates = False
    plan_row.save()
    with pytest.raises(Refused, match="没有参加本年度考核.*在提出以后有变"):
        second(year, made)
    plan_row.participates = True
    plan_row.save()
    disposals.seal_artefact(sha256=made.sha256, actor=year.head, now=year.tick())
    with pytest.raises(Refused, match="已封存"):
        second(year, made)
    assert second(year, made, agreed=False, reason="文件已经封存").outcome == "refused"


def test_withdrawn_only_by_the_ruling_of_two(year: Year) -> None:
    uid = second(year, propose(year)).observation
    line = ledger.observation(uid)
    assert line is not None
    ways = years.ways(line)
    assert (ways.rule, ways.batch) == (True, "")
    ref = moves.propose_ruling(actor=year.handler, line=uid, reason=WHY, now=year.tick())
    moves.second_ruling(actor=year.head, ref=ref, agreed=True, now=year.tick())
    assert ledger.successor_of(uid)
    assert propose(year).item == "V1"  # the document is free again


def test_an_item_of_the_register_alone_is_withdrawn_by_two_as_well(year: Year) -> None:
    year.campaign.participations.get(organisation__code="U2").organisation.__class__.objects.filter(
        code="U2"
    ).update(kind="institution")
    uid = second(year, propose(year, unit="U2", item="D2", value="0.5")).observation
    line = ledger.observation(uid)
    assert line is not None
    assert (line.source, line.value) == ("register", "0.5")
    assert years.ways(line).rule
    ref = moves.propose_ruling(actor=year.handler, line=uid, reason=WHY, now=year.tick())
    assert ledger.successor_of(uid) is None
    gone = moves.second_ruling(actor=year.head, ref=ref, agreed=True, now=year.tick())
    assert ledger.successor_of(uid) == gone


def test_after_the_round_two_may_and_the_signature_waits_for_them(year: Year) -> None:
    year.to("appeals")
    year.wait_for_appeals()
    made = propose(year)
    year.compute()
    assert "1 件单项否决、重大减分待第二人确认" in str(
        sign_off.refusal_to_sign_off(year.signer, year.campaign, now=year.tick())
    )
    second(year, made, actor=year.signer)
    assert "期限没有到，单位仍可申请" in str(
        sign_off.refusal_to_sign_off(year.signer, year.campaign, now=year.tick())
    )
    year.wait_for_appeals()
    assert "计分表之后又有新记录" in str(
        sign_off.refusal_to_sign_off(year.signer, year.campaign, now=year.tick())
    )


def test_nothing_is_proposed_once_the_result_is_frozen(year: Year) -> None:
    waits = propose(year)
    year.campaign.stage = "frozen"
    year.campaign.save(update_fields=["stage"])
    with pytest.raises(Refused, match="已经签发冻结"):
        propose(year, unit="U2")
    with pytest.raises(Refused, match="已经签发冻结"):
        second(year, waits)
    assert second(year, waits, agreed=False, reason="结果已经冻结").outcome == "refused"


def test_under_a_correction_the_line_is_the_correction_s(year: Year) -> None:
    year.to("appeals")
    year.campaign.stage = "published"
    year.campaign.save(update_fields=["stage"])
    with pytest.raises(Refused, match="先在“更正”立更正"):
        propose(year)
    Correction.objects.create(
        campaign=year.campaign,
        number=1,
        sheet=year.campaign.sheets.order_by("-id").first(),
        reason=WHY,
        opened_by_id=int(year.handler.id),
        opened_at=year.tick(),
    )
    line = ledger.observation(second(year, propose(year)).observation)
    assert line is not None
    assert (line.act, line.source) == ("correction:G1-2025-1", "office")


HEAD = "单位代码,事项,取值,认定日期,文号,认定事实,附件"
ROWS = (
    "U1,V1,查实,2025-10-08,通报1号,查实台账不实,通报.pdf",
    "U2,D1,2,2025-10-09,复决2号,复议纠正两件,复决.pdf",
)
DOCUMENTS = (("通报.pdf", PDF), ("复决.pdf", PDF + b" 2"))


def lay_out(year: Year, *rows: str, documents: Any = DOCUMENTS, **more: Any) -> Any:
    return verbs.lay_out(
        actor=more.get("actor", year.handler),
        campaign=year.campaign,
        filename="重大事项.csv",
        content=("\n".join([HEAD, *rows]) + "\n").encode(),
        documents=documents,
        confirmed=True,
        now=year.tick(),
    )


def many(year: Year, draft: Any, **more: Any) -> list[SevereRuling]:
    given = {"actor": year.handler, "table": draft.table, "documents": draft.documents, **more}
    return verbs.propose_severe_many(campaign=year.campaign, now=year.tick(), **given)


def test_a_table_is_laid_out_then_proposed_row_by_row(year: Year) -> None:
    draft = lay_out(year, *ROWS)
    assert draft.reading.good
    assert SevereRuling.objects.count() == 0
    made = many(year, draft)
    assert [(one.organisation.code, one.item, one.name, one.table) for one in made] == [
        ("U1", "V1", "通报.pdf", draft.table),
        ("U2", "D1", "复决.pdf", draft.table),
    ]
    assert [one.act for one in made] == ["ruling:severe-G1-2025-1", "ruling:severe-G1-2025-2"]
    assert not [one for one in whole_ledger() if one.item in ("V1", "D1")]
    with pytest.raises(TableRefused):  # the same form sent again
        many(year, draft)
    for one in made:
        second(year, one)


def test_a_table_with_one_refused_row_proposes_nothing_and_keeps_nothing(year: Year) -> None:
    draft = lay_out(year, ROWS[0], ROWS[1].replace(",2,", ",4000,"))
    assert (draft.reading.refused, draft.table, draft.documents) == (1, "", ())
    assert "不能登记 4000 件" in str(draft.reading.rows[1].faults[0])
    other = hashlib.sha256(DOCUMENTS[1][1]).hexdigest()
    assert ledger.uploads(other) == []
    with pytest.raises(Refused, match="同名的文件"):
        lay_out(year, *ROWS, documents=(*DOCUMENTS, DOCUMENTS[0]))


def test_nobody_proposes_what_another_laid_out(year: Year, cast: Any) -> None:
    draft = lay_out(year, *ROWS)
    with pytest.raises(Refused, match="不是您选的"):
        many(year, draft, actor=cast("office_handler", name="经办辛"))
    with pytest.raises(Refused, match="由政务公开办经办提出"):
        lay_out(year, *ROWS, actor=year.signer)


def test_a_year_that_was_voided_leaves_its_numbers_behind(year: Year, cast: Any) -> None:
    first = propose(year)
    setting_up.void_campaign(actor=year.handler, campaign=year.campaign, reason="建错了年度", now=year.tick())
    campaign = setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2025),
        title="2025",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    plan.set_participation(
        actor=year.handler, campaign=campaign, kinds=["department"], on=date(2025, 11, 24), now=year.tick()
    )
    year.campaign = campaign
    year.at += timedelta(minutes=1)
    assert first.act != propose(year).act


def test_the_day_on_which_it_was_announced_to_the_unit_itself_decides(
    cast: Cast, now: datetime, units: Any, stored_files: Any
) -> None:
    """The rulebook has one day for all; a line says on which other day an item was issued to one unit."""
    told = SEVERE.replace("name: 复议纠正\n", "name: 复议纠正\n    announced_on: 2025-09-01\n")
    year = make_year(cast, now, files=SEVERE_FILES | {"rubric.yaml": told}).to("routine")
    case = {"item": "D1", "value": "1"}
    propose(year, **case)
    with pytest.raises(SevereRefused, match="2025年9月1日才印发"):
        propose(year, **case, on="2025-08-20", document="常复决〔2025〕2号")
    later = datetime(2025, 10, 20, 4, tzinfo=UTC)
    record(
        [Entry("U1", "office", later, "verdict", "met", check=ANNOUNCED, uid="issued")],
        actor=year.handler,
        now=year.tick(),
    )
    with pytest.raises(SevereRefused, match="2025年10月20日才印发"):
        propose(year, **case, document="常复决〔2025〕3号")
    propose(year, **case, unit="U2", document="常复决〔2025〕4号")
    earlier = datetime(2025, 8, 1, 4, tzinfo=UTC)
    record(
        [Entry("U1", "office", earlier, "verdict", "met", item="D1", check=ANNOUNCED, act="ruling:issued")],
        actor=year.handler,
        now=year.tick(),
    )
    propose(year, **case, on="2025-08-20", document="常复决〔2025〕5号")
