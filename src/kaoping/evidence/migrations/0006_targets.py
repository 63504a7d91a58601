"""Targets as long as addresses are."""

from django.db import migrations, models

from kaoping.support.append_only import Longer


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0005_pictures"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="observation",
                    name="target",
                    field=models.CharField(max_length=2300, null=True),
                ),
            ],
            database_operations=[Longer("evidence_observation", "target", 2300)],
        ),
    ]
