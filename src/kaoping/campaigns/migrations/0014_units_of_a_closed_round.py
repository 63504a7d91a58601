"""What the scorer reads of a unit is kept when the round closes; of rounds closed before, as the register has it now."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Their sheets were computed from the register as it is."""
    rows = apps.get_model("campaigns", "Participation").objects.exclude(campaign__round_closed_at=None)
    for row in list(rows.select_related("organisation")):
        held = row.organisation
        row.kind, row.valid_from, row.valid_to = held.kind, held.valid_from, held.valid_to
        row.save(update_fields=["kind", "valid_from", "valid_to"])


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0013_captured_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="kind",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        migrations.AddField(
            model_name="participation",
            name="valid_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="participation",
            name="valid_to",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
