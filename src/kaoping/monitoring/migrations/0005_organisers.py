"""Every look and every finding is an organiser's."""

from django.db import migrations, models

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_targets"),
        ("registry", "0003_organisers"),
    ]

    operations = [
        upgrading.add_organiser("run"),
        migrations.RemoveConstraint(model_name="finding", name="one_open_finding_a_target"),
        upgrading.add_organiser("finding"),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cleared", "removed"]), _negated=True),
                fields=("organiser", "organisation", "check_id", "target"),
                name="one_open_finding_a_target",
            ),
        ),
    ]
