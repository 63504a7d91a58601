"""Who answered an opinion is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0002_opinion_due"),
    ]

    operations = [
        migrations.AddField(
            model_name="opinion",
            name="answered_by_id",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
    ]
