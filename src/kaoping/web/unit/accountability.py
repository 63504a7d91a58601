"""责任追究: what the unit confirms of itself for its own annual report (政府信息公开条例 第五十条)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused, Stale
from kaoping.campaigns import policy
from kaoping.campaigns.logic import accountability as logic
from kaoping.campaigns.queries import accountability as statements
from kaoping.campaigns.services.accountability import state_accountability
from kaoping.support import clock
from kaoping.web.ui.editing import mark_of, opened_with, panel_of
from kaoping.web.ui.filled import filled
from kaoping.web.ui.numbers import WholeField
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime
from kaoping.web.unit.own import Own, liaisons_page

# One statement is confirmed as a whole, and shown as one where two were written.
_LABELS: Final = {"statement": "责任追究情况"}
ONLY_LIAISON: Final = "责任追究情况由本单位联络员填写、确认。"


class StatementForm(forms.Form):
    """One of three answers; the second with what stands behind it."""

    choice = forms.ChoiceField(
        label="本年有没有因政府信息公开工作被追究责任的情况？",
        choices=list(logic.CHOICES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。"},
    )
    cases = WholeField(
        label="件次",
        required=False,
        error_messages={"invalid": "件次请填整数，如 1，用半角数字。"},
    )
    ways = forms.CharField(
        label="方式",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="如“责令检查 1 件次”。不写姓名。",
    )
    authority = forms.CharField(
        label="依据机关和文书",
        max_length=300,
        required=False,
        help_text="作出决定的机关和文号。不写姓名。",
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One earlier statement: who, when, and what the report then said."""

    by: str
    at: str
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
@liaisons_page(policy.can_state_accountability, ONLY_LIAISON)
def accountability(request: SignedIn, own: Own) -> HttpResponse:
    """State it, and see what was stated before."""
    campaign, unit = own.campaign, own.unit
    before = list(statements.history(campaign, unit.code))
    form = StatementForm(request.POST or None, initial=_initial(before))
    panel: Panel | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _state(request, own, form)
        except Stale as stale:
            panel = panel_of(stale, labels=_LABELS, me=request.actor)
            form.add_error(None, str(stale))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "责任追究情况已保存，写进本单位年度报告文本。")
            return redirect(own.url("unit-report-year"))
    title = f"{campaign.year} 年责任追究情况：|{'可以更改' if before else '还没有填写'}"
    context = {
        "title": title,
        "shell_width": "unit",
        "head": Head(
            title=title,
            crumbs=own.crumbs(("年度报告文本", own.url("unit-report-year")), "责任追究"),
            lead=_lead(unit.kind),
        ),
        "form": form,
        "edition": mark_of(request, statements.said(campaign, unit.code), panel),
        "panel": panel,
        "has_errors": form.is_bound and bool(form.errors),
        "back": own.url("unit-report-year"),
        "before": [_told(row, campaign.year) for row in before],
    }
    return render(request, "unit/accountability.html", context, status=409 if context["has_errors"] else 200)


def _state(request: SignedIn, own: Own, form: StatementForm) -> None:
    given = filled(form)
    state_accountability(
        actor=request.actor,
        campaign=own.campaign,
        unit=own.unit.code,
        opened=opened_with(request),
        now=clock.now(),
        choice=given.text("choice"),
        cases=given.whole_or_none("cases"),
        ways=given.text("ways"),
        authority=given.text("authority"),
    )


def _lead(kind: str) -> str:
    if logic.must_state(kind):
        return "人民政府的年度报告须写明责任追究结果（条例第五十条）。由本机关如实填写，不写姓名。"
    return "条例只要求人民政府的年度报告写明责任追究结果，其他机关可以不列。由本机关如实填写，不写姓名。"


def _initial(before: list[statements.AccountabilityStatement]) -> dict[str, str | int | None]:
    if not before:
        return {}
    last = before[0]
    return {"choice": last.choice, "cases": last.cases, "ways": last.ways, "authority": last.authority}


def _told(row: statements.AccountabilityStatement, year: int) -> Told:
    told = {"choice": row.choice, "cases": row.cases, "ways": row.ways, "authority": row.authority}
    return Told(row.by.name, cn_datetime(row.at), logic.sentence(told, year) or "本报告不列。")
