"""得分率: exact points over the exact maximum, rounded once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kaoping.scoring.observations import Observation
from tests.web.portal import publishing

AT = datetime(2025, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize("level", ["full", "first_level"])
def test_no_rate_stands_above_the_whole_when_items_do_not_apply(
    level: str, folder: Path, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    observations = publishing.observations

    def moved(year: int, members: list[Any], shift: int = 0) -> list[Observation]:
        """K3.1 (5 points) does not apply to the first unit: its K5 weighs 100/19, which the release writes as 5.26."""
        found = [one for one in observations(year, members, shift) if (one.unit, one.item) != ("U1", "K3.1")]
        for item, value in (("K3.1", "not_applicable"),):
            found.append(
                Observation(
                    id=f"{year}-moved-{item}",
                    unit="U1",
                    item=item,
                    check=None,
                    source="office",
                    observed_at=AT,
                    recorded_at=AT,
                    kind="verdict",
                    value=value,
                    reason="没有这项职能",
                )
            )
        return found

    monkeypatch.setattr(publishing, "observations", moved)
    monkeypatch.setattr(publishing, "built", publishing.built.__wrapped__)
    publishing.publish(folder, level=level)
    page = visitor.get("/2025/").content.decode()
    rates = [float(one) for one in re.findall(r">([\d.]+)%</td>", page)]
    assert rates and max(rates) == 100.0
