"""Background entry points of publication."""

from __future__ import annotations

from datetime import datetime

from kaoping.publication import services


def publish_log_heads(*, now: datetime) -> str:
    """The audit log's head of each day that is over."""
    return f"公开 {services.publish_log_heads(now=now)} 天的日志校验值"
