"""Codes and years that somebody types: a Chinese keyboard writes letters, digits, blanks and dashes in full width.

Only for what is compared and never stored as it was typed. A day or a number that is stored is refused in words instead
(``days``), so that nobody finds later what they did not write.
"""

from __future__ import annotations

import unicodedata


def half_width(text: str) -> str:
    """The text with signs of full width as the ordinary ones, and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()
