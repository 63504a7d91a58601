"""What a screen says beside its numbers: notices, what is missing, what is to be mended, how far things are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaoping.web.ui import scales
from kaoping.web.ui.parts.action import Action

Tone = Literal["soft", "cau", "neg", "plain"]


@dataclass(frozen=True, slots=True)
class NoticeLink:
    """Where a notice leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; it stays until what it says is over."""

    text: str
    tone: Tone = "soft"
    icon: str = "info"
    title: str = ""
    link: NoticeLink | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing, and what would fill it."""

    title: str
    text: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend, with the address of its field (``#id``) where it has one."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the work is done: activity, not merit."""

    label: str
    done: int
    total: int
    note: str = ""

    @property
    def width(self) -> str:
        """The share as an SVG width."""
        return f"{scales.percent(self.done, self.total)}%"


@dataclass(frozen=True, slots=True)
class Stepper:
    """At which question of how many one is."""

    number: int
    total: int
    back_url: str = ""
    note: str = ""

    @property
    def steps(self) -> tuple[bool, ...]:
        """One mark a question: whether it was reached."""
        return tuple(step <= self.number for step in range(1, self.total + 1))
