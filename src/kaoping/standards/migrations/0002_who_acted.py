"""Who adopted a rulebook is kept as a person's id beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="rulebookversion",
            name="adopted_by_id",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
