"""Targets: what one fault is about. A closed set of forms, read, written, judged and worded here alone. Pure.

``page:<canonical URL>`` · ``site:<host>`` · ``place:<id in the register of places>`` · ``document:<文号 or index number>`` ·
``row:<ledger>:<key>`` · ``account:<platform>:<id>``; in a public copy also ``redacted:<digest>``.
What earlier formats kept instead is an address: of a page, or ``place:`` and a name, which is a place's id since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kaoping.foreign.addresses import canonical, is_canonical
from kaoping.patterns.linear import linear

FORMS: Final = ("page", "site", "place", "document", "row", "account", "redacted")
LONGEST: Final = 2300  # of a whole target; the longest address is shorter
_WELL_FORMED: Final = linear(
    r"^(?:page:https?://[^\s#]+|site:[^\s/]+|place:\S+|document:\S.*|row:[^\s:]+:\S.*|account:[^\s:]+:\S+"
    r"|redacted:[0-9a-f]{32,64})$"
)
_PAGE: Final = ("http://", "https://")


class TargetError(ValueError):
    """What cannot be the target of a line; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target taken apart: its form, and which one of that form."""

    form: str
    which: str


def parse(text: str) -> Target | None:
    """A target taken apart; null for what is none, such as the address that a line of an earlier format has instead."""
    if not _WELL_FORMED.match(text):
        return None
    form, _, which = text.partition(":")
    return Target(form, which)


def page(address: str) -> str:
    """The page with this address. Raises ``TargetError`` when it is no page's."""
    spelt = canonical(address)
    if spelt is None:
        raise TargetError(f"“{address[:60]}”不是网页的网址")
    return f"page:{spelt}"


def site(address: str) -> str:
    """The site to which a page belongs: http and https of one host are one site. Raises ``TargetError``."""
    spelt = canonical(address)
    if spelt is None:
        raise TargetError(f"“{address[:60]}”不是网站的网址")
    return f"site:{spelt.partition('://')[2].partition('/')[0].rpartition('@')[2]}"


def place(which: str) -> str:
    """The place with this id in the register of its unit."""
    return _made("place", which)


def document(which: str) -> str:
    """The document with this 文号 or index number."""
    return _made("document", which)


def _made(form: str, which: str) -> str:
    text = f"{form}:{which}"
    if words := refusal(text):
        raise TargetError(words)
    return text


def refusal(text: str) -> str | None:
    """Why nothing can be recorded under this target, in words, or null. Published lines are read without it."""
    found = parse(text)
    if found is None or found.form == "redacted":
        return f"应以 {'、'.join(f'{one}:' for one in FORMS[:-1])} 之一开头，后面写明是哪一个"
    if len(text) > LONGEST:
        return f"不超过 {LONGEST} 个字符"
    if found.form == "page" and not is_canonical(found.which):
        return f"网址应写成 {canonical(found.which) or 'http 或 https 网址'}"
    if found.form == "site" and not is_canonical(f"http://{found.which}/"):
        return "应写域名，带端口的写明端口"
    return None


def of_address(address: str) -> str:
    """The fault that an address names: so lines, cases and findings of earlier formats stay told apart as they were.

    The address is not spelt anew: nothing that is stored changes what it is. A target is its own answer.
    """
    return f"page:{address}" if address.startswith(_PAGE) else address


def spelt_before(target: str) -> str:
    """How earlier formats kept the same fault: by its bare address."""
    found = parse(target)
    return found.which if found is not None and found.form == "page" else target


def spellings(stored: str) -> set[str]:
    """Every way in which what is stored about this fault may name it."""
    return {stored, of_address(stored), spelt_before(stored)}


def named(stored: str) -> tuple[str | None, str | None]:
    """Target and address of a new line about what is followed under ``stored``, which may be of an earlier format.

    A page whose stored address is not spelt as targets are goes on under that address alone, as it began.
    """
    if not stored:
        return None, None
    text = of_address(stored)
    return (None, stored) if refusal(text) else (text, address(stored) or None)


def address(stored: str) -> str:
    """Where the page of a target can be opened; '' for everything that is no page."""
    found = spelt_before(stored)
    return found if found.startswith(_PAGE) else ""


def is_place(stored: str) -> bool:
    """Whether it is a place where somebody goes."""
    return stored.startswith("place:")


def words(stored: str, place_name: Callable[[str], str | None] = lambda which: None) -> str:
    """What a reader calls it: an address without its scheme, the name of a place.

    ``place_name`` gives the register's name for an id; a place that the register lacks goes by what was typed.
    """
    found = parse(stored) or Target("", stored)
    if found.form == "place":
        return place_name(found.which) or found.which
    if found.form == "row":
        ledger, _, key = found.which.partition(":")
        return f"{ledger} {key}"
    if found.form == "account":
        platform, _, which = found.which.partition(":")
        return f"{platform} {which}"
    if found.form == "redacted":
        return "（已遮蔽）"
    return found.which.removeprefix("https://").removeprefix("http://").rstrip("/")
