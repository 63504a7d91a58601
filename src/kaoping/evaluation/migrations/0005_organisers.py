"""Every evaluation is an organiser's."""

from django.db import migrations, models

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0018_organisers"),
        ("evaluation", "0004_poll_cancelled_or_changed"),
    ]

    operations = [
        upgrading.fix_main("evaluation_poll", "opens_at"),
        upgrading.add_organiser("poll"),
        migrations.RemoveConstraint(model_name="poll", name="one_standing_poll_a_year"),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("organiser", "year"),
                name="one_standing_poll_a_year",
            ),
        ),
    ]
