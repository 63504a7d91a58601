"""The places of each unit: picked at the next visit. Those that visits named before enter in the words they were first named in."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kaoping.inspection.logic import place_key


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Visits that looked at a known fault named whatever the inspector typed: they name no place of their own."""
    places = apps.get_model("inspection", "Place").objects
    for visit in apps.get_model("inspection", "Visit").objects.filter(target="").order_by("id"):
        places.get_or_create(
            organisation_id=visit.organisation_id,
            key=place_key(visit.place),
            defaults={"name": visit.place, "since": visit.recorded_at},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0002_draw_source"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=120)),
                ("since", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registry.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "key"), name="one_place_a_name")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
