"""Decisions about one-time links and the rest that follows a reset: pure.

A link is made for a person who lost the password, or has none yet. Who holds a signing or separated role gets one only
by two persons: the system administrator asks and holds the 核对码, the security administrator confirms and holds the
link; the person needs both. After it the person may read and prepare, but not sign, decide, open or appoint for a day,
unless a second named person confirms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from kaoping.accounts.actor import Who, same_person
from kaoping.accounts.policy import SEPARATED
from kaoping.foreign.width import half_width

LIFE: Final = timedelta(hours=24)
REST: Final = timedelta(hours=24)
# Wrong 核对码 after which a link is void.
WRONG_CODES: Final = 5
GONE: Final = "这个链接用过了、过期了，或已经作废。请找系统管理员另发。"


@dataclass(frozen=True, slots=True)
class Link:
    """What decisions about a link look at; instants are the machine's, but for those that only say whether."""

    asked_by: Who
    person: Who
    issued: bool
    confirmed: bool
    coded: bool
    over: bool
    ends_at: datetime | None


def digest_of(secret: str) -> str:
    """What is stored of a secret that somebody carries."""
    return sha256(f"kaoping link {secret.strip()}".encode()).hexdigest()


def code_digest(code: str, link_id: int) -> str:
    """What is stored of a 核对码: for this link only, read without the blanks and dashes of its print.

    A Chinese keyboard writes digits and blanks in full width; they are read as the same.
    """
    plain = code_as_read(code)
    return sha256(f"kaoping code {link_id} {plain}".encode()).hexdigest()


def code_as_read(code: str) -> str:
    """The digits of a 核对码 as it was typed; empty when nothing was."""
    return "".join(half_width(code).replace("-", "").split())


def needs_two(roles: Iterable[str]) -> bool:
    """Whether a reset takes the security administrator beside the system administrator."""
    return not SEPARATED.isdisjoint(roles)


def refusal_to_confirm(link: Link, by: Who) -> str | None:
    """Why ``by`` may not confirm a link: two persons, and never for oneself."""
    if link.over or link.confirmed:
        return "这件重置已经办过，或已经作废。"
    if same_person(link.asked_by, by):
        return "确认须由提出人以外的安全管理员办理。"
    if same_person(link.person, by):
        return "不能确认自己的重置，请另一名安全管理员办理。"
    return None


def refusal_to_use(link: Link | None, *, two: bool, now: datetime) -> str | None:
    """Why a link does not open now. ``two`` says whether its person holds a signing or separated role by now."""
    if link is None or link.over or not link.issued or link.ends_at is None or now >= link.ends_at:
        return GONE
    if two and not link.confirmed:
        return (
            "您已担任签发、开箱、复核或管理岗位，这个链接还要安全管理员确认。请告诉安全管理员，确认后再打开。"
        )
    return None


def rests(rests_until: datetime | None, *, released: bool, now: datetime) -> bool:
    """Whether a person who set a password by a link still may not sign."""
    return rests_until is not None and not released and now < rests_until


def refusal_to_release(*, person: Who, asked_by: Who, by: Who) -> str | None:
    """Why ``by`` may not end somebody's rest: it takes a person other than the one who reset, and other than oneself."""
    if same_person(person, by):
        return "不能由本人确认，请安全管理员或办公室负责人办理。"
    if same_person(asked_by, by):
        return "确认须由重置人以外的一人办理。"
    return None
