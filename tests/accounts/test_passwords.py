"""Which characters of a password count, as the meter on the page counts them."""

from pathlib import Path

import pytest

import kaoping.web.ui
from kaoping.accounts import passwords


@pytest.mark.parametrize(
    ("password", "count"),
    [
        ("", 0),
        ("aaaa", 1),
        ("abcdef", 2),
        ("4321", 2),
        ("abab", 4),
        ("acegik", 6),
        ("天开地辟" * 32, 8),
        ("a1b2c3d4", 8),
    ],
)
def test_what_tells_something(password, count):
    assert passwords.telling(password) == count


def test_the_meter_on_the_page_goes_by_the_same_numbers():
    text = (Path(kaoping.web.ui.__path__[0]) / "static/kaoping/js/secrets.js").read_text()
    assert f"ENOUGH = {passwords.LEAST}," in text
    assert "told < ENOUGH - 3" in text and passwords._TELLING == passwords.LEAST - 3
