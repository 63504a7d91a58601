"""Who moved a date is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workdays", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="datenotice",
            name="by_id",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
