from __future__ import annotations

from typing import Any

from django.db import migrations, models


def name_files_of_earlier_appeals(apps: Any, _editor: Any) -> None:
    """The file keeps its name where the person who appealed had stored it first; else it had somebody else's name."""
    appeal, artefact = apps.get_model("campaigns", "Appeal"), apps.get_model("evidence", "Artefact")
    for one in appeal.objects.exclude(sha256="").select_related("filed_by").iterator():
        stored = artefact.objects.filter(sha256=one.sha256, stored_by=one.filed_by.name).first()
        if stored is not None and stored.name:
            appeal.objects.filter(pk=one.pk).update(name=stored.name)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_accountability"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="name",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.RunPython(name_files_of_earlier_appeals, migrations.RunPython.noop),
    ]
