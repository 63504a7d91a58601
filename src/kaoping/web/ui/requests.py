"""The request inside: somebody is signed in, and the middleware has said who."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse

from kaoping.accounts.actor import Actor, Refused
from kaoping.support.tables import MAX_BYTES

PLEDGE_FIELD: Final = "no_secret"
TYPES_HINT: Final = (
    "PDF、OFD、WPS、Word、Excel、PPT、图片、ZIP 等，每份 50 MB 以内。严禁上传国家秘密、工作秘密。"
)


Thing = TypeVar("Thing")
_TAKEN: Final = "kaoping_taken"


def taken(response: HttpResponse) -> HttpResponse:
    """Mark a page as the answer to a form that was stored, where it is shown at once: a form's own page is a refusal."""
    setattr(response, _TAKEN, True)
    return response


def was_taken(response: HttpResponse) -> bool:
    """Whether the form that ``response`` answers was stored: it leads on to another page, or is marked as ``taken``."""
    return response.status_code in (302, 303) or getattr(response, _TAKEN, False)


def form_status(*, wrong: bool, closed: bool = False) -> int:
    """How a page with a form answers: 422 where what was sent has something to mend, 409 where it is not that.

    ``closed``: what the form speaks of was changed meanwhile, or nothing can be done about it now.
    """
    if closed:
        return 409
    return 422 if wrong else 200


def pledged(request: HttpRequest) -> bool:
    """Whether the person ticked that what is handed in holds no secret; asked once an upload."""
    return request.POST.get(PLEDGE_FIELD) == "1"


def table_file(request: HttpRequest) -> UploadedFile[Any]:
    """The file that is to be read as a table. Raises ``Refused`` where there is none, or one that is too large to look at."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Refused("请先选一个 CSV 或 XLSX 文件，不超过 10 MB。")
    size = upload.size or 0
    if size > MAX_BYTES:
        raise Refused(
            f"文件有 {size / 1024**2:.1f} MB，超过 10 MB，没有读。请删去图片和空行，或分成几份再导入。"
        )
    return upload


class SignedIn(HttpRequest):
    """A request whose ``actor`` the gate has set."""

    actor: Actor


def there(found: Thing | None) -> Thing:
    """What the address names, or the page that says that there is nothing of the kind (404)."""
    if found is None:
        raise Http404
    return found


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in, on the pages that open for everybody; null where nobody is."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else None
