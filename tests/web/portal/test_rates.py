"""得分率: exact points over the exact maximum, rounded once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kaoping.scoring.observations import Observation
from kaoping.web.portal.unit import _losses
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


def test_lost_points_are_the_exact_maximum_less_the_exact_points() -> None:
    """Of 12.5 / 6 points a third is lost: 0.69, not the 0.70 that the written 2.08 less 1.39 or 2.09 would give."""
    line = {"status": "scored", "max": "2.08", "exact": "25/18"}
    whole = {"status": "scored", "max": "2.08", "exact": "25/12"}
    found = SimpleNamespace(full=lambda _sheet, _code: Fraction(25, 12))
    items = [SimpleNamespace(code="K1"), SimpleNamespace(code="K2"), SimpleNamespace(code="K3")]
    lost = _losses(found, {"indicators": {"K1": line, "K2": whole}}, items)  # type: ignore[arg-type]
    assert [(gone, item.code) for gone, item in lost] == [(Fraction(25, 36), "K1")]
