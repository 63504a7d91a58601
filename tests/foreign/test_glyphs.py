"""How much somebody wrote: signs that nobody sees are no words."""

import pytest

from kaoping.foreign.glyphs import glyphs

UNSEEN = [
    "", " ", "\t\n", "\u3000", "\u00a0", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u3164", "\u115f",
    "\u1160", "\uffa0", "\ufe0f", "\U000e0101", "\u034f", "\u180e", "\u2800", "\u2028", "\x00", "\x1b",
]  # fmt: skip


@pytest.mark.parametrize(
    "sign", UNSEEN, ids=lambda sign: " ".join(f"{ord(one):04X}" for one in sign) or "nothing"
)
def test_signs_that_nobody_sees_are_no_words(sign):
    assert glyphs(sign * 4) == 0
    assert glyphs(f"{sign}核实{sign}无误{sign}") == 4


@pytest.mark.parametrize(
    ("text", "count"),
    [("核实无误", 4), ("OK, 12.", 6), ("𠮷林", 2), ("—", 1), ("。", 1), ("️☎️", 1), ("\ue000", 1)],
)
def test_what_is_seen_counts(text, count):
    assert glyphs(text) == count
