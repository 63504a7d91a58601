"""An organiser's own rulebook is a draft until a plan that carries it is approved; it then holds for that plan's days."""

import django.db.models.deletion
from django.db import migrations, models

from kaoping.support.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0002_who_acted"),
    ]

    operations = [
        migrations.AddField(
            model_name="rulebookversion",
            name="organiser",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.CreateModel(
            name="RulebookWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                ("by_id", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=500)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="standards.rulebookversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RulebookUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="standards.rulebookversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first", "last"], name="standards_r_first_fe795a_idx")],
            },
        ),
        append_only("standards_rulebookwithdrawal"),
    ]
