"""Background entry points of publication."""

from __future__ import annotations

from datetime import datetime

from kaoping.publication import draws, services


def publish_draws(*, now: datetime) -> str:
    """Put every commitment and every protocol of a draw on the public shelf."""
    return f"公布 {draws.publish(now=now)} 次抽取"


def publish_log_heads(*, now: datetime) -> str:
    """The audit log's head of each day that is over."""
    return f"公开 {services.publish_log_heads(now=now)} 天的日志校验值"
