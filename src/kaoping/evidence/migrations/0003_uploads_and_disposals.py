from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from kaoping.support.append_only import append_only


def name_earlier_uploads(apps: Any, _editor: Any) -> None:
    """Until now a digest had one name, that of its first uploader; that use keeps it, nobody else is shown it."""
    artefact, upload = apps.get_model("evidence", "Artefact"), apps.get_model("evidence", "Upload")
    rows = artefact.objects.exclude(name="").exclude(stored_by="本平台")
    upload.objects.bulk_create(
        upload(sha256=one.sha256, name=one.name, by=one.stored_by, at=one.stored_at, confirmed=False)
        for one in rows.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("reason", models.TextField()),
                ("uses", models.JSONField(default=list)),
                ("paper", models.CharField(blank=True, default="", max_length=64)),
                ("by_id", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("by_id", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RefusedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("by_id", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sha256", "by_id"), name="one_refusal_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("confirmed", models.BooleanField()),
                ("by_id", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="evidence.proposal",
                    ),
                ),
                (
                    "seal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="evidence.seal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("by_id", models.CharField(blank=True, default="", max_length=40)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("confirmed", models.BooleanField()),
                ("unread", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sha256", "by_id", "name"), name="one_upload_a_person_and_name"
                    )
                ],
            },
        ),
        migrations.RunPython(name_earlier_uploads, migrations.RunPython.noop),
        append_only("evidence_upload"),
        append_only("evidence_refusedfile"),
        append_only("evidence_seal"),
        append_only("evidence_proposal"),
        append_only("evidence_decision"),
    ]
