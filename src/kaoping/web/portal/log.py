"""The audit log's head of each day: a page, the file behind it byte for byte, and a feed that keeps itself elsewhere."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import feedgenerator
from django.views.decorators.http import require_safe

from kaoping.beijing import end_of_day
from kaoping.publication import log_heads
from kaoping.publication.log_heads import DayHead
from kaoping.web.portal.serving import public_page

_SHOWN = 60


@require_safe
@public_page
def log(request: HttpRequest) -> HttpResponse:
    """The newest heads, newest first."""
    heads = _heads()
    context = {
        "title": "审计日志校验值：|每天一个，|公开留存",
        "heads": tuple(reversed(heads[-_SHOWN:])),
        "count": len(heads),
        "office": settings.KAOPING_OFFICE,
    }
    return render(request, "portal/log.html", context)


@require_safe
@public_page
def heads_json(request: HttpRequest) -> HttpResponse:
    """Every head, as the file stands in the published folder: what ``kaoping verify-log --anchors`` takes."""
    try:
        content = (_place() / log_heads.FOLDER / log_heads.FILE).read_bytes()
    except OSError:
        raise Http404 from None
    return HttpResponse(content, content_type="application/json")


@require_safe
@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """The same as Atom; a reader's program fetches and keeps it."""
    page = request.build_absolute_uri(reverse("portal-log"))
    made = feedgenerator.Atom1Feed(
        title=f"{settings.KAOPING_CITY}政务公开考评：审计日志校验值",
        link=page,
        description="每天一个",
        language="zh-CN",
        feed_url=request.build_absolute_uri(),
    )
    for head in reversed(_heads()[-_SHOWN:]):
        made.add_item(
            title=f"{head.day.isoformat()}：第 {head.number} 条",
            link=f"{page}#{head.day.isoformat()}",
            description=_words(head),
            unique_id=f"{page}#{head.day.isoformat()}",
            # The head is the day's last: it is known when the day is over.
            pubdate=end_of_day(head.day),
            updateddate=end_of_day(head.day),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _words(head: DayHead) -> str:
    before = f"；前一个（{head.previous_day.isoformat()}）{head.previous_digest}" if head.previous_day else ""
    return f"到第 {head.number} 条，校验值 {head.digest}{before}"


def _place() -> Path:
    return Path(settings.KAOPING_PUBLISHED)


def _heads() -> list[DayHead]:
    try:
        return log_heads.read(_place())
    except (OSError, ValueError):
        return []
