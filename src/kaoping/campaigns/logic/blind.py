"""What a reviewer may read of a unit without reading which unit it is.

Names, hosts and 标识码 that the register knows of the unit are masked, the names of its people (``blind_people``), and every
address, because a host says who it is. What is written in a file or means the unit without naming it stays: the screens say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from kaoping.campaigns.logic.blind_people import compact, over_people, small
from kaoping.patterns import linear

UNIT: Final = "〔本单位〕"
ADDRESS: Final = "〔网址〕"
_LEAST: Final = 3  # a name of two characters is part of too many words
_ADDRESS: Final = linear(r"(?i)(?:https?://|www\.)[^\s<>\"'，。；、（）《》“”]+")
_BRACKETS: Final = linear(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what names the unit, and how often something was masked."""

    text: str
    hits: int


@dataclass(frozen=True, slots=True)
class Mask:
    """What names one unit: ``words`` in any case, longest first, ``hosts``, and its registered ``people``."""

    words: tuple[str, ...]
    hosts: tuple[str, ...]
    people: tuple[str, ...] = ()

    def over(self, text: str) -> Masked:
        """``text`` with every address, every name of the unit and its people's names replaced."""
        hits = sum(1 for _found in _ADDRESS.finditer(text))
        text = _ADDRESS.sub(ADDRESS, text)
        for words, instead in ((self.hosts, ADDRESS), (self.words, UNIT)):
            for word in words:
                text, count = _replaced(text, word, instead)
                hits += count
        text, count = over_people(text, self.people)
        return Masked(text, hits + count)


def mask_of(
    names: Iterable[str], addresses: Iterable[str], codes: Iterable[str], people: Iterable[str] = ()
) -> Mask:
    """From the register: full and short names, addresses of sites and columns, 标识码 and code of the unit, its people's names."""
    words = {one for name in names for one in _variants(name)} | {code.strip() for code in codes}
    hosts = {host for address in addresses for host in _hosts(address)}

    def longest(found: set[str]) -> tuple[str, ...]:
        return tuple(sorted((one for one in found if len(one) >= _LEAST), key=lambda one: (-len(one), one)))

    return Mask(longest(words), longest(hosts), compact(people))


def _variants(name: str) -> set[str]:
    """A name as it is written: without what stands in brackets, without 市 before it and without the city's name."""
    bare = _BRACKETS.sub("", name).strip()
    found = {name.strip(), bare}
    city, mark, rest = bare.partition("市")
    if mark and rest and len(city) <= 4:
        found |= {mark + rest, rest}
    return found


def _hosts(address: str) -> set[str]:
    try:
        host = (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:
        return set()
    return {host, host.removeprefix("www.")} if "." in host else set()


def _replaced(text: str, word: str, instead: str) -> tuple[str, int]:
    """Every place of ``word`` in ``text`` in any case of its Latin letters; positions are those of the text itself."""
    lowered, wanted = small(text), small(word)
    pieces, at, count = [], 0, 0
    while (place := lowered.find(wanted, at)) >= 0:
        pieces += [text[at:place], instead]
        at, count = place + len(wanted), count + 1
    return "".join([*pieces, text[at:]]), count
