"""Targets and acts of lines, acts of the ledger itself, closed rounds. Lines that are there stay as they are."""

import django.db.models.deletion
from django.db import migrations, models

from kaoping.support.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=120, unique=True)),
                ("line", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=60)),
                ("by_id", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("takes_two", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="observation",
            name="act",
            field=models.CharField(max_length=120, null=True),
        ),
        migrations.AddField(
            model_name="observation",
            name="format",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="observation",
            name="target",
            field=models.CharField(max_length=600, null=True),
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("item", models.CharField(blank=True, default="", max_length=40)),
                ("start", models.DateField()),
                ("end", models.DateField()),
                ("closed", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["item", "start", "end"], name="evidence_cl_item_73c78e_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="Second",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agreed", models.BooleanField()),
                ("by", models.CharField(max_length=60)),
                ("by_id", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="second", to="evidence.act"
                    ),
                ),
            ],
        ),
        append_only("evidence_act"),
        append_only("evidence_second"),
        append_only("evidence_closing"),
    ]
