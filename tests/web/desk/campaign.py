"""A campaign of many units with a sheet, made straight in the tables where a test only looks at lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kaoping.campaigns.models import Campaign, Participation, SelfReview, Sheet, SheetUnit
from kaoping.registry.models import Organisation
from kaoping.reporting import scoring_room


def add_units(campaign: Campaign, count: int) -> list[str]:
    """Further assessed departments with a self-review each."""
    start = Organisation.objects.count()
    made = Organisation.objects.bulk_create(
        Organisation(
            code=f"X{n:04d}",
            name=f"样例市第{n}局",
            short_name=f"第{n}局",
            kind="department",
            group="市级部门",
            order=n,
        )
        for n in range(start, start + count)
    )
    Participation.objects.bulk_create(
        Participation(campaign=campaign, organisation=one, group="市级部门", participates=True)
        for one in made
    )
    SelfReview.objects.bulk_create(SelfReview(campaign=campaign, organisation=one) for one in made)
    return [one.code for one in made]


def fill_sheet(sheet: Sheet, codes: list[str]) -> None:
    """Copy the sheet's first line for further units."""
    scoring_room._lines.cache_clear()  # a sheet never grows but here
    first = SheetUnit.objects.filter(sheet=sheet.lines_in).order_by("position").first()
    assert first is not None
    SheetUnit.objects.bulk_create(
        SheetUnit(
            sheet_id=sheet.lines_in,
            unit=code,
            position=1000 + place,
            summary=first.summary,
            detail={**first.detail, "unit": code},
        )
        for place, code in enumerate(codes)
    )


def queries_of(client: Any, url: str) -> int:
    """How many queries a page makes."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client.get(url)  # fills the memory of parsed rulebooks
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(seen)


def at(moment: datetime, monkeypatch: Any) -> None:
    """The clock's door says ``moment``."""
    from kaoping.support import clock  # noqa: PLC0415

    monkeypatch.setattr(clock, "now", lambda: moment)
