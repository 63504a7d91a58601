"""The ledger learns of rounds that closed before it kept that: their days take no more lines by one person."""

from typing import Any

from django.db import migrations

from kaoping.standards.loading import rulebook_from_files


def close_rounds(apps: Any, _editor: Any) -> None:
    """One row an item of every year whose round is closed, as ``close_round`` writes them."""
    closing = apps.get_model("evidence", "Closing")
    for campaign in apps.get_model("campaigns", "Campaign").objects.exclude(round_closed_at=None):
        rulebook = rulebook_from_files(campaign.rulebook.files)
        whole = rulebook.period(campaign.year, campaign.timetable)
        of = rulebook.period_of(campaign.year, campaign.timetable)
        windows = {"": whole} | {leaf.code: of(leaf) for leaf in rulebook.rubric.leaves()}
        closing.objects.bulk_create(
            closing(
                key=str(campaign.year),
                item=item,
                start=one.start,
                end=one.end,
                closed=True,
                at=campaign.round_closed_at,
            )
            for item, one in windows.items()
        )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0004_appeal_file_name"),
        ("evidence", "0002_acts"),
        ("standards", "0001_initial"),
    ]

    operations = [migrations.RunPython(close_rounds, migrations.RunPython.noop)]
