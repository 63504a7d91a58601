"""Which units take part in a year: all at once from the register, and one with the reason."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.queries import replaced_texts
from kaoping.campaigns.logic import plan
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.services import plan as plan_verbs
from kaoping.foreign.glyphs import glyphs
from kaoping.registry import queries as registry
from kaoping.registry.logic import KINDS
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.year.plan_edit import changeable, edit_page
from kaoping.web.ui.days import DayField
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.requests import SignedIn

DEFAULT_KINDS: Final = ("district_government", "department", "institution", "field_office", "authorised_body")


class UnitsForm(forms.Form):
    """Kinds that are assessed, the day of the register, and who is left out."""

    kinds = forms.MultipleChoiceField(
        label="参评的类别",
        choices=[(code, name) for code, name in KINDS.items() if code != "government"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一类单位。"},
    )
    on = DayField("按哪一天的名录")
    excluded = forms.CharField(
        label="不参评的单位",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="每行一家：代码，空格，理由。例如：U12 本年度新设立，不满半年",
    )

    def clean_excluded(self) -> dict[str, str]:
        """Code to reason."""
        made = {}
        for number, line in enumerate(self.cleaned_data["excluded"].splitlines(), start=1):
            code, _space, reason = line.strip().partition(" ")
            if not code:
                continue
            if not glyphs(reason):
                raise forms.ValidationError(f"第 {number} 行没有理由。请在代码后空一格写理由。")
            made[code] = reason.strip()
        return made


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Take the units from the register, by kind."""
    campaign = changeable(request, key)
    rows = list(campaigns.participations(campaign))
    chosen = sorted({row.organisation.kind for row in rows if row.participates}) or list(DEFAULT_KINDS)
    left_out = "\n".join(
        f"{row.organisation.code} {row.reason}"
        for row in rows
        if not row.participates and row.organisation.kind in chosen
    )
    form = UnitsForm(
        request.POST or None, initial={"kinds": chosen, "on": clock.today(), "excluded": left_out}
    )

    def run(data: dict[str, Any]) -> str:
        plan_verbs.set_participation(
            actor=request.actor,
            campaign=campaign,
            kinds=data["kinds"],
            on=data["on"],
            excluded=data["excluded"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"已选定 {sum(campaigns.group_counts(campaign).values())} 家参评单位。逐家的改动在下表。"

    notice = "重新选定会替换下表，逐家改过的分组和理由要重填。" if rows else ""
    return edit_page(
        request,
        campaign,
        plan_verbs.set_participation,
        form,
        "选定参评单位",
        run,
        notice=notice,
        stored=plan_reads.participation(campaign),
        before=replaced_texts("participation", campaign.pk),
    )


class UnitForm(forms.Form):
    """One unit: assessed in a group, or left out for a reason."""

    participates = forms.ChoiceField(
        label="是否参评",
        choices=[("yes", "参评"), ("no", "不参评")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选参评或不参评。"},
    )
    group = forms.CharField(label="分组", max_length=60, required=False, help_text="同组内比较等次。")
    reason = forms.CharField(
        label="不参评的理由", max_length=200, required=False, help_text="如：垂直管理，由上级主管部门考核"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: SignedIn, key: OrganisedYear, code: str) -> HttpResponse:
    """Change one unit."""
    campaign = changeable(request, key)
    organisation = registry.organisation(code)
    if organisation is None:
        raise Http404
    row = campaigns.participations(campaign).filter(organisation__code=code).first()
    initial = {
        "participates": "yes" if row is None or row.participates else "no",
        "group": row.group if row and row.group else plan.GROUP_OF_KIND.get(organisation.kind, "其他"),
        "reason": row.reason if row else "",
    }
    form = UnitForm(request.POST or None, initial=initial)

    def run(data: dict[str, Any]) -> str:
        plan_verbs.change_participation(
            actor=request.actor,
            campaign=campaign,
            organisation=organisation,
            participates=data["participates"] == "yes",
            group=data["group"],
            reason=data["reason"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"已修改 {organisation.short_name}。"

    return edit_page(
        request,
        campaign,
        plan_verbs.change_participation,
        form,
        f"{organisation.short_name}是否参评",
        run,
        stored=plan_reads.participation_of(campaign, organisation),
        before=replaced_texts("participation_of", row.pk) if row else (),
    )
