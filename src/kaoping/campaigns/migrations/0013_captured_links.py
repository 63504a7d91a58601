"""Addresses in appeals are captured as those of the self-review are; those of before wait for nothing and say so."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEVER_FETCHED = "贴这条网址时程序还不取网页，请再抓一次"


def say_so(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody fetched them, and no job waits for them."""
    rows = apps.get_model("campaigns", "Appeal").objects.exclude(url="")
    rows.update(capture_failure=NEVER_FETCHED)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0012_severe_rulings"),
    ]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="capture_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="appeal",
            name="capture_failure",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="appeal",
            name="capture_headers",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="appeal",
            name="capture_sha256",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
        ),
        migrations.RunPython(say_so, migrations.RunPython.noop),
    ]
