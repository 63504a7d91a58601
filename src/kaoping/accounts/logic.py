"""Decisions about texts that several people, or several tabs, may edit: what a save may change, and what it would lose.

A form carries the *edition* it was opened with: one short digest a field. So a save says which fields its writer
changed, without the form carrying the old texts back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from kaoping.beijing import BEIJING

# Long enough that two texts of one field are not taken for one; short enough for a hidden field.
_DIGITS: Final = 16
_NEVER: Final = "0"  # no digest is so short
MOST_NAMES: Final = 50
"""How many names of one address are counted apart within an hour; a name that nobody bears costs nothing to invent."""
OTHER_NAMES: Final = "（其他登录名）"
# A sign-in that began within the hour is counted before the hour is closed.
_SETTLING: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a save says of itself: the edition its form was opened with ('' is not known), and fields it gives up.

    ``waived`` names fields for which the writer chose what somebody else had stored.
    """

    edition: str = ""
    waived: frozenset[str] = field(default_factory=frozenset)


NOT_SAID: Final = Opened()


@dataclass(frozen=True, slots=True)
class Settled:
    """What would be stored, and the fields on which the writer and the store disagree (then nothing is stored)."""

    values: dict[str, str]
    clashes: tuple[str, ...]


def plain(text: object) -> str:
    """A text as it is compared: browsers send line ends in two ways, and blanks around a text say nothing."""
    return str("" if text is None else text).replace("\r\n", "\n").replace("\r", "\n").strip()


def edition_of(values: Mapping[str, object]) -> str:
    """The edition of stored values, for the hidden field of a form: ``level=0f3a…;text=9c41…``."""
    return ";".join(f"{name}={_digest(name, value)}" for name, value in values.items())


def settle(opened: Opened, mine: Mapping[str, object], stored: Mapping[str, object]) -> Settled:
    """Only what the writer changed is taken from ``mine``; a field that both sides changed differently is a clash.

    Without an edition nothing is known of what the writer saw, and ``mine`` is taken as it is.
    """
    saw = _read(opened.edition)
    values: dict[str, str] = {}
    clashes = []
    for name, value in mine.items():
        own, theirs = plain(value), plain(stored.get(name))
        if name in opened.waived:
            values[name] = theirs
        elif own == theirs or not opened.edition:
            values[name] = own
        elif saw.get(name) == _digest(name, own):
            values[name] = theirs
        elif saw.get(name) == _digest(name, theirs):
            values[name] = own
        else:
            values[name] = own
            clashes.append(name)
    return Settled(values, tuple(clashes))


def renewed(opened: Opened, stored: Mapping[str, object], clashes: Collection[str]) -> str:
    """The edition for the next save of somebody who has now seen what is stored in ``clashes``, and nothing else.

    The form is shown again with ``shown_again``: a field that was given up stands there as it is stored.
    """
    seen = {*clashes, *(opened.waived & stored.keys())}
    saw = _read(opened.edition) | {name: _digest(name, stored.get(name)) for name in seen}
    return ";".join(f"{name}={digest}" for name, digest in saw.items())


def unsettled(edition: str, names: Collection[str]) -> str:
    """The edition with ``names`` as never seen: a save that differs from what is stored asks about them once more."""
    saw = _read(edition) | dict.fromkeys(names, _NEVER)
    return ";".join(f"{name}={digest}" for name, digest in saw.items())


def shown_again(opened: Opened, stored: Mapping[str, object]) -> dict[str, str]:
    """The fields that a form shows as they are stored, when it is shown again: its writer gave up the own text of these.

    Otherwise the next save of the form would take the text back that was given up.
    """
    return {name: plain(value) for name, value in stored.items() if name in opened.waived}


def disappears(old: object, new: object) -> bool:
    """Whether ``new`` loses something of ``old``: anything but adding at one place does."""
    before, after = plain(old), plain(new)
    if not before or before == after:
        return False
    if len(after) < len(before):
        return True
    head = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        len(before),
    )
    tail = before[head:]
    return not after.endswith(tail)


def lost(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, str]:
    """The fields of which something would be gone, with their old texts."""
    return {name: plain(text) for name, text in old.items() if disappears(text, new.get(name))}


def already(what: str, done: str, by: str, at: datetime) -> str:
    """What is said to whoever takes back what was taken back: who did it and when (Beijing), and that it was not done again.

    ``what`` is the thing, ``done`` the verb in one word or two: 作废, 撤回, 取消, 退回.
    """
    return f"{what}已经由{by}于 {at.astimezone(BEIJING):%Y-%m-%d %H:%M} {done}，未重复办理。"


def waived(names: Collection[str]) -> frozenset[str]:
    """Field names that came from outside, without the empty ones."""
    return frozenset(name for name in names if name)


def _digest(name: str, value: object) -> str:
    return sha256(f"{name}\0{plain(value)}".encode()).hexdigest()[:_DIGITS]


def _read(edition: str) -> dict[str, str]:
    return {
        name: digest
        for name, equals, digest in (part.partition("=") for part in edition.split(";"))
        if equals
    }


def last_closed_hour(now: datetime) -> datetime:
    """The beginning of the last hour in which nothing is counted any more."""
    settled = now - _SETTLING
    return settled.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)


def words_of_failures(name: str, address: str, hour: datetime, count: int, *, locked: bool) -> str:
    """One line for all failed sign-ins of a name from an address within the hour that begins at ``hour`` (Beijing)."""
    who = name if name == OTHER_NAMES else f"“{name}”"
    came = f"从 {address} " if address else ""
    tail = "，其间因连续失败暂停过登录" if locked else ""
    return f"{hour:%Y-%m-%d} {hour.hour} 时至 {hour.hour + 1} 时，{came}以{who}登录未成功 {count} 次{tail}。"
