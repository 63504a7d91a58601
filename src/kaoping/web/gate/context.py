"""What the shell around every inside page needs: names, navigation, look, clock, the example mark."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from kaoping.accounts.actor import ROLES
from kaoping.accounts.resting import rest_words, resting_link
from kaoping.registry.queries import short_names_of
from kaoping.support import clock, storage
from kaoping.web.gate.navigation import navigation_for
from kaoping.web.gate.words import held_for, keeper_of
from kaoping.web.ui.look import look_of
from kaoping.web.ui.parts.navigation import Brand
from kaoping.web.ui.requests import actor_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for ``ui/base.html`` and ``ui/office.html``."""
    actor = actor_of(request)
    site = f"{settings.KAOPING_CITY.removesuffix('市')}考评"
    common: dict[str, Any] = {
        "brand": Brand(site, reverse("gate-home"), settings.KAOPING_OFFICE),
        "city": settings.KAOPING_CITY,
        "office": settings.KAOPING_OFFICE,
        "office_phone": settings.KAOPING_OFFICE_PHONE,
        "demo": settings.DEMO,
        "cannot_store": storage.glance(settings.DATA).trouble,
        "simulated_now": clock.simulated(settings.DATA),
        "look": look_of(request),
        "look_url": reverse("look"),
        "actor": actor,
    }
    if actor is None:
        return common
    places = short_names_of({code for _role, code in actor.roles if code})
    roles = [
        f"{ROLES[role]}（{places.get(code, code)}）" if code else ROLES[role] for role, code in actor.roles
    ]
    desk = next(iter(places.values())) if len(places) == 1 else settings.KAOPING_OFFICE
    rest = resting_link(actor.id, machine_now=clock.machine_now())
    return common | {
        "resting": rest_words(rest) if rest else "",
        "brand": Brand(site, reverse("gate-home"), desk),
        "nav": navigation_for(actor, request.path),
        "user_name": actor.name,
        "user_role": "、".join(roles),
        "user_menu": [
            {"label": "改口令", "url": reverse("gate-password")},
            {"label": "第二重验证", "url": reverse("gate-factors")},
            {"label": "我的登录", "url": reverse("gate-sessions")},
        ],
        "sign_out_url": reverse("gate-sign-out"),
        "words_keeper": keeper_of(actor.id),
        "words_held": held_for(request) if request.path != reverse("gate-words-held") else None,
    }
