"""What a fact rests on: files and links that were handed in or kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kaoping.web.ui.parts.action import Action


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
