"""A rulebook comes into force for an organiser's year: the key holds both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0003_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rulebookuse",
            name="key",
            field=models.CharField(max_length=60),
        ),
    ]
