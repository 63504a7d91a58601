"""Keeps hostile markup from costing more than it weighs: the time to build a tree grows with nesting times tags."""

from __future__ import annotations

import re
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


def bounded(html: str) -> str:
    """``html`` cut off where it nests deeper or holds more tags than any page for readers does."""
    if html.count("<") <= MAX_DEPTH:
        return html
    depth = 0
    for number, match in enumerate(_TAG.finditer(html)):
        if match[2].lower() not in _FLAT:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH or number > MAX_TAGS:
            return html[: match.start()]
    return html
