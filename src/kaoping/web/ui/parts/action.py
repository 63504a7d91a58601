"""What a reader can press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Action:
    """A link; a form of one button, which posts its ``fields`` with its token; or a locked button with the reason beside it.

    ``disabled`` is that reason, in words: whoever has it is shown no address. ``note`` is what came of it the last time;
    the page says it below its buttons.
    """

    label: str
    url: str = ""
    method: Literal["", "post"] = ""
    kind: Literal["", "primary", "danger"] = ""
    icon: str = ""
    small: bool = False
    disabled: str = ""
    note: str = ""
    fields: tuple[tuple[str, str | int], ...] = ()
