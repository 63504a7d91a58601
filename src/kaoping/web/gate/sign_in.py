"""Sign in and out. Failures are throttled by name and address, and every attempt leaves a line in the audit log."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kaoping.accounts import browsers
from kaoping.accounts.city_sign_in import services as city_sign_in
from kaoping.accounts.services import note_failed_sign_in, note_sign_out
from kaoping.support import clock
from kaoping.support.cookie_names import INSIDE_MARK
from kaoping.web.gate import throttle
from kaoping.web.gate.entering import entered
from kaoping.web.gate.middleware import PRESENT
from kaoping.web.gate.second import send_on, stands_between
from kaoping.web.gate.words import HELD
from kaoping.web.ui.requests import actor_of
from kaoping.web.ui.secrets import SecretField

# In the session of whoever came in by the city's sign-in.
BY_CITY: Final = "by_city"
WRONG: Final = "登录名或口令不对。连续错几次，在没有登录过的电脑上要等 15 分钟；忘了口令请找系统管理员重置。"


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="登录名",
        max_length=60,
        error_messages={"required": "请填登录名。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = SecretField("口令", "current-password")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    target = own_page(request, request.POST.get("next") or request.GET.get("next") or "/")
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
            "was_here": PRESENT in request.COOKIES and not form.is_bound,
            "held": HELD in request.session,
            "has_errors": form.is_bound,
            "city": city_sign_in.is_on(),
        },
    )


def _enter(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse | None:
    typed = form.cleaned_data["username"]
    name = browsers.stored_name(typed)
    before = browsers.attempts(now=clock.machine_now(), username=name)
    browser = throttle.known_browser(request, name)
    trusted = throttle.never_shut_out(request, {"username": name})
    person: Any = authenticate(request, username=name, password=form.cleaned_data["password"])
    if person is None:
        locked = bool(getattr(request, "axes_locked_out", False))
        if trusted:
            browsers.count_failure(browser, now=clock.machine_now())
        note_failed_sign_in(username=typed, locked=locked, now=clock.now())
        form.add_error(None, WRONG)
        return None
    if stands_between(request, person):
        return send_on(request, person, target)
    return entered(request, person, target, before)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; only by the button, so that no link signs anybody out."""
    actor = actor_of(request)
    if actor is not None:
        note_sign_out(actor=actor, now=clock.now())
    by_city = BY_CITY in request.session
    logout(request)
    response = redirect("gate-city-left" if by_city else "gate-sign-in")
    response.delete_cookie(PRESENT)
    response.delete_cookie(INSIDE_MARK)
    return response


def own_page(request: HttpRequest, target: str) -> str:
    """An address on this host, else the front page: no link may send people elsewhere after signing in."""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
