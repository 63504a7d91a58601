"""复核不加重: what counts as worse for the unit that asked."""

from __future__ import annotations

from typing import Any

import pytest

from kaoping.campaigns.logic.appeal import refusal_of_worse


def _unit(exact: str = "10/1", total: str | None = "80/1", status: str = "scored", **more: Any) -> Any:
    line = {"points": exact.split("/")[0], "exact": exact, "status": status}
    return {
        "total": total and total.split("/")[0],
        "exact": total,
        "vetoes": [],
        "gates": {},
        "indicators": {"K1": line},
    } | more


@pytest.mark.parametrize(
    ("role", "after"),
    [
        ("item", _unit("29/3", "80/1")),
        ("bonus", _unit("9/1")),
        ("penalty", _unit("11/1")),
        ("item", _unit("12/1", "79/1")),
        ("veto", _unit(vetoes=["V1"])),
        ("gate", _unit(gates={"G1": False})),
    ],
)
def test_worse(role: str, after: Any) -> None:
    words = refusal_of_worse("K1", role, _unit(gates={"G1": True}), after)
    assert words is not None
    assert "复核不加重" in words


@pytest.mark.parametrize(
    ("role", "after"),
    [
        ("item", _unit()),
        ("item", _unit("31/3", "81/1")),
        ("penalty", _unit("9/1")),
        ("item", _unit("0/1", None, "not_scored")),
        ("gate", _unit(gates={"G1": None})),
    ],
)
def test_not_worse(role: str, after: Any) -> None:
    assert refusal_of_worse("K1", role, _unit(gates={"G1": True}, vetoes=["V1"]), after) is None
