"""Which characters of a password count, as the meter on the page counts them."""

from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

import kaoping.web.ui
from kaoping.accounts import passwords
from kaoping.accounts.models import Person
from kaoping.accounts.passwords import in_words


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


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "Password@123", "P@ssw0rd2025!", "qwertyuiopas", "iloveyouiloveyou", "Aa123456789!",
        "zxcvbnm,./zxcvbnm", "1qaz2wsx3edc", "adminadmin2025", "letmeinletmein", "chenjingchenjing",
    ],
)  # fmt: skip
def test_what_guessing_programs_try_first_is_refused(password):
    with pytest.raises(ValidationError) as caught:
        validate_password(password, Person(username="chenjing", name="陈静"))
    assert "容易猜到" in in_words(caught.value) or "太相似" in in_words(caught.value)


@pytest.mark.parametrize(
    "password",
    [
        "san-he-yi-zhang-shan-men", "三月开会部署去年年底春天", "correct horse battery", "shuangxi-2025-kp",
        "kx8#vQ2m!tRz", "今天窗外有三只麻雀在吵架" * 10,
    ],
)  # fmt: skip
def test_sentences_and_random_signs_are_taken(password):
    validate_password(password[:128], Person(username="chenjing", name="陈静"))
