"""The year at a glance: its stations, and the band of routine assessment below them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

STATES: Final = {"done": "已完成", "now": "进行中", "next": "未开始"}


@dataclass(frozen=True, slots=True)
class Station:
    """One step of the way. ``dates`` may be broken at ``|``; ``state`` is ``done``, ``now`` or ``next``."""

    label: str
    dates: str
    state: str
    url: str = ""

    @property
    def words(self) -> str:
        """The state as it is read out."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Tick:
    """Something done in the period: ``kind`` is ``run``, ``visit`` or ``draw``, ``at`` where it lies, in thousandths."""

    kind: str
    at: int


@dataclass(frozen=True, slots=True)
class Band:
    """Work that goes on all the time: what was done in a sentence, its days in words (``span``), and a picture of them."""

    summary: str
    label: str = "平时考核"
    span: str = "全年"
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class CycleRail:
    """A way with its stations; ``today`` is written at the station where we are."""

    title: str
    stations: tuple[Station, ...]
    note: str = ""
    today: date | None = None
    routine: Band | None = None
