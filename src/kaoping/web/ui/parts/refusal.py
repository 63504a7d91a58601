"""Pages of their own for what was not done."""

from __future__ import annotations

from dataclasses import dataclass

from kaoping.web.ui.typed import Typed


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not done: what happened, what was kept, what to do next (``steps``), a number to quote, the way back."""

    title: str
    text: str
    steps: tuple[str, ...] = ()
    number: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class WordsBack:
    """What was typed in vain, to be sent again with one click; ``let_go`` is the address that throws it away."""

    title: str
    text: str
    typed: Typed
    let_go: str = ""
