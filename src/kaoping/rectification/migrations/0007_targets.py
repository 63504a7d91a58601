"""Cases keep targets, which are as long as addresses are. Those that are there keep the address they have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0006_merged"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="fault",
            field=models.CharField(max_length=2360),
        ),
        migrations.AlterField(
            model_name="case",
            name="target",
            field=models.CharField(blank=True, default="", max_length=2300),
        ),
    ]
