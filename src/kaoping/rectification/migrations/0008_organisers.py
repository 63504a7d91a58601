"""Every case is an organiser's, whose code stands in its number from now on."""

from django.db import migrations, models

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0007_targets"),
        ("registry", "0003_organisers"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="case", name="one_unsettled_case_a_fault"),
        upgrading.add_organiser("case"),
        migrations.AlterField(
            model_name="case",
            name="number",
            field=models.CharField(max_length=60, unique=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="relapse_of",
            field=models.CharField(max_length=60, blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="case",
            name="merged_into",
            field=models.CharField(max_length=60, blank=True, default=""),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("passed", "closed")), _negated=True),
                fields=("organiser", "organisation", "fault"),
                name="one_unsettled_case_a_fault",
            ),
        ),
    ]
