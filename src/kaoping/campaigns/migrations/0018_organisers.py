"""Every year is an organiser's: those that stand already are the office's for which the installation was set up."""

from django.db import migrations, models

from kaoping.registry import upgrading


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0017_rulebooks_in_force"),
        ("registry", "0003_organisers"),
        ("standards", "0004_longer_keys"),
    ]

    operations = [
        upgrading.fix_main("campaigns_campaign", "created_at"),
        upgrading.add_organiser("campaign"),
        migrations.RemoveConstraint(model_name="campaign", name="one_standing_campaign_a_year"),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at", None)),
                fields=("organiser", "year"),
                name="one_standing_campaign_a_year",
            ),
        ),
        # Which rulebook is in force for whom: by the year alone until now.
        migrations.RunSQL(
            "UPDATE standards_rulebookuse SET key = (SELECT code FROM registry_organiser WHERE main) || '-' || key "
            "WHERE key LIKE '____'",
            migrations.RunSQL.noop,
        ),
    ]
