"""What somebody fills in or signs, and what is answered: levels, options, receipts, signatures, texts that were replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import ApprovalStep
from kaoping.web.ui.parts.lists import Gate


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an item, with what has to be there for it."""

    value: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class LevelPicker:
    """The levels of an item as radio rows; ``value`` is the chosen one. Where it is ``numbered``, number keys choose."""

    name: str
    legend: str
    levels: tuple[Level, ...]
    value: str = ""
    hint: str = ""
    error: str = ""
    locked: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with equal options, of which several may be chosen where it is ``multiple``.

    ``title`` may be broken at ``|``; ``missing`` says what to do where nothing was chosen.
    """

    name: str
    title: str
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    hint: str = ""
    error: str = ""
    missing: str = ""
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens when."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received, under which code (``label`` names it), and what happens next.

    ``level`` is 2 on a page that has an H1 of its own.
    """

    title: str
    code: str
    text: str = ""
    label: str = "回执码"
    hint: str = ""
    next: tuple[NextStep, ...] = ()
    note: str = ""
    actions: tuple[Action, ...] = ()
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class SignOff:
    """The last signature: what has to be so before, the digest that is signed, who signed.

    ``locked`` is why it cannot be signed now; without it and without ``url`` there is nothing left to sign. ``year`` has to
    be typed in where there is no way back, which ``warning`` says. ``fields`` go along.
    """

    title: str
    label: str
    gates: tuple[Gate, ...] = ()
    digest: str = ""
    signed: tuple[ApprovalStep, ...] = ()
    locked: str = ""
    url: str = ""
    year: int | None = None
    warning: str = "冻结后不能改分，只能发更正。"
    error: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def button(self) -> Action:
        """The locked button with its reason."""
        return Action(self.label, disabled=self.locked)


@dataclass(frozen=True, slots=True)
class Side:
    """One field that two writers changed: what it is called, and both texts in words."""

    label: str
    mine: str
    stored: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Both texts side by side, after a save that was stale; ``mark`` is the edition with which the next one chooses."""

    title: str
    whose: str
    at: datetime | None
    sides: tuple[Side, ...]
    clashing: str
    mark: str


class Earlier(Protocol):
    """An earlier text as it is stored, with the name that its field has there."""

    @property
    def at(self) -> datetime:
        """When it was replaced."""

    @property
    def actor_name(self) -> str:
        """By whom it was replaced."""

    @property
    def field(self) -> str:
        """Which field it stood in."""

    @property
    def text(self) -> str:
        """What it was."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """An earlier text of a field (``label``), by whom it was replaced and when."""

    at: datetime
    by: str
    label: str
    text: str
