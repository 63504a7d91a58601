"""The picture of an archived page is an artefact that names its page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_who_acted"),
    ]

    operations = [
        migrations.AddField(
            model_name="artefact",
            name="made_from",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
        ),
    ]
