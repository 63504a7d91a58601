"""审定改分 and 复核申请 of one item: neither is told as the other's doing, and who is ruled on can still ask for review."""

from __future__ import annotations

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.queries import changes, sign_off
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.services import appeal, ruling
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db
WHY = "材料齐全，请再看分工文件"


def filed(year: Year, item: str = "K1.1") -> appeal.Appeal:
    return appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item=item,
        claim=WHY,
        now=year.tick(),
    )


def proposed(year: Year, points: str = "10") -> ruling.PointsRuling:
    return ruling.propose_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points=points,
        reason="经核实有误",
        now=year.tick(),
    )


def decide(year: Year, one: appeal.Appeal, outcome: str, points: str = "") -> appeal.Appeal:
    return appeal.decide_appeal(
        actor=year.decider,
        appeal=one,
        outcome=outcome,
        decision="核对了留存的依据",
        change=appeal.Change(points=points),
        now=year.tick(),
    )


def told(year: Year) -> list[tuple[str, str, str]]:
    latest = sheets.latest(year.campaign)
    assert latest is not None
    found = changes.steps(year.campaign, "U1", latest).get("K1.1", [])
    return [(one.what, one.before, one.after) for one in found]


def test_an_item_is_not_ruled_on_while_its_appeal_is_open(year: Year) -> None:
    year.to("appeals")
    waits = proposed(year)
    mine = filed(year)
    for act in (
        lambda: ruling.second_points(actor=year.head, ruling=waits, agreed=True, now=year.tick()),
        lambda: proposed(year, "12"),
    ):
        with pytest.raises(Refused, match="复核申请 FH-G1-2025-0001 在办，改不改分由复核人决定|已提请审定"):
            act()
    assert not ruling.second_points(actor=year.head, ruling=waits, agreed=False, now=year.tick()).agreed
    with pytest.raises(Refused, match="复核申请 FH-G1-2025-0001 在办"):
        proposed(year, "12")
    decide(year, mine, "rejected")
    assert proposed(year, "12").points == "12"


@pytest.mark.parametrize(
    ("outcome", "points", "after"), [("rejected", "", "10.00"), ("upheld", "15", "15.00")]
)
def test_an_appeal_is_compared_with_what_stood_just_before_its_decision(
    year: Year, outcome: str, points: str, after: str
) -> None:
    year.to("appeals")
    mine = filed(year)
    assert mine.points_before == "20.00"
    # A ruling from before this rule: it was agreed to while the appeal was open.
    appeal.Appeal.objects.filter(pk=mine.pk).update(outcome="withdrawn")
    year.ruled("U1", "K1.1", "10")
    appeal.Appeal.objects.filter(pk=mine.pk).update(outcome="")
    done = decide(year, mine, outcome, points)
    assert (done.points_before, done.compared, done.points_after) == ("20.00", "10.00", after)
    assert "FH-G1-2025-0001" in audit_entries()[0].sentence
    year.compute()
    steps = [("审定", "20.00", "10.00")]
    assert told(year) == steps + ([("复核", "10.00", after)] if points else [])


def test_what_a_ruling_gave_is_what_the_sheet_says(year: Year) -> None:
    year.to("appeals")
    end = year.ruled("U1", "K1.1", "12.25")
    sheet = year.compute()
    line = sheets.line_of(sheet, "U1", "K1.1")
    assert line is not None and end.points_after == line["points"]
    assert told(year) == [("审定", "20.00", "12.25")]


@pytest.mark.parametrize("points", ["1.234", "1.23456789"])
def test_points_have_two_decimals(year: Year, points: str) -> None:
    year.to("appeals")
    with pytest.raises(Refused, match="最多写 2 位小数"):
        proposed(year, points)


def test_who_is_ruled_on_after_the_window_may_ask_for_review_and_nothing_is_signed_meanwhile(
    year: Year,
) -> None:
    year.to("appeals")
    general = closes_at(year.campaign)
    year.wait_for_appeals()
    with pytest.raises(Refused, match="期限已经届满"):
        filed(year)
    year.ruled("U1", "K1.1", "10")
    own = closes_at(year.campaign, "U1")
    assert general is not None and own is not None
    assert own > general and closes_at(year.campaign, "U2") == general
    year.compute()
    assert "期限没有到" in str(sign_off.refusal_to_sign_off(year.signer, year.campaign, now=year.tick()))
    with pytest.raises(Refused, match="期限已经届满"):
        appeal.file_appeal(
            actor=year.liaisons["U2"],
            campaign=year.campaign,
            organisation="U2",
            item="K1.1",
            claim=WHY,
            now=year.tick(),
        )
    mine = filed(year)
    decide(year, mine, "rejected")
    year.wait_for_appeals()
    with pytest.raises(Refused, match="期限已经届满"):
        filed(year)


def test_what_no_longer_counts_stays_readable(year: Year) -> None:
    year.to("appeals")
    before = sheets.line_of(sheets.latest(year.campaign), "U1", "K1.1")
    year.ruled("U1", "K1.1", "10")
    year.compute()
    after = sheets.line_of(sheets.latest(year.campaign), "U1", "K1.1")
    assert before is not None and after is not None
    gone = sheets.counted_before(year.campaign, "U1", "K1.1", after["observations"])
    assert [one.id for one in gone] == before["observations"] and gone
