"""A rulebook comes into force for an organiser; those in force already are the one's for whom the installation was set up."""

from django.db import migrations, models

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0018_organisers"),
        ("standards", "0004_longer_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="rulebookuse",
            name="organiser",
            field=models.CharField(max_length=40, default=upgrading.main_organiser),
            preserve_default=False,
        ),
    ]
