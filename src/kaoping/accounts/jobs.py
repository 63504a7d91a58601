"""Background entry points of the log."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts import services


def note_closed_hours(*, now: datetime) -> str:
    """Failed sign-ins of the hours that are over."""
    return f"记入 {services.note_closed_hours(now=now)} 条登录未成功的汇总"
