"""Whole numbers as people type them in a form: half-width digits and nothing else."""

from __future__ import annotations

from typing import Any, Final

from django import forms

# Python reads full-width digits and 3_0 as numbers; what somebody typed so is not what they meant to be read.
_MOST_DIGITS: Final = 9


class WholeField(forms.IntegerField):
    """A whole number from nought of at most nine half-width digits; anything else is refused in the words of ``invalid``."""

    def to_python(self, value: Any) -> int | None:
        """The number, null for an empty field."""
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)
