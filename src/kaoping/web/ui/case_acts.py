"""Acts on an order as desk and unit send them: each form, how it is read, and the page again with the verb's refusal.

The forms only read. What a text lacks the verb says, and its refusal is a line of the log; so an empty field goes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from kaoping.accounts.actor import Refused, Stale
from kaoping.evidence import queries as ledger
from kaoping.rectification.queries.rows import EntryRow
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.editing import panel_of
from kaoping.web.ui.filled import filled
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn

LONGEST_NAME: Final = 120
Made = TypeVar("Made", bound="ActFields")


class ActFields(forms.Form):
    """A form of one act, on a page that bears several.

    ``to`` names the address that reads it, ``spoken`` the field at which a refusal of the verb stands, ``at_first`` the fields
    that show something before anybody typed.
    """

    to: ClassVar[str] = ""
    spoken: ClassVar[str] = "text"
    at_first: ClassVar[tuple[str, ...]] = ()
    use_required_attribute = False

    def read(self, name: str = "text") -> str:
        """What a field holds, '' where nothing does."""
        self.is_valid()
        return filled(self).text(name)


@dataclass(frozen=True, slots=True)
class Turned:
    """An act that was refused, to be shown on its page again: which one, why, and both texts where it was stale."""

    act: str
    words: str
    panel: Panel | None = None


def act(
    request: SignedIn,
    name: str,
    verb: Callable[[], object],
    *,
    again: Callable[[Turned], HttpResponse],
    done: str,
    back: tuple[str, str],
) -> HttpResponse:
    """Call a verb; ``again`` shows the page with its refusal and with what was typed, ``back`` is the page after success."""
    try:
        verb()
    except Stale as stale:
        panel = panel_of(stale, labels={"text": "整改内容"}, me=request.actor)
        return again(Turned(name, str(stale), panel))
    except Refused as refusal:
        return again(Turned(name, str(refusal)))
    messages.success(request, done)
    return redirect(*back)


def drawn(kind: type[Made], name: str, turned: Turned | None, request: SignedIn, **initial: object) -> Made:
    """The form of an act as its page draws it: as it was sent where it was refused, else as given (``at_first``)."""
    assert set(initial) == set(kind.at_first)
    if turned is None or turned.act != name:
        return kind(auto_id=f"{name}-%s", initial=initial)
    form = kind(request.POST, request.FILES, auto_id=f"{name}-%s")
    form.is_valid()
    if form.spoken in form.fields:
        form.add_error(form.spoken, turned.words)
    return form


def mistakes(turned: Turned | None, forms_shown: Iterable[forms.Form]) -> tuple[Mistake, ...]:
    """The refusal above the page, with the way to where it stands."""
    if turned is None:
        return ()
    where = [bound.id_for_label or bound.auto_id for form in forms_shown for bound in form if bound.errors]
    return (Mistake(turned.words, f"#{where[0] if where else turned.act}"),)


def kept(upload: UploadedFile[Any]) -> tuple[str, bytes]:
    """An upload as its name and its bytes."""
    return str(upload.name)[:LONGEST_NAME], upload.read()


def file_answer(entry: EntryRow | None, sha256: str) -> HttpResponse:
    """A file of the timeline, or 404 where no entry holds it."""
    if entry is None or not is_digest(sha256):
        raise Http404
    return attachment(sha256, entry.text if entry.kind == "file" else ledger.plain_name(sha256))
