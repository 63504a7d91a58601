"""What happened in a matter and what is due: history, days of a deadline, reminders, signatures of a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kaoping.web.ui.parts.evidence import Artefact


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``when`` replaces the written form of ``at``, or stands alone where no instant is known.

    ``kind`` is the stored kind, by which words are added later; ``order`` the words of an order; ``links`` are addresses,
    shown as they are; ``state`` is ``next`` for what is still to come.
    """

    title: str
    icon: str = "circle"
    at: date | None = None
    when: str = ""
    actor: str = ""
    body: str = ""
    order: str = ""
    artefacts: tuple[Artefact, ...] = ()
    links: tuple[str, ...] = ()
    kind: str = ""
    state: Literal["", "next"] = ""
    tone: Literal["", "neg"] = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day of a term: its ``number`` where it counts, ``name`` of the holiday or of what was done on it.

    ``makeup`` is a day off on which people work.
    """

    date: date
    working: bool
    number: int | None = None
    name: str = ""
    makeup: bool = False
    past: bool = False
    today: bool = False
    deadline: bool = False


@dataclass(frozen=True, slots=True)
class DayStrip:
    """Every calendar day from service to deadline; ``id`` is the anchor that deadlines lead to."""

    title: str
    days: tuple[Day, ...]
    note: str = ""
    id: str = "days"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A promised reminder and what became of it: ``at`` when it ran or will run, ``cause`` why it did not or need not."""

    label: str
    state: Literal["ran", "planned", "failed", "spared"]
    at: date | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One signature of a sheet. ``said`` replaces the usual words for its state; ``note`` is the opinion written with it."""

    role: str
    state: Literal["done", "now", "next"]
    name: str = "未指定"
    at: date | None = None
    note: str = ""
    said: str = ""

    @property
    def words(self) -> str:
        """The state in words."""
        return self.said or {"done": "已签", "now": "待签", "next": "还没到"}[self.state]
