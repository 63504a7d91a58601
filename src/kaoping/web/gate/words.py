"""Typed words when nobody is signed in any more: sealed for their writer, given back to their writer, shown to nobody else."""

from __future__ import annotations

import json
from inspect import getclosurevars
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kaoping.beijing import BEIJING
from kaoping.support import clock
from kaoping.support.sealing import KEPT_FOR, seal, unseal
from kaoping.web.ui.errors import words_back_page
from kaoping.web.ui.parts.refusal import WordsBack
from kaoping.web.ui.requests import SignedIn, actor_of
from kaoping.web.ui.typed import Typed, came_from, typed_from, typed_in

# Whose words a browser keeps: a signed id in the page, in the cookie of who was here last, and in front of sealed words.
_SALT: Final = "kept words"
# The longest text of all forms together with its fields, several times over.
LARGEST: Final = 256 * 1024
HELD: Final = "held_words"


def keeper_of(person_id: str) -> str:
    """The signed id of a person: lets a page have words sealed for that person, nothing else."""
    return signing.dumps(person_id, salt=_SALT)


def kept_by(keeper: str) -> str:
    """The person of a signed id that is not older than kept words; '' for anything else."""
    try:
        return str(signing.loads(keeper, salt=_SALT, max_age=KEPT_FOR))
    except signing.BadSignature:
        return ""


@never_cache
@require_safe
def here(request: SignedIn) -> JsonResponse:
    """Who is signed in, and a fresh token for the forms of the page: asked before a form is sent."""
    return JsonResponse({"person": request.actor.id, "name": request.actor.name, "csrf": get_token(request)})


@never_cache
@csrf_exempt  # nothing is stored or changed: the words go back to where they came from
@require_POST
def seal_words(request: HttpRequest) -> JsonResponse:
    """Seal words for the person of the page, who may be signed out by now; says who is signed in."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"refused": "内容太长，本机存不下。"}, status=413)
    owner = kept_by(request.POST.get("keeper", ""))
    words = request.POST.get("words", "")
    if not owner or not words:
        return JsonResponse({"refused": "没有内容可存。"}, status=400)
    now = clock.now()
    actor = actor_of(request)
    # Who has to change the password first is not in yet: the panel with that step stays open.
    here = actor.id if actor and not getattr(request.user, "must_change_password", False) else ""
    return JsonResponse(
        {
            "sealed": seal(settings.SECRET_KEY, owner, {"kept": words}, now=now),
            "at": f"{now.astimezone(BEIJING):%H:%M}",
            "here": here,
        }
    )


seal_words.own_bound = True  # type: ignore[attr-defined]


@never_cache
@require_POST
def open_words(request: SignedIn) -> JsonResponse:
    """Words that the browser kept, for the person for whom they were sealed; null for everybody else."""
    if (
        int(request.META.get("CONTENT_LENGTH") or 0) > 4 * LARGEST
    ):  # sealed and written as letters they are longer
        return JsonResponse({"words": None})
    found = unseal(settings.SECRET_KEY, request.actor.id, request.POST.get("sealed", ""), now=clock.now())
    if found is None or "kept" not in found[1]:
        return JsonResponse({"words": None})
    at = found[0].astimezone(BEIJING)
    return JsonResponse({"words": json.loads(found[1]["kept"]), "at": f"{at.month}月{at.day}日 {at:%H:%M}"})


open_words.own_bound = True  # type: ignore[attr-defined]


def hold(request: HttpRequest, owner: str) -> bool:
    """Keep what was sent after the session was over, until its writer signs in here: sealed, in the session to come."""
    typed = typed_in(request, page_of(request))
    if not typed.has_words or len(json.dumps(typed.plain())) > LARGEST:
        return False
    sealed = seal(settings.SECRET_KEY, owner, {"held": typed.plain()}, now=clock.now())
    request.session[HELD] = {"owner": owner, "sealed": sealed}
    return True


def held_for(request: HttpRequest) -> Typed | None:
    """The words that were held for whoever is signed in; somebody else's are dropped unseen."""
    actor, held = actor_of(request), request.session.get(HELD)
    if actor is None or held is None:
        return None
    found = None
    if held["owner"] == actor.id:
        found = unseal(settings.SECRET_KEY, actor.id, held["sealed"], now=clock.now())
    if found is None:
        del request.session[HELD]
        return None
    return typed_from(found[1]["held"])


@never_cache
def held(request: SignedIn) -> HttpResponse:
    """What was sent after the session was over, to be sent again with one click, or let go."""
    typed = held_for(request)
    if typed is None:
        return redirect("gate-home")
    if request.method == "POST":
        del request.session[HELD]
        return redirect(typed.page)
    back = WordsBack(
        "刚才没有提交上，|内容还在",
        "您提交的时候已经退出，内容没有存进去，本平台替您收着。请看过再提交。",
        typed,
        let_go=request.path,
    )
    return words_back_page(request, back, status=200)


def page_of(request: HttpRequest) -> str:
    """The page on which the form of a request stands: where it came from, else its own address, else the front page."""
    came = came_from(request)
    if came and not came.startswith("/sign-in/") and _opens(came):
        return came
    return request.get_full_path() if _opens(request.path) else "/"


def _opens(path: str) -> bool:
    """Whether there is a page at an address, and not only a door for forms."""
    try:
        view: Any = resolve(path.partition("?")[0]).func
    except Resolver404:
        return False
    while view is not None:
        methods = getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True
