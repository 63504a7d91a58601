"""What somebody typed and sent in vain: taken out of the request, to be shown back and sent again with one click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kaoping.foreign.glyphs import glyphs
from kaoping.patterns import linear

# Characters that one field of any form takes. Forms ask for less where less is enough.
LONGEST_TEXT: Final = 10_000

# Hidden fields that the form makes anew, and the button of a choice that has to be made again.
_MADE_ANEW: Final = frozenset({"csrfmiddlewaretoken", "words_ticket", "words_held", "take", "clashing"})
# Passwords, passphrases, keys and one-time codes are typed again, never kept.
SECRET: Final = linear(r"password|passphrase|repeat|secret|token|otp|^(code|current|key|new|again)$")
_CODE: Final = linear(r"[A-Za-z0-9_.:;=|-]*")
NAMES: Final = {
    "text": "内容",
    "comment": "评语",
    "claim": "申请理由",
    "note": "情况说明",
    "reason": "理由",
    "decision": "理由",
    "answer": "答复",
    "opinion": "意见",
    "lines": "年度要点",
    "excluded": "不参评的单位",
    "accountability": "责任追究情况",
    "url": "网址",
    "place": "地点",
    "new_place": "名单上没有的地点",
    "name": "名称",
    "title": "标题",
    "networks": "政府网络网段",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it was sent: shown to be read and mended when it is words, else sent along."""

    name: str
    value: str
    label: str

    @property
    def words(self) -> bool:
        """Whether a person would miss it."""
        return bool(glyphs(self.value)) and not _CODE.fullmatch(self.value)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was sent in vain: where it was going, on which page it stands, what was typed, whether it had files."""

    action: str
    page: str
    fields: tuple[Field, ...]
    files: bool

    @property
    def has_words(self) -> bool:
        """Whether there is anything to give back."""
        return any(one.words for one in self.fields)

    def plain(self) -> dict[str, Any]:
        """As JSON, for sealing."""
        return {
            "action": self.action,
            "page": self.page,
            "fields": [[one.name, one.value] for one in self.fields],
            "files": self.files,
        }


def typed_in(request: HttpRequest, page: str) -> Typed:
    """What ``request`` sent, without secrets, tokens and files. ``page`` is where its form stands."""
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _MADE_ANEW and not SECRET.search(name)
        for value in values
    ]
    return _typed(request.get_full_path(), page, pairs, files=bool(request.FILES))


def typed_from(plain: dict[str, Any]) -> Typed:
    """Back from ``Typed.plain``."""
    return _typed(plain["action"], plain["page"], plain["fields"], files=plain["files"])


def _typed(action: str, page: str, pairs: Any, *, files: bool) -> Typed:
    fields = tuple(Field(name, value, NAMES.get(name.rpartition("-")[2], "内容")) for name, value in pairs)
    return Typed(action, page, fields, files)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which can show words in place, and not a browser that opens a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def came_from(request: HttpRequest) -> str:
    """The page of this site from which a request came, as path and query; '' when it came from elsewhere.

    The one reader of where somebody came from: what it answers can be linked to.
    """
    said = request.headers.get("Referer", "")
    if not said or not url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}):
        return ""
    came = urlsplit(said)
    back = came.path + (f"?{came.query}" if came.query else "")
    # Alone, the path of "http://here//there" would lead there.
    own = bool(came.netloc) and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if own else ""


def is_own(request: HttpRequest) -> bool:
    """Whether a form was sent by a page of this site."""
    origin = request.headers.get("Origin")
    if origin is None:
        return bool(came_from(request))
    return origin in (f"http://{request.get_host()}", f"https://{request.get_host()}")
