"""The masthead of a shell: whose site it is, its navigation, who is signed in, and how the reader likes it to look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavLink:
    """One word of a navigation."""

    label: str
    url: str
    current: bool = False


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


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in: name, roles in words, what concerns the own account, and the address that signs out."""

    name: str
    roles: str = ""
    links: tuple[NavLink, ...] = ()
    sign_out_url: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The reader's choices, each one of ``look.CHOICES``."""

    theme: str = "auto"
    mode: str = "standard"
    density: str = "normal"
