"""Whole numbers as people type them in a form: half-width digits and nothing else."""

from __future__ import annotations

from typing import Any, Final

from django import forms

# Python reads full-width digits and 3_0 as numbers; what somebody typed so is not what they meant to be read.
_MOST_DIGITS: Final = 9


def whole(text: str) -> int | None:
    """The number that a text of at most nine half-width digits says; null for anything else."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= _MOST_DIGITS else None


class WholeField(forms.IntegerField):
    """A whole number from nought of at most nine half-width digits; anything else is refused in the words of ``invalid``."""

    def to_python(self, value: Any) -> int | None:
        """The number, null for an empty field."""
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        number = whole(text)
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number
