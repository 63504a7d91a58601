"""What the shell around every inside page needs: names, navigation, look, clock, the example mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from kaoping.accounts.actor import OF_AN_ORGANISER, ROLES, Actor
from kaoping.accounts.resting import rest_words, resting_link
from kaoping.registry.queries import short_names_of
from kaoping.registry.queries.organisers import offices
from kaoping.support import clock, storage
from kaoping.web.gate.navigation import navigation_for
from kaoping.web.gate.words import held_for, keeper_of
from kaoping.web.ui.look import look_of
from kaoping.web.ui.parts.navigation import Brand, Member, NavLink
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
    served = set(actor.organisers)
    named = offices(served, main=actor.main)
    places = short_names_of({code for role, code in actor.roles if code and role not in OF_AN_ORGANISER})
    desks = [*named.values(), *places.values()]
    desk = desks[0] if len(desks) == 1 else settings.KAOPING_OFFICE
    rest = resting_link(actor.id, machine_now=clock.machine_now())
    return common | {
        "resting": rest_words(rest) if rest else "",
        "brand": Brand(site, reverse("gate-home"), desk),
        "nav": navigation_for(actor, request.path),
        "member": _member(actor, named | places),
        "words_keeper": keeper_of(actor.id),
        "words_held": held_for(request) if request.path != reverse("gate-words-held") else None,
    }


def _member(actor: Actor, places: Mapping[str, str]) -> Member:
    """Who is signed in, with the roles and the places for which they are held."""
    own = ("", actor.main)  # said by the page's head already
    roles = [
        ROLES[role] if code in own else f"{ROLES[role]}（{places.get(code, code)}）"
        for role, code in actor.roles
    ]
    return Member(
        actor.name,
        "、".join(roles),
        (
            NavLink("改口令", reverse("gate-password")),
            NavLink("第二重验证", reverse("gate-factors")),
            NavLink("我的登录", reverse("gate-sessions")),
        ),
        reverse("gate-sign-out"),
    )
