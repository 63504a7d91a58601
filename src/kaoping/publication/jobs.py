"""Background entry points of publication."""

from __future__ import annotations

from datetime import datetime

from kaoping.publication import draws


def publish_draws(*, now: datetime) -> str:
    """Put every commitment and every protocol of a draw on the public shelf."""
    return f"公布 {draws.publish(now=now)} 次抽取"
