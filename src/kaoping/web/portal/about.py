"""The accessibility statement: what was made accessible, what was not checked, whom to ask."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement."""
    return render(
        request,
        "portal/accessibility.html",
        {
            "title": "无障碍声明：|做到了什么，|还缺什么",
            "office": settings.KAOPING_OFFICE,
            "phone": settings.KAOPING_OFFICE_PHONE,
        },
    )
