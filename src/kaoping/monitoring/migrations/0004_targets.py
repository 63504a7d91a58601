"""Findings follow targets, which are as long as addresses are. Those under way keep the address they have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0003_who_acted"),
    ]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="target",
            field=models.CharField(max_length=2300),
        ),
    ]
