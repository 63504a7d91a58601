"""A sheet equal to the one before keeps no lines of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0009_way_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheet",
            name="same_as",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.sheet"
            ),
        ),
    ]
