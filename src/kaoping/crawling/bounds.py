"""Keeps hostile markup from costing more than it weighs: the time to build a tree grows with nesting times tags."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

# Browsers stop nesting at 512 too.
MAX_DEPTH: Final = 512
MAX_TAGS: Final = 300_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})")
# Elements that never nest by themselves: empty ones, and those that the next of their kind closes.
_FLAT: Final = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
    *("wbr", "p", "li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "a"),
    *("html", "head", "body", "colgroup", "script", "style", "title", "textarea", "nobr"),
}


_TAGS = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,12}")


class _Steps(dict[str, int]):
    """How much deeper a tag leads: 1, -1, or 0 for elements that never nest. Common tags are known beforehand."""

    def __missing__(self, tag: str) -> int:
        name = tag.lstrip("</").lower()
        return 0 if name in _FLAT else -1 if tag[1] == "/" else 1


_STEPS: Final = _Steps()
_STEPS.update(
    (tag, _STEPS[tag])
    for name in (
        *_FLAT,
        "div",
        "span",
        "ul",
        "ol",
        "b",
        "strong",
        "em",
        "i",
        "font",
        "table",
        "h1",
        "h2",
        "h3",
    )
    for tag in (f"<{name}", f"</{name}")
)


def bounded(html: str) -> str:
    """``html`` cut off where it nests deeper or holds more tags than any page for readers does."""
    tags = html.count("<")
    if tags <= MAX_DEPTH or (tags <= MAX_TAGS and _surely_shallow(html)):
        return html
    depth = 0
    for number, match in enumerate(_TAG.finditer(html)):
        if match[2].lower() not in _FLAT:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH or number > MAX_TAGS:
            return html[: match.start()]
    return html


def _surely_shallow(html: str) -> bool:
    """No depth is greater than the highest sum of opening less closing tags above the lowest one; one fast pass."""
    sums = list(accumulate(map(_STEPS.__getitem__, _TAGS.findall(html)), initial=0))
    return max(sums) - min(sums) <= MAX_DEPTH
