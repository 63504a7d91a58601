"""Keeps hostile markup from costing more than it weighs: the time to build a tree grows with nesting times tags."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import Final

# Browsers stop nesting at 512 too.
MAX_DEPTH: Final = 512
MAX_TAGS: Final = 300_000
_LONGEST_NAME: Final = 13
# Elements that never nest by themselves: empty ones, and those that the next of their kind closes.
_FLAT: Final = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
    *("wbr", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "a"),
    *("html", "head", "body", "colgroup", "script", "style", "title", "textarea", "nobr"),
}


@lru_cache(maxsize=16_384)
def _tag(beginning: str) -> int | None:
    """How much deeper the tag after a ``<`` leads: 1, -1, or 0 for elements that never nest; ``None`` for what is no tag."""
    name = _name_in(beginning.removeprefix("/"))
    if not name:
        return None
    if name in _FLAT:
        return 0
    return -1 if beginning[0] == "/" else 1


@lru_cache(maxsize=16_384)
def _step(beginning: str) -> int:
    return _tag(beginning) or 0


def _name_in(text: str) -> str:
    """The name of the tag that begins here in lower case, at most 13 letters and digits; empty when it is none."""
    if not (text[:1].isascii() and text[:1].isalpha()):
        return ""
    end = 1
    while end < min(len(text), _LONGEST_NAME) and text[end].isascii() and text[end].isalnum():
        end += 1
    return text[:end].lower()


_BEGINNING: Final = 1 + _LONGEST_NAME  # of a closing tag, so that a beginning always holds the whole name


def bounded(html: str) -> str:
    """``html`` cut off where it nests deeper or holds more tags than any page for readers does."""
    tags = html.count("<")
    if tags <= MAX_DEPTH or (tags <= MAX_TAGS and _surely_shallow(html)):
        return html
    depth, seen, place = 0, 0, -1
    for piece in html.split("<"):
        if place >= 0 and piece and (step := _tag(piece[:_BEGINNING])) is not None:
            depth = max(0, depth + step)
            if depth > MAX_DEPTH or seen > MAX_TAGS:
                return html[:place]
            seen += 1
        place += len(piece) + 1
    return html


def _surely_shallow(html: str) -> bool:
    """No depth is greater than the highest sum of opening less closing tags above the lowest one; one fast pass."""
    beginnings = [piece[:_BEGINNING] for piece in html.split("<")[1:]]
    sums = list(accumulate(map(_step, beginnings), initial=0))
    return max(sums) - min(sums) <= MAX_DEPTH
