"""Background entry points of the ledger."""

from __future__ import annotations

from datetime import datetime

from kaoping.evidence import disposals, logic


def settle_bytes(*, sha256: str, now: datetime) -> str:
    """What people decided about bytes is done, whatever became of the process in which they decided it."""
    return logic.STANDINGS[disposals.settle(sha256)]


def destroy_bytes(*, sha256: str, now: datetime) -> str:
    """The same under its earlier name, for promises that an upgraded installation still holds."""
    return settle_bytes(sha256=sha256, now=now)
