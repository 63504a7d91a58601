"""The head of a screen: where one is, what the page answers, on what that stands, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from kaoping.web.ui.parts.action import Action

Tone = Literal["", "soft", "cau", "neg", "line", "strong", "draft", "plain"]
Settled = Literal["", "provisional", "frozen", "corrected", "replaced"]
STATE_WORDS: Final[dict[Settled, str]] = {
    "": "",
    "provisional": "暂，未冻结",
    "frozen": "已冻结",
    "corrected": "已更正",
    "replaced": "已被更正",
}


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page; the page itself has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A word in a frame: the state of what is shown."""

    label: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """How far a last day is: ``days`` working days left, 0 on the day, negative past it, null where they cannot be counted.

    ``passed`` is how many working days have gone by since; while it is 0, ``over`` is said in place of a number.
    A deadline that is ``stopped`` or ``done`` no longer counts; ``words`` say otherwise than usual that it was met.
    ``provisional`` is true where the count rests on a year whose arrangement nobody entered.
    """

    days: int | None = None
    until: date | None = None
    passed: int | None = None
    over: str = "已逾期"
    state: Literal["", "stopped", "done"] = ""
    words: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class DeadlineChip:
    """A deadline as it is written; ``provisional`` are the words beside a count that may still change."""

    words: str
    tone: Tone
    icon: str
    url: str = ""
    provisional: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a block of numbers stands.

    ``n``, ``period`` and ``rubric`` are written as they are; ``address`` is where this block is always found.
    """

    n: str = ""
    period: str = ""
    as_of: datetime | str | None = None
    rubric: str = ""
    extra: tuple[str, ...] = ()
    state: Settled = ""
    digest: str = ""
    csv: str = ""
    xlsx: str = ""
    address: str = ""

    @property
    def state_words(self) -> str:
        """How far the numbers are settled, in words."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Head:
    """The first thing on a page: the H1 is a sentence that the data writes. ``|`` marks where it may break."""

    title: str
    crumbs: tuple[Crumb, ...] = ()
    chips: tuple[Chip, ...] = ()
    deadline: Deadline | None = None
    basis: Basis | None = None
    lead: str = ""
    actions: tuple[Action, ...] = ()
