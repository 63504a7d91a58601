"""Sign in and out. Failures are throttled by name and address, and every attempt leaves a line in the audit log."""

from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.accounts.actor import Actor
from kaoping.accounts.services import note_failed_sign_in, note_sign_in, note_sign_out
from kaoping.support import clock
from kaoping.support.client_address import of_request
from kaoping.web.gate.middleware import PRESENT
from kaoping.web.gate.sessions import SEEN
from kaoping.web.gate.words import HELD, keeper_of


def address_of(request: HttpRequest) -> str:
    """Whose failures are counted together with the name: the client's address (``AXES_CLIENT_IP_CALLABLE``)."""
    return of_request(request.META)


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="登录名",
        max_length=60,
        error_messages={"required": "请填登录名。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="口令",
        max_length=200,
        strip=False,
        error_messages={"required": "请填口令。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    target = _safe(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        response = _enter(request, form, target)
        if response is not None:
            return response
    return render(
        request,
        "gate/sign_in.html",
        {
            "title": "登录",
            "form": form,
            "next": target,
            "away_too_long": PRESENT in request.COOKIES and not form.is_bound,
            "held": HELD in request.session,
            "has_errors": form.is_bound,
        },
    )


def _enter(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse | None:
    username = form.cleaned_data["username"]
    person = authenticate(request, username=username, password=form.cleaned_data["password"])
    if person is None:
        locked = bool(getattr(request, "axes_locked_out", False))
        note_failed_sign_in(username=username, locked=locked, now=clock.now())
        form.add_error(None, "登录名或口令不对。连续错 8 次会暂停登录 15 分钟；忘了口令请找系统管理员重置。")
        return None
    login(request, person)  # gives the session a new key, so that none planted before is worth anything
    request.session[SEEN] = int(clock.machine_now().timestamp())
    note_sign_in(actor=Actor(str(person.pk), person.get_username(), str(person)), now=clock.now())
    response = HttpResponseRedirect(target)
    response.set_cookie(
        PRESENT, keeper_of(str(person.pk)), httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; only by the button, so that no link signs anybody out."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None:
        note_sign_out(actor=actor, now=clock.now())
    logout(request)
    response = redirect("gate-sign-in")
    response.delete_cookie(PRESENT)
    return response


def _safe(request: HttpRequest, target: str) -> str:
    """An address on this host, else the front page: no link may send people elsewhere after signing in."""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
