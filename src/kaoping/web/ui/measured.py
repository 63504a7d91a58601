"""Fields that only read: what a text lacks the verb behind the form says, and its refusal is a line of the log."""

from __future__ import annotations

from typing import Any

from django import forms


class Spoken(forms.CharField):
    """A text that the verb measures: any text goes through, also none."""

    def __init__(self, label: str, *, rows: int = 3, hint: str = "", widget: Any = None) -> None:
        super().__init__(
            label=label, help_text=hint, strip=False, widget=widget or forms.Textarea({"rows": rows})
        )

    def validate(self, value: str | None) -> None:
        """Nothing: the verb does."""


class Ticked(forms.MultipleChoiceField):
    """Rows of a list that were ticked; the verb says which of them it takes."""

    def validate(self, value: Any) -> None:
        """Nothing: the verb does."""


class Files(forms.FileField):
    """Uploads that the verb measures."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Whatever was chosen; the view reads it from the request."""
        return data


class ManyFiles(forms.FileInput):
    """One field for several uploads."""

    allow_multiple_selected = True


def line(**attributes: str) -> forms.TextInput:
    """A field of one line."""
    return forms.TextInput(attributes)
