"""What is typed on a Chinese keyboard is compared as it was meant."""

import pytest

from kaoping.foreign.width import half_width


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("２０２５", "2025"),
        ("　2025　", "2025"),
        ("ＡＢＣＤ－ＥＦＧＨ", "ABCD-EFGH"),
        ("教育局", "教育局"),
        ("", ""),
    ],
)
def test_full_width_signs_are_the_ordinary_ones(typed, meant):
    assert half_width(typed) == meant
