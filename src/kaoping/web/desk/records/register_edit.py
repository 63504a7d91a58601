"""Change one organisation: its fields, its end, its site's columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kaoping.accounts.actor import Refused, Stale
from kaoping.accounts.queries import replaced_texts
from kaoping.registry import policy, queries, shown
from kaoping.registry.logic import COLUMN_KINDS, KINDS
from kaoping.registry.roster import FIELDS
from kaoping.registry.services import (
    ColumnPlan,
    RosterRefused,
    change_organisation,
    close_organisation,
    set_columns,
)
from kaoping.support import clock
from kaoping.web.ui.days import DayField
from kaoping.web.ui.editing import mark_of, opened_with, panel_of, sent
from kaoping.web.ui.filled import filled, offer
from kaoping.web.ui.numbers import WholeField
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn, form_status

BLANK_COLUMNS = 3
_LABELS: Final = {"columns": "栏目计划"}


def _text(name: str, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=FIELDS[name], required=required, error_messages={"required": f"请填{FIELDS[name]}。"}
    )


class OrganisationForm(forms.Form):
    """Every field of the register but the code; what is wrong with a value is said by the register itself."""

    name = _text("name", required=True)
    short_name = _text("short_name")
    kind = forms.ChoiceField(
        label=FIELDS["kind"], choices=list(KINDS.items()), error_messages={"required": "请选类别。"}
    )
    group = _text("group")
    parent = forms.ChoiceField(label="上级单位", required=False)
    leading_department = forms.ChoiceField(label="主管部门", required=False)
    valid_from = DayField(FIELDS["valid_from"], required=False)
    participates = forms.BooleanField(label="参评", required=False)
    site_url = _text("site_url")
    site_id_code = _text("site_id_code")

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("parent", "leading_department"):
            offer(self, name, _others(code))


class CloseForm(forms.Form):
    """The last day, and who carries on."""

    valid_to = DayField("最后一天")
    successor = forms.ChoiceField(label="承接单位", required=False)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "successor", _others(code))


class ColumnForm(forms.Form):
    """One promised column; an empty name takes it away."""

    name = forms.CharField(label="栏目", required=False, max_length=80)
    url = forms.CharField(label="网址", required=False, max_length=300)
    kind = forms.ChoiceField(label="类别", choices=list(COLUMN_KINDS.items()), required=False)
    period_days = WholeField(
        label="最长不更新天数", required=False, error_messages={"invalid": "天数请填整数，用半角数字。"}
    )


def _others(code: str) -> list[tuple[str, str]]:
    return [("", "没有"), *((one, name) for one, name in queries.short_names().items() if one != code)]


def _door(request: SignedIn, code: str) -> shown.OrganisationRow:
    if not policy.can_change_register(request.actor):
        raise PermissionDenied("单位名录由政务公开办经办修改。")
    found = shown.entry(code)
    if found is None:
        raise Http404
    return found


def _crumbs(found: shown.OrganisationRow, here: str) -> tuple[Crumb, ...]:
    return (
        Crumb("单位名录", reverse("desk-register")),
        Crumb(found.short_name, reverse("desk-organisation", args=[found.code])),
        Crumb(here),
    )


def register_edit(request: SignedIn, code: str) -> HttpResponse:
    """Change the fields."""
    found = _door(request, code)
    initial = {name: found.fields[name] for name in OrganisationForm.base_fields}
    form = OrganisationForm(sent(request, initial) or None, initial=initial, code=code)
    panel: Panel | None = None
    if form.is_valid():
        try:
            change_organisation(
                actor=request.actor,
                code=code,
                values=filled(form).fields,
                opened=opened_with(request),
                now=clock.now(),
            )
        except Stale as stale:
            panel = panel_of(stale, form=form, me=request.actor)
            form.add_error(None, str(stale))
        except RosterRefused as refusal:
            _place(form, refusal)
        else:
            messages.success(
                request, f"{filled(form).text('short_name') or found.short_name} 已改，改动记入审计日志。"
            )
            return redirect("desk-organisation", code)
    context = {
        "title": f"修改{found.name}的登记",
        "crumbs": _crumbs(found, "修改"),
        "form": form,
        "organisation": found,
        "edition": mark_of(request, initial, panel),
        "panel": panel,
        "has_errors": form.is_bound,
    }
    status = form_status(wrong=form.is_bound, closed=panel is not None)
    return render(request, "desk/records/register_edit.html", context, status=status)


def register_close(request: SignedIn, code: str) -> HttpResponse:
    """End an organisation; its past stays."""
    found = _door(request, code)
    initial = {"valid_to": found.valid_to, "successor": found.successor}
    form = CloseForm(sent(request, initial) or None, initial=initial, code=code)
    panel: Panel | None = None
    if form.is_valid():
        given = filled(form)
        try:
            close_organisation(
                actor=request.actor,
                code=code,
                on=given.day("valid_to"),
                successor=given.text("successor"),
                opened=opened_with(request),
                now=clock.now(),
            )
        except Stale as stale:
            panel = panel_of(stale, form=form, me=request.actor)
            form.add_error(None, str(stale))
        except RosterRefused as refusal:
            _place(form, refusal)
        else:
            messages.success(
                request, f"{found.short_name} 的最后一天是 {given.day('valid_to').isoformat()}。"
            )
            return redirect("desk-organisation", code)
    context = {
        "title": f"撤销或合并{found.name}",
        "crumbs": _crumbs(found, "撤销或合并"),
        "form": form,
        "organisation": found,
        "edition": mark_of(request, initial, panel),
        "panel": panel,
        "has_errors": form.is_bound,
    }
    status = form_status(wrong=form.is_bound, closed=panel is not None)
    return render(request, "desk/records/register_close.html", context, status=status)


def register_columns(request: SignedIn, code: str) -> HttpResponse:
    """Replace the column plan of the site."""
    found = _door(request, code)
    stored = [
        {"name": one.name, "url": one.url, "kind": one.kind, "period_days": one.period_days}
        for one in shown.column_rows(code)
    ]
    factory = forms.formset_factory(ColumnForm, extra=BLANK_COLUMNS, max_num=300)
    # What was sent is read by itself: beside what is stored, a form that is sent again would count as left empty.
    forms_given = factory(request.POST) if request.method == "POST" else factory(initial=stored)
    errors: list[Mistake] = []
    panel: Panel | None = None
    if request.method == "POST" and forms_given.is_valid():
        columns = _plan(forms_given)
        try:
            set_columns(
                actor=request.actor,
                code=code,
                columns=columns,
                opened=opened_with(request),
                now=clock.now(),
            )
        except Stale as stale:
            panel = panel_of(stale, labels=_LABELS, me=request.actor)
            errors.append(Mistake(str(stale)))
        except Refused as refusal:
            errors.append(Mistake(str(refusal)))
        else:
            messages.success(request, f"{found.short_name} 的栏目计划有 {len(columns)} 个栏目。")
            return redirect("desk-organisation", code)
    elif request.method == "POST":
        errors += _faults(forms_given)
    return _columns_page(request, found, forms_given, errors, panel)


def _columns_page(
    request: SignedIn,
    found: shown.OrganisationRow,
    given: forms.BaseFormSet[ColumnForm],
    errors: list[Mistake],
    panel: Panel | None,
) -> HttpResponse:
    context = {
        "title": f"{found.name}的栏目计划",
        "crumbs": _crumbs(found, "栏目计划"),
        "formset": given,
        "organisation": found,
        "edition": mark_of(request, queries.columns_said(found.code), panel),
        "panel": panel,
        "before": replaced_texts("columns", found.code),
        "labels": _LABELS,
        "errors": errors,
        "has_errors": bool(errors),
    }
    status = form_status(wrong=bool(errors), closed=panel is not None)
    return render(request, "desk/records/register_columns.html", context, status=status)


def _plan(given: Iterable[forms.Form]) -> list[ColumnPlan]:
    """The columns that the form names; an empty name takes one away."""
    rows = [filled(one) for one in given]
    return [
        ColumnPlan(one.text("name"), one.text("url"), one.text("kind"), one.whole_or_none("period_days") or 0)
        for one in rows
        if one.text("name")
    ]


def _faults(given: Iterable[forms.Form]) -> list[Mistake]:
    return [
        Mistake(f"第 {number} 个栏目：{text}")
        for number, one in enumerate(given, start=1)
        for texts in one.errors.values()
        for text in texts
    ]


def _place(form: forms.Form, refusal: RosterRefused) -> None:
    for fault in refusal.faults:
        form.add_error(fault.key if fault.key in form.fields else None, f"{fault.message}。{fault.remedy}")
