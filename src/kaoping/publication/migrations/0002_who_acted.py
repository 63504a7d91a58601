"""Who froze, published or withdrew a release is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="frozen_by_id",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="releaseact",
            name="by_id",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
