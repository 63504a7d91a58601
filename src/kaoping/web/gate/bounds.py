"""Typed words have a length: no field of any form takes more, and who writes more is told how much to cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from kaoping.web.ui.errors import refusal_page
from kaoping.web.ui.parts.refusal import Refusal
from kaoping.web.ui.typed import LONGEST_TEXT, came_from, wants_json

# The net below all forms.
LONGEST: Final = LONGEST_TEXT
# Fields that are no words: a roster or a year's arrangement that its preview page carries back, bounded by its own page.
NO_WORDS: Final = frozenset({"kept", "content"})


class BoundedText:
    """Turns a form away before its view when a field is longer than ``LONGEST``; the words stay on the page before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Asked once the body is parsed and somebody is signed in. A view with ``own_bound`` bounds what it takes itself;
        ``longest`` of a view is a smaller bound, so that whoever cuts a text is told once how far.
        """
        if request.method != "POST" or getattr(view, "own_bound", False):
            return None
        over, most = longest(request), getattr(view, "longest", LONGEST)
        if over <= most:
            return None
        words = f"每栏最多 {most:,} 字，这一栏有 {over:,} 字。"
        if wants_json(request):
            return JsonResponse(
                {"refused": f"有一栏文字太长，{words}写的内容还在本页，请删短，长的材料请作为文件上传。"},
                status=413,
            )
        refusal = Refusal(
            "有一栏文字太长，|没有保存",
            words,
            ("您填的内容还在上一页，请返回删短，长的材料请作为文件上传。",),
            back=came_from(request),
        )
        return refusal_page(request, refusal, status=413)


def longest(request: HttpRequest) -> int:
    """Characters of the longest field of words."""
    return max(
        (len(str(one)) for name, many in request.POST.lists() if name not in NO_WORDS for one in many),
        default=0,
    )
