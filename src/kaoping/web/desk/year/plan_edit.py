"""Parts of a plan that is not approved yet: its 要点, its rulebook, its timetable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.queries import replaced_texts
from kaoping.campaigns import policy
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import plan as plan_verbs
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.year.plan import columns_of
from kaoping.web.desk.year.plan_new import (
    LEVEL_HINT,
    ONLY_HANDLER,
    TIMETABLE_HINT,
    chosen_rulebook,
    rulebook_choices,
)
from kaoping.web.desk.years import act_page, campaign_of, crumbs, require
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.offering import Asked
from kaoping.web.ui.requests import SignedIn


class PrioritiesForm(forms.Form):
    """One 要点 a line, with the code of the item it bears on."""

    lines = forms.CharField(
        label="年度要点",
        help_text="每行一条。涉及某项指标的，行末写竖线和它在规则集里的代码：做好政策解读｜代码",
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": "请至少写一条要点。"},
    )

    def __init__(self, *args: Any, codes: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes

    def clean_lines(self) -> list[tuple[str, str]]:
        """(text, item code) a line. A code that the rulebook does not have is named."""
        made = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not glyphs(line):
                continue
            text, _bar, code = line.replace("｜", "|").rpartition("|")
            text, code = (text.strip(), code.strip()) if _bar else (line.strip(), "")
            if code and code not in self.codes:
                raise forms.ValidationError(
                    f"第 {number} 行的代码“{code}”不在规则集里。请改为规则集的指标代码，或去掉竖线。"
                )
            made.append((text, code))
        return made


@require_http_methods(["GET", "HEAD", "POST"])
def priorities(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The year's 要点."""
    campaign = changeable(request, key)
    stored = plan_reads.priorities(campaign)
    codes = {column.code for column in columns_of(campaign)}
    form = PrioritiesForm(request.POST or None, initial=stored, codes=codes)

    def run(data: dict[str, Any]) -> str:
        plan_verbs.set_priorities(
            actor=request.actor,
            campaign=campaign,
            lines=data["lines"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"已保存 {len(data['lines'])} 条要点。"

    return edit_page(
        request,
        campaign,
        plan_verbs.set_priorities,
        form,
        "填写年度要点",
        run,
        stored=stored,
        before=replaced_texts("priorities", campaign.pk),
    )


class RulebookForm(forms.Form):
    """An adopted version, or one that is shipped and will be adopted."""

    rulebook = forms.ChoiceField(
        label="规则集", widget=forms.RadioSelect, error_messages={"required": "请选规则集。"}
    )

    def __init__(self, *args: Any, organiser: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rulebook"].choices = rulebook_choices(organiser)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def rulebook(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Choose the rulebook version."""
    campaign = changeable(request, key)
    stored = plan_reads.rulebook(campaign)
    form = RulebookForm(request.POST or None, initial=stored, organiser=key.organiser)

    def run(data: dict[str, Any]) -> str:
        version = chosen_rulebook(request, data["rulebook"])
        plan_verbs.set_rulebook(
            actor=request.actor,
            campaign=campaign,
            rulebook=version,
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"规则集改为 {version.title} {version.version}。"

    return edit_page(request, campaign, plan_verbs.set_rulebook, form, "选定规则集", run, stored=stored)


class TimetableForm(forms.Form):
    """Timetable and level of publication."""

    timetable = forms.ChoiceField(
        label="时间安排",
        choices=[(code, f"{code} {name}") for code, name in campaigns.TIMETABLES.items()],
        widget=forms.RadioSelect,
        help_text=TIMETABLE_HINT,
        error_messages={"required": "请选“A 年底”或“B 次年初”。"},
    )
    level = forms.ChoiceField(
        label="公开范围",
        choices=list(campaigns.PUBLICATION_LEVELS.items()),
        widget=forms.RadioSelect,
        help_text=LEVEL_HINT,
        error_messages={"required": "请选公开到哪一级。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def timetable(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Choose A or B, and what will be published."""
    campaign = changeable(request, key)
    form = TimetableForm(
        request.POST or None, initial={"timetable": campaign.timetable, "level": campaign.publication_level}
    )

    def run(data: dict[str, Any]) -> str:
        plan_verbs.set_timetable(
            actor=request.actor,
            campaign=campaign,
            timetable=data["timetable"],
            publication_level=data["level"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return "时间安排和公开范围已保存。"

    return edit_page(
        request,
        campaign,
        plan_verbs.set_timetable,
        form,
        "选定时间安排和公开范围",
        run,
        stored=plan_reads.timetable(campaign),
    )


def changeable(request: SignedIn, key: OrganisedYear) -> Campaign:
    """The year, for a person who makes its plan. Raises ``PermissionDenied``."""
    campaign = campaign_of(key)
    require(policy.can_plan(request.actor, key), ONLY_HANDLER)
    return campaign


def edit_page(
    request: SignedIn,
    campaign: Campaign,
    verb: Asked,
    form: forms.Form,
    title: str,
    run: Callable[[dict[str, Any]], str],
    *,
    notice: str = "",
    stored: Mapping[str, str],
    before: Iterable[Any] = (),
) -> HttpResponse:
    """The page of one part of the plan, by the verb that changes it."""
    return act_page(
        request,
        form=form,
        title=title,
        crumbs=crumbs(campaign, ("年度方案", reverse("desk-plan-year", args=[campaign.key])), title),
        button="保存",
        run=run,
        back=reverse("desk-plan-year", args=[campaign.key]),
        locked=verb.check(actor=request.actor, campaign=campaign) or "",
        notice=notice,
        stored=stored,
        before=before,
    )
