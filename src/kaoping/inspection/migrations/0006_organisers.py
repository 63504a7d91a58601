"""Every draw and every visit is an organiser's."""

from django.db import migrations

from kaoping.registry import upgrading
from kaoping.support.append_only import GuardedAnew


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0005_places_in_the_register"),
        ("registry", "0003_organisers"),
    ]

    operations = [
        upgrading.add_organiser("draw"),
        upgrading.add_organiser("visit"),
        GuardedAnew("inspection_visit"),
    ]
