"""People: the system administrator makes them, switches them off, asks for links to set passwords; appoints nobody."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kaoping.accounts import policy, queries, services
from kaoping.accounts.actor import Refused
from kaoping.registry.passwords import ask_reset, invite_person, roles_to_come
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.admin.handing import shown_once
from kaoping.web.ui.filled import filled
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.requests import SignedIn, there
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_datetime, points


class PersonForm(forms.Form):
    """A new person, who sets the first password by a one-time link."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填姓名。"})
    username = forms.CharField(
        label="登录名",
        max_length=60,
        help_text="字母、数字、点、横线，2 到 60 个字符，例如 chenjing。不要用身份证号、手机号。",
        error_messages={"required": "请填登录名。"},
    )


def _door(request: SignedIn) -> None:
    if not policy.can_manage_people(request.actor):
        raise PermissionDenied("人员由系统管理员建立和停用。")


def _state(one: queries.Account) -> str:
    if not one.active:
        return "已停用"
    if not one.usable:
        return "待设口令"
    return "待改口令" if one.must_change_password else "可登录"


@require_safe
def people_list(request: SignedIn) -> HttpResponse:
    """Everybody, by sign-in name."""
    _door(request)
    words = request.GET.get("words", "").strip()
    rows = queries.people(words=words)
    if "format" in request.GET:
        cells = [[one.username, one.name, _state(one), one.created_at, one.last_login] for one in rows]
        columns = ["登录名", "姓名", "状态", "建立时间", "最近登录"]
        return download(Table("人员", columns, cells, [f"{len(cells)} 人"]), request.GET["format"])
    table = paged_table(
        columns=["登录名", "姓名", "状态", "最近登录"],
        rows=rows,
        cells=lambda one: [
            Cell(text=one.username, url=reverse("admin-person", args=[one.id])),
            one.name,
            _state(one),
            cn_datetime(one.last_login) if one.last_login else "没有登录过",
        ],
        params=request.GET,
        caption="人员",
        empty=Empty(title="没有找到这样的人。", text="请换个姓名或登录名再查，或新建人员。"),
    )
    return render(
        request,
        "admin/people.html",
        {"title": f"共 {points(table.total)} 人，|岗位由安全管理员授予", "table": table, "words": words},
    )


@never_cache
def new_person(request: SignedIn) -> HttpResponse:
    """Make a person and show the one-time link once."""
    _door(request)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            data = filled(form)
            made = invite_person(
                actor=request.actor, name=data.text("name"), username=data.text("username"), now=clock.now()
            )
        except Refused as refusal:
            form.add_error("username", str(refusal))
        else:
            return shown_once(request, made, "已建立")
    context = {"title": "新建人员", "form": form, "has_errors": form.is_bound}
    return render(request, "admin/person_new.html", context)


@require_safe
def one_person(request: SignedIn, person_id: int) -> HttpResponse:
    """One person, with what may be done."""
    _door(request)
    found = there(queries.person(person_id))
    account = queries.account_of(found)
    return render(
        request,
        "admin/person.html",
        {
            "title": f"{account.name}：{_state(account)}",
            "person": account,
            "own": request.actor.id == str(account.id),
            "kept_on": services.switch_person.check(
                actor=request.actor, person=found, active=False, roles=roles_to_come(found)
            )
            or "",
            "facts": [
                ("登录名", account.username),
                ("建立时间", cn_datetime(account.created_at)),
                ("最近登录", cn_datetime(account.last_login) if account.last_login else "没有登录过"),
            ],
        },
    )


@require_POST
def switch(request: SignedIn, person_id: int) -> HttpResponse:
    """Let a person sign in, or no longer."""
    _door(request)
    found = there(queries.person(person_id))
    active = request.POST.get("active") == "1"
    services.switch_person(
        actor=request.actor, person=found, active=active, roles=roles_to_come(found), now=clock.now()
    )
    messages.success(request, f"{found.name} 已{'启用' if active else '停用，正在用的登录也已失效'}。")
    return redirect("admin-person", person_id)


@never_cache
@require_POST
def reset(request: SignedIn, person_id: int) -> HttpResponse:
    """Ask for a reset: a link at once, or a 核对码 while the security administrator confirms."""
    _door(request)
    made = ask_reset(actor=request.actor, person=there(queries.person(person_id)), now=clock.now())
    return shown_once(request, made, "的口令可以重设" if made.secret else "的重置已提出")
