"""Change one's own password; the first page that a new person sees."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import person
from kaoping.accounts.services import change_password
from kaoping.support import clock
from kaoping.web.gate.passwords import NewPasswordForm
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.secrets import SecretField


class PasswordForm(NewPasswordForm):
    """The present password and the new one, twice."""

    field_order = ("current", "new", "again")
    current = SecretField("现在的口令", "current-password")


@never_cache
@sensitive_post_parameters()
def password(request: SignedIn) -> HttpResponse:
    """The password page."""
    me = person(request.actor.id)
    assert me is not None
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        if not me.check_password(form.cleaned_data["current"]):
            form.add_error("current", "现在的口令不对，请重写。")
        else:
            try:
                change_password(
                    actor=request.actor, person=me, password=form.cleaned_data["new"], now=clock.now()
                )
            except Refused as refusal:
                form.add_error("new", str(refusal))
            else:
                update_session_auth_hash(request, me)
                messages.success(request, "口令已改。其他地方的登录已全部退出。")
                return redirect("gate-home")
    return render(
        request,
        "gate/password.html",
        {
            "title": "先改口令，再办事" if me.must_change_password else "改口令",
            "form": form,
            "forced": me.must_change_password,
            "has_errors": form.is_bound,
        },
    )
