"""The register of places."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
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
                ("code", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(blank=True, default="", max_length=20)),
                ("located", models.CharField(blank=True, default="", max_length=200)),
                ("since", models.DateTimeField()),
                ("added_at", models.DateTimeField(null=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registry.organisation"
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spellings",
                        to="registry.place",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "code"), name="one_place_a_code"),
                    models.UniqueConstraint(fields=("organisation", "key"), name="one_place_a_key"),
                ],
            },
        ),
    ]
