"""The request inside: somebody is signed in, and the middleware has said who."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from kaoping.accounts.actor import Actor

PLEDGE_FIELD: Final = "no_secret"
TYPES_HINT: Final = (
    "PDF、OFD、WPS、Word、Excel、PPT、图片、ZIP 等，每份 50 MB 以内。严禁上传国家秘密、工作秘密。"
)


_TAKEN: Final = "kaoping_taken"


def taken(response: HttpResponse) -> HttpResponse:
    """Mark a page as the answer to a form that was stored, where it is shown at once: a form's own page is a refusal."""
    setattr(response, _TAKEN, True)
    return response


def was_taken(response: HttpResponse) -> bool:
    """Whether the form that ``response`` answers was stored: it leads on to another page, or is marked as ``taken``."""
    return response.status_code in (302, 303) or getattr(response, _TAKEN, False)


def pledged(request: HttpRequest) -> bool:
    """Whether the person ticked that what is handed in holds no secret; asked once an upload."""
    return request.POST.get(PLEDGE_FIELD) == "1"


class SignedIn(HttpRequest):
    """A request whose ``actor`` the gate has set."""

    actor: Actor
