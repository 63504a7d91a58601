"""What somebody filled in, by kind: a form's checked fields answer with text, numbers, days and files, never with anything at all.

A view reads ``filled(form)`` once the form stood its checks, and never ``cleaned_data``: which kind a field has is asked for where
it is used, so that a wrong name or a wrong kind fails at once and in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Filled:
    """The checked fields of one form. A field that the form does not have raises ``KeyError``, one of another kind ``TypeError``.

    A form that leaves a field out for this reader answers for it as for an empty one: ``text``, ``several``, ``day_or_none`` … say so;
    ``day`` and ``whole`` are for fields that are required.
    """

    fields: Mapping[str, object]
    known: frozenset[str]

    def text(self, name: str) -> str:
        """What was written or chosen; '' where nothing was."""
        return self._of(name, str) or ""

    def flag(self, name: str) -> bool:
        """Whether the box was ticked."""
        return bool(self._of(name, bool))

    def whole(self, name: str) -> int:
        """A whole number that has to be there."""
        return self._there(name, self.whole_or_none(name))

    def whole_or_none(self, name: str) -> int | None:
        """A whole number, null where none was given."""
        return self._of(name, int)

    def day(self, name: str) -> date:
        """A day that has to be there."""
        return self._there(name, self.day_or_none(name))

    def day_or_none(self, name: str) -> date | None:
        """A day, null where none was given."""
        return self._of(name, date)

    def moment(self, name: str) -> datetime:
        """An instant that has to be there."""
        return self._there(name, self._of(name, datetime))

    def several(self, name: str) -> tuple[str, ...]:
        """What was chosen of several, in the order of the form."""
        chosen = self._value(name)
        if chosen is not None and not isinstance(chosen, list | tuple):
            raise TypeError(f"{name}: {type(chosen).__name__}, and not several")
        return tuple(str(one) for one in chosen or ())

    def file(self, name: str) -> UploadedFile[Any] | None:
        """What was handed in; null where nothing was."""
        return self._of(name, UploadedFile)

    def _value(self, name: str) -> object:
        if name not in self.known and name not in self.fields:
            raise KeyError(name)
        return self.fields.get(name)

    def _of(self, name: str, kind: type[Kind]) -> Kind | None:
        value = self._value(name)
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{name}: {type(value).__name__}, and not {kind.__name__}")
        return value

    def _there(self, name: str, value: Kind | None) -> Kind:
        if value is None:
            raise TypeError(f"{name}: nothing, and it has to be there")
        return value


def filled(form: forms.BaseForm) -> Filled:
    """What stood its checks in ``form``. Call it after ``is_valid()``, and in ``clean`` for what stood them so far."""
    return Filled(form.cleaned_data, frozenset(getattr(form, "base_fields", ())) | form.fields.keys())


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """What can be chosen in this form, where it depends on the reader or on the year."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no choice")
    field.choices = list(choices)
