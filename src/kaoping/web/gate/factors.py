"""One's own second proofs: what is enrolled, enrolling a program, a card or a certificate, giving one up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaoping.accounts.actor import Refused
from kaoping.accounts.city_sign_in import services as city_sign_in
from kaoping.accounts.second_factor import logic, services
from kaoping.support import clock
from kaoping.web.gate.middleware import MUST_ENROL
from kaoping.web.gate.second import ProgramForm, certificate_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

ISSUER: Final = "政务公开考评"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One kind that counts."""

    kind: str
    words: str
    since: str
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """All of one's own, and what can be added."""

    asked: bool
    rows: Sequence[Enrolled]
    certificate: str
    certificates_read: bool
    city: bool
    city_worth: str
    city_weak: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """A key that waits for its first code: as a picture and as text."""

    picture_url: str
    text: str


def asked_of(request: SignedIn) -> bool:
    """Whether this person's roles are to have a second proof here."""
    return logic.asked(settings.KAOPING_SECOND_FACTOR, (role for role, _code in request.actor.roles))


@never_cache
@require_safe
def factors(request: SignedIn) -> HttpResponse:
    """The list."""
    left = services.codes_left(request.actor.id)
    rows = [
        Enrolled(
            one.kind,
            logic.KINDS[one.kind],
            cn_datetime(one.confirmed_at),
            f"还有 {left} 个没有用" if one.kind == logic.CARD else "",
        )
        for one in services.factors(request.actor.id)
        if one.confirmed_at is not None
    ]
    bound = city_sign_in.bound(request.actor.id)
    page = Page(
        asked_of(request),
        rows,
        certificate_of(request),
        bool(settings.KAOPING_CERTIFICATE_HEADERS),
        city_sign_in.is_on(),
        "那边做过两重验证的，抵这里的口令和第二重验证。"
        if city_sign_in.can_count_twice()
        else "从那边登录只抵口令，第二重验证照旧。",
        cn_datetime(bound.made_at) if bound and bound.confirmed_at is None else "",
    )
    title = "第二重验证：|还没有登记" if not rows else f"第二重验证：|已登记 {len(rows)} 种"
    return render(request, "gate/factors.html", {"title": title, "page": page})


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def program(request: SignedIn) -> HttpResponse:
    """Enrol a program or token: the key as picture and text, and its first code."""
    form = ProgramForm(request.POST or None)
    if form.is_valid():
        try:
            services.confirm_totp(actor=request.actor, code=form.cleaned_data["code"], now=clock.now())
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session.pop(MUST_ENROL, None)
            messages.success(request, "已登记。下次登录要填程序上的 6 位数字。")
            return redirect("gate-factors")
    key = services.fresh_key(request.actor.id)
    text = logic.secret_text(key)
    fresh = Fresh(
        _picture(logic.address(key, name=request.actor.username, issuer=ISSUER)),
        " ".join(text[at : at + 4] for at in range(0, len(text), 4)),
    )
    context = {"title": "登记动态口令", "form": form, "fresh": fresh, "has_errors": form.is_bound}
    return render(request, "gate/factor_program.html", context)


@never_cache
@require_POST
def card(request: SignedIn) -> HttpResponse:
    """Make a card and show it once, for the printer."""
    now = clock.now()
    codes = services.make_card(actor=request.actor, now=now)
    request.session.pop(MUST_ENROL, None)
    context = {
        "title": f"口令卡 {len(codes)} 个，|只显示这一次",
        "codes": codes,
        "name": request.actor.name,
        "username": request.actor.username,
        "made_on": clock.beijing_text(now),
    }
    return render(request, "gate/factor_card.html", context)


@require_POST
def certificate(request: SignedIn) -> HttpResponse:
    """Bind the certificate with which this page was asked for."""
    services.bind_certificate(actor=request.actor, certificate=certificate_of(request), now=clock.now())
    request.session.pop(MUST_ENROL, None)
    messages.success(request, "证书已登记。以后插着这个 UKey 登录，只要口令。")
    return redirect("gate-factors")


@require_POST
def give_up(request: SignedIn, kind: str) -> HttpResponse:
    """Take one kind back."""
    if kind not in logic.KINDS:
        raise Http404
    services.give_up(actor=request.actor, kind=kind, required=asked_of(request), now=clock.now())
    messages.success(request, "已取消。")
    return redirect("gate-factors")


def _picture(address: str) -> str:
    """The picture as a data address: an image of the page, without script and without a request of its own."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff"))
