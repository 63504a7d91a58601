"""Routine work of a demonstration year: visits, monitoring, cases."""

from __future__ import annotations

from typing import Any


def routine(play: Any) -> None:
    """What happens between plan and evaluation."""
