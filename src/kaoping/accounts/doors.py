"""How the permission table asks a door: for an organisation by its code, null for none in particular."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kaoping.accounts.actor import Actor, Organising, Owned

Door = Callable[[Actor, str | None], bool]


def of_organiser(door: Callable[[Actor, Owned], bool]) -> Door:
    """A door of an organiser's things."""
    return lambda actor, code: code is not None and door(actor, Organising(code))


def of_unit(door: Callable[[Actor, str], bool]) -> Door:
    """A door of a unit."""
    return lambda actor, code: code is not None and door(actor, code)


def of_either(door: Callable[[Actor, Owned, str], bool]) -> Door:
    """A door of a unit's things in an organiser's year, open to people of both."""
    return lambda actor, code: code is not None and door(actor, Organising(code), code)


def somewhere(door: Callable[[Actor, Owned], bool], actor: Actor) -> bool:
    """Whether a door of organisers' things is open to a person for some organiser; for menus and lists."""
    return any(door(actor, Organising(code)) for code in actor.organisers or ("",))


def of_thing(door: Callable[[Actor, Owned], bool], actor: Actor, thing: Owned | None) -> bool:
    """Whether it is open for the organiser whose ``thing`` is; where there is none, for some: the verb says what is missing."""
    return somewhere(door, actor) if thing is None else door(actor, thing)


def everywhere(door: Callable[[Actor, Owned], bool], actor: Actor, codes: Iterable[str]) -> bool:
    """Whether it is open for every one of some organisers; where there are none, for some: the verb says what is missing."""
    asked = [door(actor, Organising(code)) for code in codes]
    return all(asked) if asked else somewhere(door, actor)


def of_nobody(door: Callable[[Actor], bool]) -> Door:
    """A door of the installation."""
    return lambda actor, _code: door(actor)
