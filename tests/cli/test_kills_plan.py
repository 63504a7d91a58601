"""The bench that kills processes plans its years with what the city adopted."""

from __future__ import annotations

from datetime import datetime

import pytest
from bench.kills.rooms.plan import adopted_versions

from kaoping.standards.models import RulebookVersion


@pytest.mark.django_db
def test_a_draft_that_was_handed_in_beside_is_no_version_to_plan_with(now: datetime) -> None:
    rows = [
        RulebookVersion.objects.create(
            rulebook="small", version=name, digest=name, files={}, adopted_at=now, organiser=whose
        )
        for name, whose in (("1", None), ("2", None), ("draft-1", "G1"))
    ]

    assert adopted_versions() == (rows[0].pk, rows[1].pk)
