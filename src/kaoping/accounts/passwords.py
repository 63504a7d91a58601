"""How long a new password may be. The other rules are Django's (``AUTH_PASSWORD_VALIDATORS``)."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError

LEAST: Final = 12
LONGEST: Final = 128
"""Characters; more than this is refused (ASVS 4.0 2.1.2), at least 64 must be taken."""


class LongestPassword:
    """The validator of that length."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ``ValidationError`` in words."""
        if len(password) > LONGEST:
            raise ValidationError(f"口令最长 {LONGEST} 个字符，这里有 {len(password)} 个，请缩短。")

    def get_help_text(self) -> str:
        """The rule for a form."""
        return f"最长 {LONGEST} 个字符。"
