"""Sheets: stored as computed, paged, recomputed identically; sign-off by a second person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from kaoping.accounts.actor import Refused
from kaoping.campaigns.logic import sheet as logic
from kaoping.campaigns.models import Sheet, SheetUnit
from kaoping.campaigns.queries import sheet as reads
from kaoping.campaigns.services import sheet as services
from kaoping.campaigns.services import sign_off
from kaoping.publication import standing
from tests.campaigns.examples import Year

pytestmark = pytest.mark.django_db


def test_the_stored_results_have_the_sheets_digest(year: Year) -> None:
    year.to("preview")
    sheet = Sheet.objects.get(pk=year.compute().pk)
    assert logic.digest(reads.results(sheet)) == sheet.digest


def test_the_same_ledger_gives_the_same_digest(year: Year) -> None:
    year.to("preview")
    first = year.compute()
    again = services.compute_sheet(
        actor=year.handler, campaign=year.campaign, as_of=first.as_of, now=year.tick()
    )
    assert again.digest == first.digest
    assert not reads.is_latest(again)


def test_equal_sheets_are_stored_once(year: Year) -> None:
    """Another instant is another sheet with another digest; its lines are those of the first, and read as its own."""
    year.to("preview")
    first, second, third = (Sheet.objects.get(pk=year.compute().pk) for _ in range(3))
    assert second.same_as_id == third.same_as_id == first.lines_in
    assert set(SheetUnit.objects.values_list("sheet", flat=True)) == {first.lines_in}
    assert third.digest != first.digest == logic.digest(reads.results(first))
    assert logic.digest(reads.results(third)) == third.digest
    assert reads.all_rows(third) == reads.all_rows(first)
    assert reads.unit_detail(third, "U1") == reads.unit_detail(first, "U1") is not None


def test_a_sheet_is_never_changed(year: Year) -> None:
    year.to("routine")
    sheet = year.compute("provisional")
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(digest="x")


def test_points_come_with_reason_and_evidence(year: Year) -> None:
    year.to("review")
    assert standing.preview(year.campaign, "U1") is None
    year.to("preview")
    view = standing.preview(year.campaign, "U1")
    assert view is not None
    by_code = {line.column.code: line for line in view.lines}
    assert by_code["K1.1"].points == "20.00"
    assert {one.by for one in by_code["K1.1"].observations} == {"专家甲", "专家乙"}
    assert by_code["K1"].column.level == 1
    assert by_code["S5.1"].points == "7.50"
    assert view.total == "62.50"


def test_an_open_cell_keeps_the_sheet_unsigned(year: Year) -> None:
    year.to("evaluation")
    sheet = year.compute("provisional")
    assert reads.open_cells(sheet) == 6
    row = reads.all_rows(sheet)[0]
    assert row.summary["items"]["K1.1"][1] == "not_scored"
    assert row.summary["total"] is None


def test_refusals(year: Year) -> None:
    with pytest.raises(Refused, match="批准后才能计算"):
        year.compute()
    year.to("routine")
    with pytest.raises(Refused, match="不能晚于现在"):
        services.compute_sheet(
            actor=year.handler,
            campaign=year.campaign,
            as_of=year.at + timedelta(days=1),
            now=year.tick(),
        )
    with pytest.raises(Refused, match="由政务公开办经办计算"):
        services.compute_sheet(actor=year.signer, campaign=year.campaign, now=year.tick())


def test_the_second_person_types_the_year(year: Year) -> None:
    year.to("appeals")
    with pytest.raises(Refused, match="由第二签发人办理"):
        sign_off.sign_off(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.wait_for_appeals()
    year.compute()
    with pytest.raises(Refused, match="请输入年份 2025 确认"):
        sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2024", now=year.tick())
    row = sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    assert row.signed_by.name == "签发人丁"
    with pytest.raises(Refused, match="已经签发"):
        sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())


def test_nothing_is_signed_while_units_may_still_appeal(year: Year) -> None:
    year.to("appeals")
    year.compute()
    until = year.campaign.appeals_close_at
    assert until is not None

    def sign(at: datetime) -> None:
        sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=at)

    with pytest.raises(Refused, match="复核申请到 .* 24:00 止，期限没有到"):
        sign(until - timedelta(seconds=1))
    sign(until)


def test_who_prepared_does_not_sign(year: Year) -> None:
    year.to("appeals")
    year.wait_for_appeals()
    year.compute()
    both = year.handler.__class__(
        year.handler.id,
        year.handler.username,
        year.handler.name,
        (("office_handler", "G1"), ("second_signer", "G1")),
    )
    with pytest.raises(Refused, match="签发须由第二人办理"):
        sign_off.sign_off(actor=both, campaign=year.campaign, typed_year="2025", now=year.tick())
