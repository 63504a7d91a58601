"""Who recorded a line, stored bytes or had them destroyed is kept as a person's id beside the name.

The columns may be null and have no default: they are added without the tables, and with them their protection, being made anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0003_uploads_and_disposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="artefact",
            name="stored_by_id",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="destruction",
            name="confirmed_by_id",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="destruction",
            name="proposed_by_id",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="observation",
            name="by_id",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
