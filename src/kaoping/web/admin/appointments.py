"""Appointments: the security administrator gives and takes roles, with dates."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts import policy
from kaoping.accounts import queries as accounts
from kaoping.accounts.actor import ROLES, Refused
from kaoping.registry import queries
from kaoping.registry.services import appoint, relieve
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.ui.days import DayField
from kaoping.web.ui.filled import filled, offer
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn, there
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_date, points

WHEN: Final = {"now": "现任", "later": "未到任", "past": "已解除"}


class AppointmentForm(forms.Form):
    """Who, which role, where, from when until when."""

    person = forms.ChoiceField(label="人员", error_messages={"required": "请选人员。"})
    role = forms.ChoiceField(
        label="岗位", choices=[("", "请选"), *ROLES.items()], error_messages={"required": "请选岗位。"}
    )
    organisation = forms.ChoiceField(
        label="单位",
        required=False,
        help_text="单位联络员、辖市区主管部门、行业主管部门选所在单位；为别的组织单位办理考核的，选那个组织单位；其余不选。",
    )
    valid_from = DayField("第一天")
    valid_until = DayField("最后一天", help_text="不填表示没有定。", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(one.id), f"{one.name}（{one.username}）") for one in accounts.people() if one.active]
        units = [(one.code, one.short_name) for one in queries.organisations(on=today)]
        offer(self, "person", [("", "请选"), *people])
        offer(self, "organisation", [("", "不选（主办单位、整个平台）"), *units])
        self.fields["valid_from"].initial = today


class RelieveForm(forms.Form):
    """The last day."""

    last_day = DayField("最后一天", help_text="这一天仍然在任，次日起不再有这个岗位。")


def _door(request: SignedIn) -> None:
    if not policy.can_appoint(request.actor):
        raise PermissionDenied("岗位由安全管理员授予和解除。")


@require_safe
def appointments(request: SignedIn) -> HttpResponse:
    """All appointments, those in force first asked for."""
    _door(request)
    today = clock.today()
    when = request.GET.get("when", "now")
    role = request.GET.get("role", "")
    words = request.GET.get("words", "").strip()
    rows = queries.terms(role=role, words=words, when=when if when in WHEN else "", on=today)
    if "format" in request.GET:
        columns = ["登录名", "姓名", "岗位", "单位代码", "单位", "第一天", "最后一天", "状态"]
        cells = [
            [
                one.username,
                one.name,
                ROLES.get(one.role, one.role),
                one.code,
                one.place or "全市",
                one.valid_from,
                one.valid_until,
                WHEN[one.when(today)],
            ]
            for one in rows
        ]
        return download(Table("岗位", columns, cells, [f"截至 {today.isoformat()}"]), request.GET["format"])
    table = paged_table(
        columns=["姓名", "岗位", "单位", "第一天", "最后一天", "状态", ""],
        rows=rows,
        cells=lambda one: _cells(one, today),
        params=request.GET,
        caption="岗位",
        empty=Empty(title="没有这样的任命。", text="请换个条件再查，或授予岗位。"),
    )
    context = {
        "title": f"{WHEN.get(when, '全部')} {points(table.total)} 项任命",
        "table": table,
        "roles": list(ROLES.items()),
        "whens": [*WHEN.items(), ("all", "全部")],
        "chosen": {"role": role, "when": when, "words": words},
    }
    return render(request, "admin/appointments.html", context)


def _cells(one: queries.Term, today: date) -> list[Value]:
    when = one.when(today)
    off = "" if one.active else "账号已停用"
    return [
        Cell(text=one.name, note=off or one.username),
        ROLES.get(one.role, one.role),
        one.place or "全市",
        cn_date(one.valid_from),
        cn_date(one.valid_until) if one.valid_until else "没有定",
        WHEN[when],
        "" if when == "past" else Cell(text="解除", url=reverse("admin-relieve", args=[one.id])),
    ]


def new_appointment(request: SignedIn) -> HttpResponse:
    """Give a role."""
    _door(request)
    form = AppointmentForm(request.POST or None, today=clock.today())
    if form.is_valid():
        data = filled(form)
        person, role = there(accounts.person(data.text("person"))), data.text("role")
        try:
            appoint(
                actor=request.actor,
                person=person,
                role=role,
                organisation=data.text("organisation") or None,
                valid_from=data.day("valid_from"),
                valid_until=data.day_or_none("valid_until"),
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已授予 {person.name}：{ROLES[role]}。")
            return redirect("admin-appointments")
    context = {"title": "授予岗位", "form": form, "has_errors": form.is_bound}
    return render(request, "admin/appointment_new.html", context)


def relieve_one(request: SignedIn, appointment_id: int) -> HttpResponse:
    """End an appointment."""
    _door(request)
    held = there(queries.appointment(appointment_id))
    form = RelieveForm(request.POST or None, initial={"last_day": clock.today()})
    if form.is_valid():
        try:
            relieve(
                actor=request.actor,
                appointment=held,
                last_day=filled(form).day("last_day"),
                now=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已解除 {held.person.name}：{ROLES.get(held.role, held.role)}。")
            return redirect("admin-appointments")
    place = held.organisation.short_name if held.organisation else "全市"
    title = f"解除 {held.person.name}：{ROLES.get(held.role, held.role)}（{place}）"
    context = {"title": title, "form": form, "has_errors": form.is_bound}
    return render(request, "admin/relieve.html", context)
