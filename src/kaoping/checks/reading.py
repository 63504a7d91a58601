"""Small readings that several rules share."""

from __future__ import annotations

from datetime import date

from kaoping.patterns import linear

_DATE = linear(r"((?:19|20)\p{Nd}{2})\P{Nd}{0,2}(\p{Nd}{1,2})\P{Nd}{0,2}(\p{Nd}{1,2})")


def read_tag_date(text: str) -> date | None:
    """The day of a PubDate tag in any of its spellings, or null."""
    match = _DATE.match(text.strip())
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
