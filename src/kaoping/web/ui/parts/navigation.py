"""The masthead of a shell: whose site it is, and its navigation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavLink:
    """One word of a navigation. ``count`` of things that wait stands beside it, and is read out as ``count_words``."""

    label: str
    url: str
    current: bool = False
    count: int = 0
    count_words: str = "项待看"
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The main navigation, and below it the screens of the trade that one is in (``of``), where there are several."""

    main: tuple[NavLink, ...] = ()
    below: tuple[NavLink, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose site it is: its name, the address of its first page, and at which ``desk`` somebody sits who is signed in."""

    name: str
    home: str
    desk: str = ""
