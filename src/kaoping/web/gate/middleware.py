"""Everybody inside is signed in; the request carries the actor; a refusal becomes a page in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from kaoping.accounts.actor import Refused
from kaoping.accounts.services import note_refused_page
from kaoping.patterns import linear
from kaoping.registry.queries.acting import actor_for
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock, session_mark
from kaoping.support.cookie_names import INSIDE_MARK
from kaoping.web.gate.words import HELD, hold, kept_by, page_of
from kaoping.web.ui.addresses import NOBODY
from kaoping.web.ui.attachment import FileGone
from kaoping.web.ui.errors import NOT_YOURS, refusal_page
from kaoping.web.ui.parts.refusal import Refusal
from kaoping.web.ui.requests import actor_of, was_taken
from kaoping.web.ui.typed import came_from, wants_json

# These addresses, whole or as the beginning of a path below them.
OPEN: Final = ("/sign-in/", "/static/", "/health/", "/look/", "/words/seal/", "/link/")
OVER: Final = "已退出，内容还在本机。请登录，再接着办。"
# A form says with this field which kept words it carries; the cookie tells the page after it that they were taken.
TICKET: Final = "words_ticket"
SAVED_COOKIE: Final = "kaoping_saved"
HELD_TICKET: Final = "words_held"
ALLOWED_WITH_OLD_PASSWORD: Final = ("/sign-out/", "/password/", *OPEN)
ALLOWED_BEFORE_NOTICE: Final = ("/words/", *ALLOWED_WITH_OLD_PASSWORD)
ALLOWED_BEFORE_ENROLLING: Final = ("/second-factor/", "/words/", *ALLOWED_WITH_OLD_PASSWORD)
# Set at sign-in of who has to enrol a second proof before anything else, and taken away when that is done.
MUST_ENROL: Final = "must_enrol"
# Set at sign-in while somebody has to be told that the password was reset.
NOTICE: Final = "reset_notice"


# Who signed in last in this browser; tells "signed out" from "not here before" once the session is gone.
# Why it is gone is not known: idle time, 我的登录 in another place, a switched-off account, a closed browser.
PRESENT: Final = "kaoping_present"
# Goes with the session's cookie; ``kaoping.config.fronts`` reads it.
_TICKET: Final = linear(r"[0-9a-z]{8,40}")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in: a script is told so; a page is remembered; a form's page is, and its words are held."""
    if wants_json(request):
        return JsonResponse({"over": True, "words": OVER}, status=401)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    owner = kept_by(request.COOKIES.get(PRESENT, ""))
    if owner:
        hold(request, owner)
    return redirect_to_login(page_of(request))


def _told_stored(request: HttpRequest, response: HttpResponse) -> None:
    """A form was taken: the page after it, and the session, forget the words that were kept of it."""
    ticket = request.POST.get(TICKET, "")
    if _TICKET.fullmatch(ticket):
        response.set_cookie(SAVED_COOKIE, ticket, max_age=120, samesite="Lax", secure=request.is_secure())
    if HELD_TICKET in request.POST:
        request.session.pop(HELD, None)


def _marked(request: HttpRequest, response: HttpResponse) -> None:
    """The front, which asks no database, is told by a cookie that this session belongs to somebody: large forms are kept."""
    key, now = request.session.session_key or "", clock.machine_now().timestamp()
    mark, seconds = request.COOKIES.get(INSIDE_MARK, ""), settings.KAOPING_SESSION_HOURS * 3600
    if key and not session_mark.person_of(settings.SECRET_KEY, key, mark, now, seconds / 2):
        mark = session_mark.make(settings.SECRET_KEY, key, str(request.user.pk), now)
        response.set_cookie(INSIDE_MARK, mark, httponly=True, samesite="Lax", secure=request.is_secure())


class SignInRequired:
    """Sets ``request.actor``; sends strangers to the sign-in page, and first-time users to the password page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.actor = actor_for(request.user, on=clock.today())  # type: ignore[attr-defined]
            if request.user.must_change_password and not request.path.startswith(ALLOWED_WITH_OLD_PASSWORD):
                return redirect("/password/")
            if MUST_ENROL in request.session and not request.path.startswith(ALLOWED_BEFORE_ENROLLING):
                return redirect("gate-factors")
            reading = request.method in (
                "GET",
                "HEAD",
            )  # a form that is sent is taken: nobody's words are lost for a notice
            if NOTICE in request.session and reading and not request.path.startswith(ALLOWED_BEFORE_NOTICE):
                return redirect("gate-notice")
        elif not request.path.startswith(OPEN):
            return _to_sign_in(request)
        response = self.get_response(request)
        if request.method == "POST" and was_taken(response):
            _told_stored(request, response)
        if request.user.is_authenticated:
            # Pages behind sign-in stay out of shared caches and of the next person's back button.
            response.setdefault("Cache-Control", "no-store")
            _marked(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> None:
        """Old addresses name a year without whose it is."""
        key = kwargs.get("key")
        if isinstance(key, OrganisedYear) and key.organiser == NOBODY:
            kwargs["key"] = main_year(key.year)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A ``Refused`` from a verb is shown as what it says, with the way back, and so is a file that nobody can read any
        more; a closed door leaves a line in the log."""
        actor = actor_of(request)
        if isinstance(exception, PermissionDenied) and actor is not None:
            note_refused_page(
                actor=actor, path=request.path, words=str(exception) or NOT_YOURS, now=clock.now()
            )
        if isinstance(exception, FileGone):
            status, title, text = 410, exception.title, exception.text
        elif isinstance(exception, Refused):
            status, title, text = 409, "没有办理", str(exception)
        else:
            return None
        if wants_json(request):
            return JsonResponse({"refused": str(exception)}, status=status)
        return refusal_page(request, Refusal(title, text, back=came_from(request)), status=status)
