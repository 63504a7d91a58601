"""The log as a chain, and failed sign-ins counted apart. Lines that are there stay as they are: their triggers too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_replaced_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("name", models.CharField(max_length=60)),
                ("address", models.CharField(blank=True, default="", max_length=45)),
                ("count", models.PositiveIntegerField(default=0)),
                ("locked", models.BooleanField(default=False)),
                ("noted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="auditentry",
            name="address",
            field=models.CharField(max_length=45, null=True),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="digest",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="number",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="previous",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="session",
            field=models.CharField(max_length=16, null=True),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)), fields=("number",), name="one_line_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="failedsignin",
            constraint=models.UniqueConstraint(fields=("hour", "address", "name"), name="one_fold_a_name"),
        ),
    ]
