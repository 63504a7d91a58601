"""The opening of the box: the signed-in opener and a second one at the same screen."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kaoping.accounts import queries as accounts
from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.second_factor.services import check_code, factors
from kaoping.accounts.services import note_failed_sign_in
from kaoping.evaluation import policy, queries
from kaoping.evaluation.services.box import NotUnlocked, open_poll
from kaoping.registry.queries.acting import actor_for
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.evaluation.poll import clock_words, crumbs
from kaoping.web.desk.years import turned_away
from kaoping.web.ui.filled import filled
from kaoping.web.ui.requests import SignedIn, form_status
from kaoping.web.ui.secrets import SecretField

SECRETS: Final = ("own_passphrase", "password", "code", "passphrase")


def _secret(label: str) -> SecretField:
    return SecretField(label, "off", required=f"请由本人输入{label}。")


class OpenForm(forms.Form):
    """The first opener's passphrase; the second opener's name, password and passphrase."""

    own_passphrase = _secret("您的开箱口令")
    username = forms.CharField(
        label="第二位开箱人的登录名",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": "请第二位开箱人输入登录名。"},
    )
    password = _secret("第二位开箱人的登录口令")
    code = forms.CharField(
        label="第二位开箱人的验证码",
        max_length=40,
        required=False,
        help_text="登记过第二重验证的要填：程序上现在的 6 位数字，或口令卡上的一个。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    passphrase = _secret("第二位开箱人的开箱口令")


@never_cache
@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_box(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Two persons, one form; passphrases are never shown again."""
    if not policy.can_open(request.actor, key):
        raise PermissionDenied("开箱由布置评议时指定的两名开箱人办理。")
    poll = queries.poll_of(key) or queries.cancelled(key).first()
    if poll is None:
        raise Http404
    openers = list(queries.openers(poll))
    locked = open_poll.check(first=request.actor, second=None, poll=poll) or ""
    form = OpenForm(request.POST or None)
    sent = not locked and request.method == "POST" and form.is_valid()
    if sent and _open(request, form, poll):
        return redirect("desk-evaluation-year", key)
    refused = request.method == "POST" and locked
    if refused:
        turned_away(request, locked)
    context = {
        "title": "开箱须两人到场" if not locked else "现在不能开箱",
        "crumbs": crumbs(key, "开箱"),
        "form": form,
        "locked": locked,
        "poll": poll,
        "openers": "、".join(share.opener.name for share in openers),
        "sealed": clock_words(poll.sealed_at),
        "has_errors": form.is_bound,
    }
    status = form_status(wrong=form.is_bound, closed=bool(refused))
    return render(request, "desk/evaluation/evaluation_open.html", context, status=status)


def _open(request: SignedIn, form: OpenForm, poll: queries.Poll) -> bool:
    given, now = filled(form), clock.now()
    second = _second(request, form)
    if second is None:
        return False
    try:
        open_poll(
            first=request.actor,
            first_passphrase=given.text("own_passphrase"),
            second=second,
            second_passphrase=given.text("passphrase"),
            poll=poll,
            now=now,
        )
    except NotUnlocked as refusal:
        for field, opener in (("own_passphrase", request.actor), ("passphrase", second)):
            if opener.id in refusal.whose:
                form.add_error(field, f"{opener.name}的开箱口令不对，请本人再输一遍。")
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"{request.actor.name}与{second.name}已开箱，计票结果进了台账。")
    return True


def _second(request: SignedIn, form: OpenForm) -> Actor | None:
    """The second opener, proved by sign-in name and password; wrong ones are throttled like the sign-in page."""
    given = filled(form)
    username = given.text("username")
    proved = authenticate(request, username=username, password=given.text("password"))
    person = accounts.person(str(proved.pk)) if proved is not None else None
    if person is None:
        locked = bool(getattr(request, "axes_locked_out", False))
        note_failed_sign_in(username=username, locked=locked, now=clock.now())
        form.add_error("password", "第二位开箱人的登录名或登录口令不对。连续错几次要等 15 分钟。")
        return None
    if person.must_change_password:
        form.add_error("username", f"{person.name}还没有改首次口令。请先自己登录一次，改好口令再来。")
        return None
    if factors(str(person.pk)).exists():
        words = check_code(person=person, code=given.text("code"))
        if words is not None:
            form.add_error("code", words)
            return None
    return actor_for(person, on=clock.today())
