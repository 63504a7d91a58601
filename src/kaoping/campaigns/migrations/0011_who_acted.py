"""Who opened a stage and who computed a sheet is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0010_equal_sheets"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheet",
            name="computed_by_id",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="stageentry",
            name="by_id",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
