"""Every release is an organiser's, and its number is one of its organiser's year."""

from django.db import migrations, models

from kaoping.registry import upgrading
from kaoping.support.append_only import GuardedAnew


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0018_organisers"),
        ("publication", "0002_who_acted"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="release", name="one_release_number"),
        upgrading.add_organiser("release"),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("organiser", "year", "number"), name="one_release_number"
            ),
        ),
        GuardedAnew("publication_release"),
    ]
