"""Addresses in answers to orders are captured as those of the self-review are; those of before wait for nothing and say so.

In a table of their own: entries of the timeline never change.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEVER_FETCHED = "贴这条网址时程序还不取网页，请再抓一次"


def say_so(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody fetched them, and no job waits for them."""
    links = apps.get_model("rectification", "AnswerLink").objects
    for entry in apps.get_model("rectification", "CaseEntry").objects.filter(kind="answer").exclude(url=""):
        links.create(entry=entry, capture_failure=NEVER_FETCHED)


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0004_who_acted"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("capture_sha256", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("capture_headers", models.CharField(blank=True, default="", max_length=64)),
                ("capture_at", models.DateTimeField(null=True)),
                ("capture_failure", models.CharField(blank=True, default="", max_length=300)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="rectification.caseentry",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(say_so, migrations.RunPython.noop),
    ]
