"""Statements of the outside face: accessibility, and what is kept of a visit and of a ballot."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaoping.support import cookie_names
from kaoping.web.ui.look import CHOICES


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


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whoever reads, hands in a ballot or writes an opinion; the machine log in front is named as what it is."""
    return render(
        request,
        "portal/privacy.html",
        {
            "title": "隐私说明：|存了什么，|谁保管，存多久",
            "token_cookie": cookie_names.OUTSIDE_TOKEN,
            "look_cookies": [f"kp_{name}" for name in CHOICES],
            "office": settings.KAOPING_OFFICE,
            "phone": settings.KAOPING_OFFICE_PHONE,
        },
    )
