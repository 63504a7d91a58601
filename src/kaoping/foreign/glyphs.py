"""How much somebody wrote: the one measure of "is there text" and of "how many characters", for every text that is required.

Blanks of every width and signs that nobody sees are no words: four of them are no reason, and a decision that shows nothing
decides nothing. What is stored stays as it was typed.
"""

from __future__ import annotations

from typing import Final

from kaoping.patterns import linear

# Controls, formats, separators; what Unicode ignores by default although it is a letter or a mark (fillers of Hangul,
# inherent vowels of Khmer, selectors of variants, the joiner of graphemes); the braille cell without dots.
_UNSEEN: Final = linear(
    r"[\p{Cc}\p{Cf}\p{Z}\x{34f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{2065}\x{2800}\x{3164}\x{fe00}-\x{fe0f}"
    r"\x{ffa0}\x{fff0}-\x{fff8}\x{e0000}-\x{e0fff}]+"
)


def glyphs(text: str) -> int:
    """How many characters of ``text`` somebody sees; 0 when nothing is written."""
    return len(_UNSEEN.sub("", text)) if text else 0
