"""What a new password must be, beside Django's own rules (``AUTH_PASSWORD_VALIDATORS``), and all of it in our words."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

LEAST: Final = 12
LONGEST: Final = 128
"""Characters; more than this is refused (ASVS 4.0 2.1.2), at least 64 must be taken."""


_SAID: Final = {
    "password_too_short": f"口令至少 {LEAST} 个字符",
    "password_too_common": "这个口令太常见，容易猜到，请换一个",
    "password_entirely_numeric": "口令不能全是数字，请加上字母、汉字或符号",
    "password_too_similar": "口令与登录名或姓名太相似，请换一个",
}
# The strength meter on the page (secrets.js) counts the same and calls what is refused here weak.
_TELLING: Final = LEAST - 3
# zxcvbn's 3: more than 10^8 guesses, "safely unguessable" where stored hashes are slow and guesses at the door are slowed.
_SCORE: Final = 3
_LOOKED_AT: Final = 72  # the most that zxcvbn looks at; what comes after only makes it harder


def in_words(error: ValidationError) -> str:
    """What is wrong with a password, Django's own findings in our words too."""
    return "；".join(_SAID.get(one.code or "", one.messages[0]) for one in error.error_list)


def telling(password: str) -> int:
    """How many characters tell something: not the same again, not the next in a row (abcd, 4321), and not of a few only."""
    count, before = 0, None
    for number, sign in enumerate(password):
        step = ord(sign) - ord(password[number - 1]) if number else None
        if number == 0 or not (step == 0 or (step in (1, -1) and step == before)):
            count += 1
        before = step
    return min(count, 2 * len(set(password)))


class TellingPassword:
    """The validator of passwords that are long only by repeating themselves."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ``ValidationError`` in words; one that is too short is told that alone."""
        if len(password) >= LEAST and telling(password) < _TELLING:
            raise ValidationError("口令里重复或连着的字符太多，不同的字符太少，容易猜到，请换一个")

    def get_help_text(self) -> str:
        """The rule for a form."""
        return "不能只用几个字符重复，也不能是连着的一串字符。"


class HardToGuess:
    """The validator of passwords that a guessing program finds early: words, keys in a row, the same twice, letters replaced."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ``ValidationError`` in words; one that is too short is told that alone."""
        if len(password) < LEAST:
            return
        known = [str(getattr(user, name, "") or "") for name in ("username", "name")]
        found = zxcvbn(password[:_LOOKED_AT], user_inputs=[one for one in known if one])
        if found["score"] < _SCORE:
            raise ValidationError(
                "口令里是常见的词、键盘上连着的键或简单的替换，容易猜到，请换一个，或再加几个不相干的词"
            )

    def get_help_text(self) -> str:
        """The rule for a form."""
        return "不能由常见的词、键盘上连着的键拼成。"


class LongestPassword:
    """The validator of that length."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ``ValidationError`` in words."""
        if len(password) > LONGEST:
            raise ValidationError(f"口令最长 {LONGEST} 个字符，这里有 {len(password)} 个，请缩短")

    def get_help_text(self) -> str:
        """The rule for a form."""
        return f"最长 {LONGEST} 个字符。"
