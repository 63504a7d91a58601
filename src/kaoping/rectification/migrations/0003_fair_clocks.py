"""A case that passed waits to be closed in a state of its own, says how it ended, and names what is wrong and where."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kaoping.rectification import logic
from kaoping.rectification.logic import Proof


def fill(apps: Any, _editor: BaseDatabaseSchemaEditor) -> None:
    """Cases of the first release: a passing look since service settles an open one; closed ones are given their ending."""
    cases = apps.get_model("rectification", "Case")
    for case in cases.objects.prefetch_related("observations").order_by("id"):
        rows = sorted(case.observations.all(), key=lambda one: (one.at, one.id))
        taken_back = {one.reason for one in rows if one.value == "withdrawn"}
        standing = [one for one in rows if one.observation not in taken_back]
        proofs = [Proof(one.source, one.value, one.at, one.by, one.reason) for one in standing]
        proof = logic.closing_proof(proofs, case.served_at)
        if case.state in (logic.SERVED, logic.ANSWERED) and proof is not None:
            case.state = logic.PASSED
        elif case.state == logic.CLOSED:
            case.ending = logic.WITHDRAWN if proof is None else logic.GONE if proof.gone else logic.MENDED
        found = next((one for one in rows if one.value == "not_met"), None)
        case.title = logic.title_of(case.title, found.reason if found else "", case.target)[:200]
        case.save(update_fields=["state", "ending", "title"])


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0002_reminders_again"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="case", name="one_open_case_a_fault"),
        migrations.AddField(
            model_name="case",
            name="ending",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="case",
            name="relapse_of",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        # Null and without a default: the column is added in place, so that the table keeps its triggers.
        migrations.AddField(
            model_name="caseentry",
            name="person",
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name="reminder",
            name="why",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=~models.Q(state__in=("passed", "closed")),
                fields=("organisation", "fault"),
                name="one_unsettled_case_a_fault",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="seen"),
                fields=("case", "person"),
                name="one_first_look_a_person",
            ),
        ),
    ]
