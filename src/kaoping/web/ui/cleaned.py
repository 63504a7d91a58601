"""What a form has read, by its kind: Django keeps it under names without types, so that nobody sees a name that is wrong.

``Cleaned(form.cleaned_data).text("reason")`` is a text or an error of the program, never another kind of thing. Where a
field may be left empty, ``day`` and ``whole`` answer null and ``text`` is ''.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.utils.datastructures import MultiValueDict

T = TypeVar("T")
LONGEST_NAME = 120


class Cleaned(dict[str, Any]):
    """The cleaned data of a form. Every reading raises ``TypeError`` where the form holds another kind, ``KeyError`` none."""

    def text(self, name: str) -> str:
        """A text, '' where it was left empty."""
        return self._given(name, str) or ""

    def whole(self, name: str) -> int | None:
        """A whole number."""
        return self._given(name, int)

    def day(self, name: str) -> date | None:
        """A day."""
        return self._given(name, date)

    def moment(self, name: str) -> time | None:
        """A time of day."""
        return self._given(name, time)

    def instant(self, name: str) -> datetime | None:
        """An instant."""
        return self._given(name, datetime)

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self._given(name, bool))

    def texts(self, name: str) -> list[str]:
        """What was ticked of several, or typed as several."""
        found = self[name]
        if not isinstance(found, list | tuple | set) or not all(isinstance(one, str) for one in found):
            raise TypeError(f"{name} holds {type(found).__name__}, not texts")
        return list(found)

    def file(self, name: str) -> tuple[str, bytes] | None:
        """An upload as its name and its bytes."""
        found: UploadedFile[Any] | None = self._given(name, UploadedFile)
        return kept_upload(found) if found is not None else None

    def _given(self, name: str, kind: type[T]) -> T | None:
        found = self[name]
        if found is not None and not isinstance(found, kind):
            raise TypeError(f"{name} holds {type(found).__name__}, not {kind.__name__}")
        return found


def cleaned(form: Form) -> Cleaned:
    """What a bound form has read; what it could not read is left out."""
    form.is_valid()
    return Cleaned(form.cleaned_data)


def kept_upload(upload: UploadedFile[Any]) -> tuple[str, bytes]:
    """An upload as its name and its bytes."""
    return str(upload.name)[:LONGEST_NAME], upload.read()


def uploads(files: MultiValueDict[str, UploadedFile[Any]], name: str) -> list[tuple[str, bytes]]:
    """All uploads of one field."""
    return [kept_upload(one) for one in files.getlist(name)]
