"""The page of one order for whoever reads it: what it says, what happened, what can be done. Readers differ by data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.forms import Form

from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import DayStrip, Entry, Reminder
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.parts.table import DataTable


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Another order: its number, a way to it where the reader may open it, and what it has to do with this one."""

    number: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act on a matter: what is filled in for it, and its button.

    ``locked`` replaces the form by the reason; ``barred`` are choices that cannot be made, each with its own. With ``pledge``
    it asks for the tick that a file holds no secret. ``edition`` and ``panel`` belong to stored texts that it changes.
    """

    url: str
    form: Form
    button: str
    kind: Literal["", "primary", "danger"] = ""
    icon: str = ""
    title: str = ""
    note: str = ""
    locked: str = ""
    barred: tuple[CaseLink, ...] = ()
    pledge: bool = False
    edition: str = ""
    panel: Panel | None = None


@dataclass(frozen=True, slots=True)
class ActGroup:
    """What can be done about one thing: buttons, forms, and in words why not, or what comes of it."""

    title: str
    id: str = ""
    actions: tuple[Action, ...] = ()
    forms: tuple[ActForm, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look said: when, the outcome in words, the reason."""

    when: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseShell:
    """The page of one order, whoever reads it.

    ``under`` is what can be done, below the history; ``beside`` the same in cards of their own; ``arrival`` says how far the
    order came, with what can be done about that. ``none_sent`` stands where no reminder was ever promised, ``seen_url`` leads
    to the evidence of the looks. What is left out is empty.
    """

    head: Head
    entries: tuple[Entry, ...]
    mistakes: tuple[Mistake, ...] = ()
    warning: str = ""
    strip: DayStrip | None = None
    under: tuple[ActGroup, ...] = ()
    joined: tuple[CaseLink, ...] = ()
    sources: DataTable | None = None
    sources_title: str = ""
    arrival: ActGroup | None = None
    beside: tuple[ActGroup, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    reminders_where: str = ""
    none_sent: str = ""
    no_more: str = ""
    seen: tuple[Seen, ...] = ()
    seen_url: str = ""
