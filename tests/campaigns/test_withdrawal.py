"""Who can take a line out of the ledger, by which way, at which stage; and what the signer sees of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.queries import audit_entries
from kaoping.beijing import BEIJING
from kaoping.campaigns.queries import ledger as reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import ledger as verbs
from kaoping.campaigns.services import setting_up
from kaoping.evidence import queries as ledger
from kaoping.evidence.queries import acts
from kaoping.evidence.services import Entry, RegisterRefused
from kaoping.evidence.services.withdrawal import restore, rule, undo_import, withdraw
from kaoping.monitoring import logic as monitoring
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.observations import ObservationError
from tests.campaigns.examples import Year
from tests.ledger import ledger as whole_ledger
from tests.ledger import record

pytestmark = pytest.mark.django_db
WHY = "经核实登记有误"
HEADINGS = "单位代码,指标,种类,取值,观察日期,理由\n"


def lines_of(year: Year, source: str) -> list[str]:
    return [one.id for one in whole_ledger() if one.source == source]


def imported(year: Year, *rows: str, name: str = "台账.csv") -> int:
    content = (HEADINGS + "\n".join(rows) + "\n").encode()
    return verbs.import_lines(
        actor=year.handler,
        campaign=year.campaign,
        filename=name,
        content=content,
        units=["U1", "U2"],
        confirmed=True,
        now=year.tick(),
    ).lines


def seen(year: Year, source: str = "visit", **more: object) -> str:
    entry = Entry("U1", source, year.at, "verdict", "not_met", item="K3.3", check="P-01", **more)  # type: ignore[arg-type]
    return record([entry], actor=SYSTEM, now=year.tick())[0]


@pytest.mark.parametrize("source", ["reviewer", "ballot"])
def test_the_handler_alone_strikes_out_neither_experts_nor_the_public(year: Year, source: str) -> None:
    year.to("preview")
    before = [one.id for one in whole_ledger()]
    for uid in lines_of(year, source):
        for act in ("ruling:1", "batch:1", "appeal:1"):
            with pytest.raises(Refused):
                withdraw(uid, act=act, actor=year.handler, reason=WHY, now=year.tick())
        with pytest.raises(Refused):
            undo_import(batch=uid, actor=year.handler, reason=WHY, now=year.tick())
        with pytest.raises(Refused):
            rule(line=uid, ref=f"ruling:{uid[:20]}", actor=year.handler, reason=WHY, now=year.tick())
        with pytest.raises(Refused, match="没有在办的更正"):
            verbs.correct_withdrawal(actor=year.handler, line=uid, reason=WHY, now=year.tick())
    assert [one.id for one in whole_ledger()] == before
    assert any(entry.refused and entry.verb == "withdraw" for entry in audit_entries())


def test_after_the_round_an_expert_s_score_falls_by_a_ruling_of_two(year: Year) -> None:
    year.to("preview")
    [uid, *_others] = lines_of(year, "reviewer")
    ref = verbs.propose_ruling(actor=year.handler, line=uid, reason=WHY, now=year.tick())
    assert ledger.successor_of(uid) is None
    with pytest.raises(Refused, match="待确认"):
        verbs.propose_ruling(actor=year.handler, line=uid, reason=WHY, now=year.tick())
    both = replace(year.handler, roles=(*year.handler.roles, ("office_head", "G1")))
    with pytest.raises(Refused, match="提出人不能自己确认"):
        verbs.second_ruling(actor=both, ref=ref, agreed=True, now=year.tick())
    with pytest.raises(Refused, match="办公室负责人确认"):
        verbs.second_ruling(actor=year.signer, ref=ref, agreed=True, now=year.tick())
    gone = verbs.second_ruling(actor=year.head, ref=ref, agreed=True, now=year.tick())
    line = ledger.observation(str(gone))
    assert line is not None
    assert (line.act, line.supersedes, acts.act(ref).signers) == (ref, uid, 2)  # type: ignore[union-attr]
    with pytest.raises(Refused, match="未重复办理"):
        verbs.second_ruling(actor=year.head, ref=ref, agreed=True, now=year.tick())


def test_what_the_second_person_does_not_agree_to_stands_and_can_be_proposed_again(year: Year) -> None:
    year.to("preview")
    uid = lines_of(year, "reviewer")[0]
    ref = verbs.propose_ruling(actor=year.handler, line=uid, reason=WHY, now=year.tick())
    assert verbs.second_ruling(actor=year.head, ref=ref, agreed=False, now=year.tick()) is None
    assert ledger.successor_of(uid) is None
    assert verbs.propose_ruling(actor=year.handler, line=uid, reason=WHY, now=year.tick()) != ref


def test_a_false_alarm_is_one_person_s_ruling_until_the_round_closes(year: Year) -> None:
    year.to("review")
    rule(line=seen(year), ref="ruling:finding-1", actor=year.handler, reason=WHY, now=year.tick())
    late = seen(year, uid="late")
    year.to("preview")
    with pytest.raises(Refused, match="须两人办理"):
        rule(line=late, ref="ruling:finding-2", actor=year.handler, reason=WHY, now=year.tick())
    assert acts.act("ruling:finding-2") is None
    assert monitoring.CLEARED  # the door of monitoring calls this very verb


def test_an_import_is_undone_as_a_whole_and_can_be_made_again(year: Year) -> None:
    year.to("routine")
    day = year.at.date().isoformat()
    rows = (f"U1,K3.3,件数,1,{day},错的", f"U2,K3.3,件数,2,{day},错的")
    assert imported(year, *rows) == 2
    lines = lines_of(year, "register")
    batch = str(ledger.batch_of(lines[0]))
    with pytest.raises(Refused, match="至少写 4 个字"):
        undo_import(batch=batch, actor=year.handler, reason="错", now=year.tick())
    with pytest.raises(Refused, match="经办办理"):
        undo_import(batch=batch, actor=year.head, reason=WHY, now=year.tick())
    assert undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick()) == 2
    assert ledger.standing_of(lines) == set()
    with pytest.raises(Refused, match="撤回，未重复办理"):
        undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick())
    assert imported(year, *rows) == 2
    assert imported(year, *rows) == 2  # the same file twice still records once
    again = [uid for uid in lines_of(year, "register") if uid not in lines]
    assert len(again) == 2
    assert ledger.standing_of(again) == set(again)
    assert (
        undo_import(batch=str(ledger.batch_of(again[0])), actor=year.handler, reason=WHY, now=year.tick())
        == 2
    )


def test_after_the_round_no_import_that_counted_goes(year: Year) -> None:
    year.to("review")
    day = year.at.date().isoformat()
    imported(year, f"U1,K3.3,件数,1,{day},在前")
    year.to("preview")
    batch = str(ledger.batch_of(lines_of(year, "register")[-1]))
    with pytest.raises(Refused, match="评审已经结束"):
        undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick())


@pytest.mark.parametrize("value", ["1" + "0" * 30, "１２", "1_0", "-1"])
def test_a_count_beyond_reason_is_refused(year: Year, value: str) -> None:
    year.to("routine")
    with pytest.raises(RegisterRefused, match="取值"):
        imported(year, f"U1,K3.3,件数,{value},{year.at.date().isoformat()},x")


def test_the_signer_sees_every_withdrawal_with_the_points_before_and_after(year: Year) -> None:
    year.to("review")
    fault = seen(year, "monitor")
    year.compute("provisional")
    rule(line=fault, ref="ruling:finding-1", actor=year.handler, reason=WHY, now=year.tick())
    year.compute("provisional")
    year.to("preview")
    year.compute("preview")
    sheet = sheets.latest(year.campaign)
    assert sheet is not None
    [told] = reads.withdrawals(year.campaign, sheet)
    assert (told.item, told.source, told.act, told.by, told.reason) == (
        "K3.3",
        "在线监测",
        "审定",
        year.handler.name,
        WHY,
    )
    assert told.before is not None
    assert told.after is not None
    assert float(told.before) < float(told.after)


def test_the_ledger_obeys_the_rule_of_succession(year: Year) -> None:
    year.to("routine")
    old = seen(year)
    base = Entry(
        "U1", "office", year.at, "withdrawn", None, item="K3.3", check="P-01", supersedes=old, act="ruling:1"
    )
    for change, words in (
        ({"source": "self", "act": None}, "不能由部门自查"),
        ({"item": "K3.2"}, "同一指标"),
        ({"unit": "U2"}, "同一单位"),
        ({"act": None}, "不能这样"),
        ({"act": "batch:1"}, "不能这样"),
        ({"act": "nonsense"}, "appeal"),
    ):
        with pytest.raises(ObservationError, match=words):
            record([replace(base, **change)], actor=SYSTEM, now=year.tick())  # type: ignore[arg-type]
    with pytest.raises(ObservationError, match="早于"):
        record([base], actor=SYSTEM, now=year.at - timedelta(days=1))
    record([base], actor=SYSTEM, now=year.tick())


def test_no_correction_no_restoration(year: Year) -> None:
    year.to("routine")
    gone = rule(line=seen(year), ref="ruling:1", actor=year.handler, reason=WHY, now=year.tick())
    with pytest.raises(Refused, match="不由您的岗位"):
        restore(gone, act="correction:G1-2025-1", actor=year.head, reason=WHY, now=year.tick())
    with pytest.raises(Refused, match="没有在办的更正"):
        verbs.correct_restoration(actor=year.handler, line=gone, reason=WHY, now=year.tick())


def next_year(year: Year) -> Year:
    """The plan of 2026 beside the year, as the office imports for it."""
    campaign = setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2026),
        title="2026 年度考核",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    return replace(year, campaign=campaign, at=datetime(2025, 12, 20, 10, tzinfo=BEIJING))


def test_a_day_of_a_closed_year_or_of_none_is_refused_by_row_and_cell(year: Year) -> None:
    year.to("preview")
    newer = next_year(year)
    with pytest.raises(RegisterRefused) as refused:
        imported(
            newer,
            "U1,K3.3,件数,1,2025-12-05,对的",
            "U1,K3.3,件数,1,2025-03-01,错年",
            "U2,K3.3,件数,1,1990-06-30,错年",
        )
    told = [str(one) for one in refused.value.faults]
    assert len(told) == 2
    assert "第 3 行 E 列（观察日期）：2025年3月1日属于 2025 年度，该年度评审已经结束" in told[0]
    assert "第 4 行 E 列（观察日期）：1990年6月30日不在 2026 年度的考核期内" in told[1]
    assert not lines_of(year, "register")


def mixed(year: Year, batch: str) -> None:
    """An import of before such files were refused: row 2 of this year, row 3 of a year that is open."""
    for row, at in ((2, year.at), (3, year.at - timedelta(days=500))):
        entry = Entry("U1", "register", at, "count", row, item="K3.3", uid=f"register:{batch}:{row}")
        record([entry], actor=SYSTEM, now=year.tick())


def test_the_rows_that_hold_a_mixed_import_are_named_with_their_year(year: Year) -> None:
    """The rows of the year that is still open hold nothing; those that arrived late hold nothing either."""
    year.to("review")
    mixed(year, "early")
    year.to("preview")
    with pytest.raises(Refused, match="第 2 行属于 2025 年度。评审已经结束"):
        undo_import(batch="early", actor=year.handler, reason=WHY, now=year.tick())
    mixed(year, "late")
    assert undo_import(batch="late", actor=year.handler, reason=WHY, now=year.tick()) == 2
