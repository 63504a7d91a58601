"""Short lists: facts with their labels, counts, what is to be done, conditions of a step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Deadline


@dataclass(frozen=True, slots=True)
class Pair:
    """A fact: what it is called and what it is. No text at all (null) is shown as a dash."""

    label: str
    text: str | int | Decimal | None
    url: str = ""
    mono: bool = False


# What a line of facts may be written with: a pair, or a bare label and text.
Fact: TypeAlias = Pair | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that a decision needs, in words; ``tone`` where it asks for care."""

    label: str
    value: str | int
    note: str = ""
    tone: Literal["", "cau", "neg"] = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """A thing that stands in the way: what, why or where, who has to do it, until when, and the way there.

    ``short`` names it within a sentence.
    """

    what: str
    detail: str = ""
    who: str = ""
    deadline: Deadline | int | None = None
    action: Action | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of a step. ``count`` says how far it is; ``url`` is shown while it is not met, as ``link``."""

    label: str
    met: bool
    count: str = ""
    note: str = ""
    url: str = ""
    link: str = "去办"
