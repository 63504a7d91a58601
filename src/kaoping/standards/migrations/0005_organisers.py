"""A rulebook comes into force for an organiser; those in force already are the one's for whom the installation was set up."""

from django.db import migrations

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0018_organisers"),
        ("standards", "0004_longer_keys"),
    ]

    operations = [
        upgrading.add_organiser("rulebookuse"),
    ]
