"""The picture of an archived page is an artefact that names its page.

The column may be null and has no default: it is added without the table, and with it its protection, being made anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_who_acted"),
    ]

    operations = [
        migrations.AddField(
            model_name="artefact",
            name="made_from",
            field=models.CharField(db_index=True, max_length=64, null=True),
        ),
    ]
