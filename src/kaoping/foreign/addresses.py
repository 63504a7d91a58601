"""Addresses as browsers read them: one spelling for one page. Pure.

WHATWG's URL standard, as ``ada-url`` reads it, is the definition; only what marks a place inside the page is dropped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import ada_url

# What bundles say of the spelling: a later one that spells any address otherwise gets the next number.
SPELLING: Final = "whatwg-1"
# No page has an address longer than this; beyond it an index of a database refuses, and a cut one would be another page's.
LONGEST: Final = 2200
_WEB: Final = ("http:", "https:")


@lru_cache(maxsize=65_536)
def canonical(text: str, base: str | None = None) -> str | None:
    """The one spelling of an http(s) address, without its fragment; null where it is none or too long.

    ``base`` is the page on which a link stands, from which it is resolved.
    """
    try:
        found = ada_url.URL(text, base)
    except ValueError:  # what no browser opens, a host that cannot be, half of a character
        return None
    if found.protocol not in _WEB:
        return None
    found.hash = ""
    spelt = found.href
    return spelt if len(spelt) <= LONGEST else None


def is_canonical(text: str) -> bool:
    """Whether ``text`` is an address in its one spelling."""
    return canonical(text) == text
