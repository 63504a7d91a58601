"""Background entry points of rectification."""

from __future__ import annotations

from datetime import datetime

from kaoping.rectification.services import link_capture, opening, reminder


def read_ledger(*, now: datetime) -> str:
    """New observations become cases, or join them."""
    return f"新立 {opening.read_ledger(now=now)} 张整改单"


def remind(*, number: str, kind: str, now: datetime) -> str:
    """One promised reminder."""
    return reminder.remind(number=number, kind=kind, now=now)


def capture_link(*, entry_id: int, now: datetime) -> str:
    """Fetch and keep the page that a unit's answer names."""
    return link_capture.capture(entry_id=entry_id, now=now)
