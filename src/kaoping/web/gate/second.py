"""The second proof at the door: a code of the own program or card, or the certificate that the proxy has verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kaoping.accounts import browsers
from kaoping.accounts.actor import Refused
from kaoping.accounts.city_sign_in import services as city_sign_in
from kaoping.accounts.queries import person as person_by_id
from kaoping.accounts.second_factor import logic, services
from kaoping.accounts.services import note_failed_sign_in
from kaoping.support import clock
from kaoping.support.client_address import is_trusted_proxy
from kaoping.web.gate.entering import entered

# Who has given the right password in this session, and when (seconds of the machine): not signed in yet.
HALF_WAY: Final = "half_way"
_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Somebody between the password and the second proof."""

    person: Any
    target: str


class CodeForm(forms.Form):
    """One code, of a program or of a card."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="程序或令牌上现在的 6 位数字，或口令卡上一个没有用过的。",
        error_messages={"required": "请填验证码。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class ProgramForm(CodeForm):
    """The first code of a program that is being enrolled; a card does not prove it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "刚登记的程序或令牌上现在的 6 位数字；口令卡上的在这里不能用。"


def certificate_of(request: HttpRequest) -> str:
    """The client certificate that a trusted proxy says it has verified; '' for a header that anybody else wrote."""
    names = settings.KAOPING_CERTIFICATE_HEADERS
    if not names or not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
        return ""
    verified, subject, serial = (request.headers.get(name, "") for name in names)
    return logic.certificate_of(subject, serial) if verified == "SUCCESS" else ""


def stands_between(request: HttpRequest, person: Any) -> bool:
    """Whether the right password is not enough for this person here."""
    if not services.factors(str(person.pk)).exists():
        return False
    return not services.holds_certificate(person, certificate_of(request))


def send_on(request: HttpRequest, person: Any, target: str) -> HttpResponse:
    """Keep who gave the right password, and ask for the second proof."""
    request.session[HALF_WAY] = {
        "person": person.pk,
        "at": int(clock.machine_now().timestamp()),
        "to": target,
    }
    return HttpResponseRedirect(reverse("gate-second"))


def half_way(request: HttpRequest) -> HalfWay | None:
    """Who stands between, for five minutes after the password."""
    kept = request.session.get(HALF_WAY)
    if not isinstance(kept, dict):
        return None
    found = person_by_id(kept["person"])
    late = not 0 <= clock.machine_now().timestamp() - kept["at"] < 60 * _MINUTES
    if late or found is None or not found.is_active:
        del request.session[HALF_WAY]
        return None
    return HalfWay(found, kept["to"])


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code."""
    between = half_way(request)
    if between is None:
        return redirect("gate-sign-in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            words = services.check_code(person=between.person, code=form.cleaned_data["code"])
        except Refused as refusal:
            words = str(refusal)
        if words is None:
            del request.session[HALF_WAY]
            before = browsers.attempts(now=clock.machine_now(), username=between.person.username)
            return entered(request, between.person, between.target, before)
        note_failed_sign_in(username=between.person.username, locked=False, now=clock.now())
        form.add_error("code", words)
    city = city_sign_in.bound(str(between.person.pk)) is not None and city_sign_in.can_count_twice()
    context = {"title": "第二重验证", "form": form, "has_errors": form.is_bound, "city": city}
    return render(request, "gate/second.html", context)
