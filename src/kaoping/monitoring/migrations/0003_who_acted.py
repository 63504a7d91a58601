"""Who asked for a run and who decided on a finding is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0002_page_gone_and_cut"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="decided_by_id",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="run",
            name="asked_by_id",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
    ]
