"""Theme, 长辈版 and row density: three harmless cookies, set by a plain form and read by the base templates."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kaoping.web.ui.parts.navigation import Look

CHOICES: Final = {
    "theme": ("auto", "light", "dark"),
    "mode": ("standard", "elder"),
    "density": ("compact", "normal", "loose"),
}
YEAR: Final = 365 * 24 * 3600


def look_of(request: HttpRequest) -> Look:
    """The reader's choices; anything else in a cookie is ignored."""
    chosen = {name: request.COOKIES.get(f"kp_{name}", "") for name in CHOICES}
    return replace(Look(), **{name: one for name, one in chosen.items() if one in CHOICES[name]})


# The cookies only change the look, and public pages must not set a CSRF cookie for readers who never post.
@csrf_exempt
@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """Store the choices sent (theme, mode, density) and go back to ``next`` on this host, else to the front page."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else "/")
    for name, allowed in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            response.set_cookie(
                f"kp_{name}", value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
    return response
