"""What ageing removed, by which rule."""

from django.db import migrations, models

from kaoping.support.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0002_clock_watch"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pruning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rule", models.CharField(max_length=200)),
                ("what", models.CharField(max_length=60)),
                ("count", models.PositiveIntegerField()),
                ("freed", models.BigIntegerField(default=0)),
            ],
        ),
        append_only("support_pruning"),
    ]
