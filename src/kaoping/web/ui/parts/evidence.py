"""What a fact rests on: files and links that were handed in or kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.lists import Figure


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file, a link or a photo. ``at`` is when it was archived where there is a digest, else when it was handed in.

    ``state`` says in words how it stands (可用, 已封存), ``problem`` what has to be put right about it.
    """

    name: str
    url: str = ""
    kind: Literal["file", "link", "photo"] = "file"
    at: date | None = None
    size: int | None = None
    sha256: str | None = None
    note: str = ""
    state: str = ""
    problem: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """What a finding rests on: what was seen where and when, by which rule, whose failure it is, and what was kept.

    ``seconds`` stand behind the minute of ``at``; ``sealed`` says in words what was kept, ``verify_url`` leads to its check;
    ``extra`` are further facts with their names; ``remedy`` is what the unit will be told, word for word.
    """

    title: str
    code: str = ""
    state: str = ""
    tone: Literal["", "soft", "cau", "neg", "line"] = ""
    problem: str = ""
    figures: tuple[Figure, ...] = ()
    address: str = ""
    whose: str = ""
    whose_reason: str = ""
    at: date | None = None
    seconds: str = ""
    sha256: str = ""
    rule: str = ""
    sealed: str = ""
    verify_url: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    remedy: str = ""
    actions: tuple[Action, ...] = ()
