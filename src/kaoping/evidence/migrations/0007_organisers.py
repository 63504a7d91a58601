"""Every line of the ledger counts in an organiser's years, and a closing closes its organiser's lines alone."""

from django.db import migrations, models

from kaoping.registry import upgrading
from kaoping.support.append_only import GuardedAnew, Longer


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0006_targets"),
        ("registry", "0003_organisers"),
    ]

    operations = [
        upgrading.add_organiser("observation"),
        GuardedAnew("evidence_observation"),
        upgrading.add_organiser("closing"),
        migrations.SeparateDatabaseAndState(
            database_operations=[Longer("evidence_closing", "key", 60)],
            state_operations=[
                migrations.AlterField(
                    model_name="closing", name="key", field=models.CharField(max_length=60)
                ),
            ],
        ),
        GuardedAnew("evidence_closing"),
    ]
