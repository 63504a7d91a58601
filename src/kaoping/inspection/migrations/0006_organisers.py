"""Every draw and every visit is an organiser's."""

from django.db import migrations, models

from kaoping.registry import upgrading
from kaoping.support.append_only import GuardedAnew


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0005_places_in_the_register"),
        ("registry", "0003_organisers"),
    ]

    operations = [
        migrations.AddField(
            model_name="draw",
            name="organiser",
            field=models.CharField(max_length=40, default=upgrading.main_organiser),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="visit",
            name="organiser",
            field=models.CharField(max_length=40, default=upgrading.main_organiser),
            preserve_default=False,
        ),
        GuardedAnew("inspection_visit"),
    ]
