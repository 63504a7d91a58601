"""The foot of every printed sheet: whose page it is and the digest of the day. Margin boxes take their text from CSS only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kaoping.web.portal.published import catalogue_digest
from kaoping.web.portal.serving import public_page
from kaoping.web.ui.wording import short_hash


@require_safe
@public_page
def foot(request: HttpRequest) -> HttpResponse:
    """The style sheet with the text of ``@bottom-left``."""
    digest = catalogue_digest()
    words = f"{settings.KAOPING_CITY}政务公开" + (f" · 今日校验值 {short_hash(digest)}" if digest else "")
    text = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    sheet = f'@page {{ @bottom-left {{ content: "{text}"; font-size: 9pt; }} }}\n'
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")
