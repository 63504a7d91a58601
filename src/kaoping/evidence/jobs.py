"""Background entry points of the ledger."""

from __future__ import annotations

from datetime import datetime

from kaoping.evidence import services


def destroy_bytes(*, sha256: str, now: datetime) -> str:
    """What two persons decided is done, whatever became of the process in which they decided it."""
    return "已销毁" if services.destroy_bytes(sha256) else "没有销毁记录，没有动"
