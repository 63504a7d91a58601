"""Set a password by a one-time link, and the notice of it at the next sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import unseen_resets
from kaoping.registry.passwords import link_of, refusal_of_link, see_reset, use_link
from kaoping.support import clock
from kaoping.web.gate.middleware import NOTICE
from kaoping.web.gate.passwords import NewPasswordForm
from kaoping.web.ui.errors import refusal_page
from kaoping.web.ui.parts.refusal import Refusal
from kaoping.web.ui.requests import SignedIn


@dataclass(frozen=True, slots=True)
class Told:
    """One setting of the password by a link: when, who asked, who confirmed."""

    words: str


class LinkForm(NewPasswordForm):
    """The 核对码 where there is one, and the new password twice."""

    field_order = ("code", "new", "again")
    code = forms.CharField(
        label="核对码",
        max_length=20,
        required=False,
        help_text="8 位数字，在提出重置的系统管理员那里。",
        error_messages={"required": "请填核对码，它在提出重置的系统管理员那里。没有填不算错一次。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, coded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = coded


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of a link. Reading it uses nothing up; whoever was signed in here is signed out when it is used."""
    link = link_of(secret)
    gone = refusal_of_link(link)
    if gone or link is None:
        return refusal_page(request, Refusal("这个链接打不开", gone or ""), status=410)
    form = LinkForm(request.POST or None, coded=bool(link.code_digest))
    if form.is_valid():
        data = form.cleaned_data
        try:
            use_link(secret=secret, code=data["code"], password=data["new"], now=clock.now())
        except Refused as refusal:
            form.add_error("code" if "核对码" in str(refusal) else "new", str(refusal))
        else:
            logout(request)
            messages.success(request, "口令已设定。请用登录名和新口令登录。")
            return redirect("gate-sign-in")
    context = {
        "title": f"{link.person.name}：设定口令",
        "form": form,
        "username": link.person.username,
        "coded": bool(link.code_digest),
        "has_errors": form.is_bound,
    }
    return render(request, "gate/link.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: SignedIn) -> HttpResponse:
    """When and by whom the password was reset; confirmed by the person, once."""
    if request.method == "POST":
        see_reset(actor=request.actor, now=clock.now())
        request.session.pop(NOTICE, None)
        return redirect("gate-home")
    resets = [(one, one.used_at) for one in unseen_resets(request.actor.id) if one.used_at is not None]
    told = [
        Told(
            f"您的口令于 {clock.beijing_text(used_at)} {_set(one.first)}，由 {one.asked_by} 提出"
            + (f"、{one.confirmed_by} 确认。" if one.confirmed_by else "。")
        )
        for one, used_at in resets
    ]
    if not told:
        request.session.pop(NOTICE, None)
        return redirect("gate-home")
    title = f"您的口令{_set(all(one.first for one, _used_at in resets))}过"
    return render(request, "gate/notice.html", {"title": title, "told": told})


def _set(first: bool) -> str:
    return "设定" if first else "重新设定"
