"""单项否决 and 重大减分 enter the ledger by two persons: proposals with their document, and how each ended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kaoping.support.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0011_who_acted"),
        ("registry", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SevereRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=12)),
                ("value", models.CharField(max_length=40)),
                ("observed_on", models.DateField()),
                ("document", models.CharField(max_length=100)),
                ("target", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("table", models.CharField(blank=True, default="", max_length=64)),
                ("act", models.CharField(max_length=120, unique=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="severe_rulings",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registry.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SevereRulingEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outcome", models.CharField(max_length=12)),
                ("reason", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("observation", models.CharField(blank=True, default="", max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ruling",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="campaigns.severeruling",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        append_only("campaigns_severeruling"),
        append_only("campaigns_severerulingend"),
    ]
