"""Small readings that several rules share."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"((?:19|20)\d{2})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})")


def read_tag_date(text: str) -> date | None:
    """The day of a PubDate tag in any of its spellings, or null."""
    match = _DATE.match(text.strip())
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
