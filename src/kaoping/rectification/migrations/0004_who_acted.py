"""Who closed a case and who recorded what was merged into it is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0003_fair_clocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="closed_by_id",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="caseobservation",
            name="by_id",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
