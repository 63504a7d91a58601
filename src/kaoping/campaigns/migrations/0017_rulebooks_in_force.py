"""Years whose plan was signed before a rulebook came into force by a row: from now on they have theirs as well.

Which rulebook covers a day is read from these rows, by whoever records a line of that day.
"""

from datetime import datetime
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kaoping.standards.loading import rulebook_from_files

SIGNATURES = 3


def bring_into_force(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A row for each standing year with a signed plan and without one."""
    uses = apps.get_model("standards", "RulebookUse").objects
    rows = apps.get_model("campaigns", "Campaign").objects.filter(voided_at=None)
    for campaign in rows.select_related("rulebook").order_by("year"):
        key, signed = str(campaign.year), signed_at(campaign)
        if signed is None or uses.filter(key=key, ended_at=None).exists():
            continue
        days = rulebook_from_files(campaign.rulebook.files).period(campaign.year, campaign.timetable)
        uses.create(version=campaign.rulebook, key=key, first=days.start, last=days.end, at=signed)


def signed_at(campaign: Any) -> datetime | None:
    """When the last of the three signed the plan; null while it is not signed, or after it was sent back."""
    left: list[datetime] = []
    for row in campaign.approvals.filter(subject="plan").order_by("id"):
        left = [] if row.step == "returned" else [*left, row.at]
    return left[-1] if len(left) >= SIGNATURES else None


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0016_sheet_correction"),
        ("standards", "0003_drafts"),
    ]

    operations = [
        migrations.RunPython(bring_into_force, migrations.RunPython.noop),
    ]
