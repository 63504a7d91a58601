"""The moment somebody is in: a session of the own, a browser that is known from now on, and what the person is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from kaoping.accounts import browsers
from kaoping.accounts.actor import Actor
from kaoping.accounts.queries import unseen_resets
from kaoping.accounts.second_factor import logic, services
from kaoping.accounts.services import note_sign_in
from kaoping.accounts.sessions import ADDRESS, BROWSER
from kaoping.beijing import day_of
from kaoping.registry.queries.acting import actor_for
from kaoping.support import clock
from kaoping.web.gate import throttle
from kaoping.web.gate.middleware import MUST_ENROL, NOTICE, PRESENT
from kaoping.web.gate.sessions import SEEN
from kaoping.web.gate.words import keeper_of


def entered(
    request: HttpRequest,
    person: Any,
    target: str,
    before: Sequence[browsers.Attempts] = (),
    *,
    by: str = "",
) -> HttpResponse:
    """The person is in: a session of the own, this browser known, and told what happened at the door meanwhile.

    ``by`` names the way in where it was not the password.
    """
    # Gives the session a new key, so that none planted before is worth anything.
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SEEN] = int(clock.machine_now().timestamp())
    request.session[ADDRESS] = throttle.address_of(request)
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:200]
    if unseen_resets(str(person.pk)).exists():
        request.session[NOTICE] = True
    if second_factor_wanted(person):
        first_day = settings.KAOPING_SECOND_FACTOR_FROM
        if first_day and day_of(clock.machine_now()).isoformat() >= first_day:
            request.session[MUST_ENROL] = True
        messages.warning(
            request, "您的岗位要登记第二重验证：请点右上角姓名，到“第二重验证”办理，不用手机也可以。"
        )
    for one in before:
        where = "、".join(one.addresses[:5])
        messages.warning(
            request,
            f"刚才有人用您的登录名试了 {one.count} 次，口令不对，来自 {where}。不是您，请告诉安全管理员。",
        )
    for at, where in services.told_of_reuse(person):
        messages.warning(
            request,
            f"您的一个动态口令用过以后，{clock.beijing_text(at)} 又有人填了一次"
            + (f"，来自 {where}" if where else "")
            + "，没有放行。不是您多按了一次，请改口令并告诉安全管理员。",
        )
    note_sign_in(actor=Actor(str(person.pk), person.get_username(), str(person)), now=clock.now(), by=by)
    response = HttpResponseRedirect(target)
    response.set_cookie(
        PRESENT, keeper_of(str(person.pk)), httponly=True, samesite="Lax", secure=request.is_secure()
    )
    throttle.remember(request, response, person)
    return response


def second_factor_wanted(person: Any) -> bool:
    """Whether the person's roles are to have a second proof, and none is enrolled yet."""
    roles = (role for role, _code in actor_for(person, on=clock.today()).roles)
    if not logic.asked(settings.KAOPING_SECOND_FACTOR, roles):
        return False
    return not services.factors(str(person.pk)).exists()
