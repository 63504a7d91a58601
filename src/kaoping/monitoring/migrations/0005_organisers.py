"""Every look and every finding is an organiser's."""

from django.db import migrations, models

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_targets"),
        ("registry", "0003_organisers"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="organiser",
            field=models.CharField(max_length=40, default=upgrading.main_organiser),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="finding", name="one_open_finding_a_target"),
        migrations.AddField(
            model_name="finding",
            name="organiser",
            field=models.CharField(max_length=40, default=upgrading.main_organiser),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cleared", "removed"]), _negated=True),
                fields=("organiser", "organisation", "check_id", "target"),
                name="one_open_finding_a_target",
            ),
        ),
    ]
