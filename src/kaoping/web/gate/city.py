"""The city's sign-in at the door: the way there, the way back, binding the own identity, and leaving there too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts import browsers
from kaoping.accounts.city_sign_in import logic, services
from kaoping.accounts.city_sign_in.logic import Asked, Failed, Identity
from kaoping.accounts.services import note_failed_sign_in
from kaoping.support import clock
from kaoping.web.gate.entering import entered
from kaoping.web.gate.middleware import MUST_ENROL
from kaoping.web.gate.second import HALF_WAY, half_way, send_on, stands_between
from kaoping.web.gate.sign_in import BY_CITY, own_page
from kaoping.web.ui.errors import refusal_page
from kaoping.web.ui.parts.refusal import Refusal
from kaoping.web.ui.requests import SignedIn, actor_of

NAME: Final = "统一身份认证"
COOKIE: Final = "kaoping_city"
# With which identity somebody who is signed in came back, until the form that binds it is sent.
PROOF: Final = "city_proof"
_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class Binding:
    """An identity that waits for its form."""

    identity: Identity
    claim: str


@never_cache
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """Send the browser to the city: to sign in, for the second proof, or for binding the own identity (``for``)."""
    purpose = request.GET.get("for", logic.ENTER)
    person, target = "", own_page(request, request.GET.get("next") or "/")
    actor = actor_of(request)
    between = half_way(request) if purpose == logic.SECOND else None
    if purpose == logic.BIND and actor is not None:
        person = actor.id
    elif between is not None:
        person, target = str(between.person.pk), between.target
    elif purpose != logic.ENTER:
        return redirect("gate-sign-in")
    elif actor is not None:
        return redirect(target)
    try:
        sent = services.send(purpose=purpose, back=_back(request), target=target, person=person)
    except Failed as failed:
        return _came_to_nothing(request, str(failed))
    response = HttpResponseRedirect(sent.url)
    response.set_cookie(
        COOKIE,
        sent.kept,
        max_age=int(logic.ANSWER_WITHIN.total_seconds()),
        path=reverse("gate-city"),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """The way back: what the city says is checked, and then it depends on what it was asked for. An answer counts once."""
    try:
        asked, identity = services.read_answer(
            kept=request.COOKIES.get(COOKIE, ""), answer=request.GET.dict(), back=_back(request)
        )
        response = _arrived(request, asked, identity)
    except Failed as failed:
        response = _came_to_nothing(request, str(failed))
    response.delete_cookie(COOKIE, path=reverse("gate-city"))
    return response


def _arrived(request: HttpRequest, asked: Asked, identity: Identity) -> HttpResponse:
    if asked.purpose == logic.BIND:
        return _to_be_bound(request, asked, identity)
    if asked.purpose == logic.SECOND:
        return _proved(request, asked, identity)
    person = services.person_of(identity)
    if person is None:
        note_failed_sign_in(username=NAME, locked=False, now=clock.now())
        raise Failed(logic.NOT_BOUND)
    if not person.is_active:
        note_failed_sign_in(username=person.username, locked=False, now=clock.now())
        raise Failed("您在本平台的账号已停用。要恢复，请找本单位联络员转告系统管理员。")
    if not identity.strong and stands_between(request, person):
        return send_on(request, person, asked.target)
    return _in(request, person, asked.target)


def _proved(request: HttpRequest, asked: Asked, identity: Identity) -> HttpResponse:
    """The second proof of somebody who gave the right password a moment ago in this browser."""
    between = half_way(request)
    if between is None or str(between.person.pk) != asked.person:
        raise Failed("口令输过 5 分钟以上了，请从登录页重新进。")
    words = ""
    if not services.proves(between.person, identity):
        words = logic.SOMEBODY_ELSE
    elif not identity.strong:
        words = logic.NOT_STRONG
    if words:
        note_failed_sign_in(username=between.person.username, locked=False, now=clock.now())
        raise Failed(words)
    del request.session[HALF_WAY]
    return _in(request, between.person, between.target)


def _in(request: HttpRequest, person: Any, target: str) -> HttpResponse:
    before = browsers.attempts(now=clock.machine_now(), username=person.username)
    response = entered(request, person, target, before, by=NAME)
    request.session[BY_CITY] = True
    return response


def _to_be_bound(request: HttpRequest, asked: Asked, identity: Identity) -> HttpResponse:
    """Not bound yet: a link somewhere else may have led here; the person says so on a form of our own."""
    actor = actor_of(request)
    if actor is None or actor.id != asked.person:
        raise Failed("登记统一身份要先登录本平台。请登录后，在右上角姓名→“第二重验证”里再登记。")
    request.session[PROOF] = {
        "person": actor.id,
        "issuer": identity.issuer,
        "value": identity.value,
        "strong": identity.strong,
        "at": int(clock.machine_now().timestamp()),
    }
    return redirect("gate-factor-city")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: SignedIn) -> HttpResponse:
    """Show the identity with which the person came back, and bind it by the person's own form."""
    binding = _waiting(request)
    if binding is None:
        return redirect("gate-factors")
    if request.method == "POST":
        del request.session[PROOF]
        services.bind(actor=request.actor, found=binding.identity, now=clock.now())
        if binding.identity.strong:
            request.session.pop(MUST_ENROL, None)
        messages.success(request, "统一身份已登记。以后可以从统一身份认证登录。")
        return redirect("gate-factors")
    return render(request, "gate/factor_city.html", {"title": "登记统一身份", "binding": binding})


def _waiting(request: SignedIn) -> Binding | None:
    kept = request.session.get(PROOF)
    if not isinstance(kept, dict) or not services.is_on():
        return None
    late = not 0 <= clock.machine_now().timestamp() - kept["at"] < 60 * _MINUTES
    if late or kept["person"] != request.actor.id:
        del request.session[PROOF]
        return None
    return Binding(Identity(kept["issuer"], kept["value"], kept["strong"]), services.claim())


@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Signed out here; the city still keeps its own session, which the next person at this machine would walk in with."""
    url = services.leave_url(back=request.build_absolute_uri(reverse("gate-sign-in")))
    return render(request, "gate/city_left.html", {"title": "已退出本平台", "leave_url": url})


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("gate-city-back"))


def _came_to_nothing(request: HttpRequest, words: str) -> HttpResponse:
    back = reverse("gate-factors" if actor_of(request) else "gate-sign-in")
    return refusal_page(request, Refusal(f"{NAME}没有办成", words, back=back), status=403)
