"""What the screens of a campaign share: its address by year, its doors, and one page for one verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor, Refused, Stale
from kaoping.accounts.doors import somewhere
from kaoping.accounts.services import note_refused_page
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.evidence.logic import MIN_REASON, NOT_PLEDGED
from kaoping.foreign.width import half_width
from kaoping.registry.queries import organisers, short_names_of
from kaoping.scoring import provenance
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.ui.editing import mark_of, panel_of, sent
from kaoping.web.ui.parts.form import Panel
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.requests import SignedIn, pledged

# Lists that are stored as one and shown as one where two people changed them.
LIST_LABELS: Final = {"units": "参评名单"}
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CITY_ONLY: Final = "年度考核由政务公开办、签发人、领导小组、复核人和审计员查看。"


def campaign_of(key: OrganisedYear) -> Campaign:
    """The campaign of an organiser's year, or 404."""
    found = campaigns.of(key)
    if found is None:
        raise Http404
    return found


def term_mark(key: OrganisedYear | None = None) -> str:
    """What stands behind a term that no text gives (整改期限 and its like): open until the plan of that year decided it.

    Without a year, or before that year is planned, the newest plan speaks.
    """
    chosen = campaigns.of(key) or campaigns.current()
    adoption = campaigns.adoption_of(chosen) if chosen else None
    return provenance.standing_mark(adoption)


def require(allowed: bool, words: str = CITY_ONLY) -> None:
    """A page that is not for everybody says for whom it is."""
    if not allowed:
        raise PermissionDenied(words)


def scope_of(actor: Actor, campaign: Campaign) -> set[str] | None:
    """Null for those who see the whole city, else the codes of the branch (考核办法 第九条、第十条)."""
    if policy.can_see_campaign(actor, campaign):
        return None
    require(policy.can_see_branch(actor), "年度考核由政务公开办、主管部门和领导小组查看。")
    return campaigns.visible_units(campaign, actor)


def latest(url_name: str, stage: str) -> Callable[[SignedIn], HttpResponse]:
    """A view that leads to the year in which a screen of ``stage`` is at work, or says that there is no year yet.

    While the next year's plan is written, what concerns the running year opens on the running year.
    """

    @require_safe
    def view(request: SignedIn) -> HttpResponse:
        """That year."""
        actor = request.actor
        require(somewhere(policy.can_see_campaign, actor) or policy.can_see_branch(actor))
        whose = organisers.served(actor)
        current = campaigns.current(whose) if stage == stages.PLAN else campaigns.at_work(stage, whose)
        if current is not None:
            return redirect(url_name, current.key)
        return no_year(request)

    return view


def no_year(request: SignedIn) -> HttpResponse:
    """Before the first plan."""
    context = {"title": "还没有年度考核", "may_plan": somewhere(policy.can_plan, request.actor)}
    return render(request, "desk/no_year.html", context)


def unit_name(code: str) -> str:
    """The register's short name, the code when the register has none."""
    return short_names_of({code}).get(code, code)


def crumbs(campaign: Campaign, *more: str | tuple[str, str]) -> tuple[Crumb, ...]:
    """Where a page stands: the year's board, then what is given as text or (text, address)."""
    return (
        Crumb(label=f"{campaign.year} 年度考核", url=reverse("desk-board-year", args=[campaign.key])),
        *(Crumb(one) if isinstance(one, str) else Crumb(*one) for one in more),
    )


def act_page(
    request: SignedIn,
    *,
    form: forms.Form,
    title: str,
    crumbs: tuple[Crumb, ...],
    button: str,
    run: Callable[[dict[str, Any]], str],
    back: str,
    facts: Iterable[Any] = (),
    notice: str = "",
    locked: str = "",
    danger: bool = False,
    stored: Mapping[str, object] | None = None,
    before: Iterable[Any] = (),
) -> HttpResponse:
    """One form for one verb. A refusal shows the page again with its words and with everything that was typed.

    ``run`` calls the verb and answers with the sentence of success; ``locked`` replaces the form by the reason, and
    what is sent all the same is refused by the verb, or turned away where the form does not say what it wants.
    A form that changes what is ``stored`` carries its edition; ``before`` is what its texts were earlier.
    """
    panel: Panel | None = None
    if request.method == "POST" and stored is not None:
        form.data = sent(request, stored)
    if request.FILES and not form.is_valid() and not pledged(request):  # said with the rest, not after it
        form.add_error(None, NOT_PLEDGED)
    if request.method == "POST" and locked and not form.is_valid():
        turned_away(request, locked)
    # Also where it is locked: the verb refuses, and its refusal is a line of the log.
    if request.method == "POST" and form.is_valid():
        done, words, panel = _done(request, form, run)
        if done is not None:
            messages.success(request, done)
            return redirect(back)
        locked = (locked and words) if words else locked
    context = {
        "title": title,
        "crumbs": crumbs,
        "form": form,
        "button": button,
        "back": back,
        "facts": list(facts),
        "notice": notice,
        "locked": locked,
        "danger": danger,
        "edition": "" if stored is None else mark_of(request, stored, panel),
        "panel": panel,
        "before": list(before),
        "labels": LIST_LABELS,
        "has_errors": form.is_bound and bool(form.errors),
    }
    turned = context["has_errors"] or (request.method == "POST" and locked)
    return render(request, "desk/act.html", context, status=409 if turned else 200)


def _done(
    request: SignedIn, form: forms.Form, run: Callable[[dict[str, Any]], str]
) -> tuple[str | None, str, Panel | None]:
    """The sentence of success, else null; then what was refused, and both texts where the form was stale."""
    try:
        return run(form.cleaned_data), "", None
    except Stale as stale:
        form.add_error(None, str(stale))
        return None, "", panel_of(stale, form=form, labels=LIST_LABELS, me=request.actor)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None, str(refused), None


def turned_away(request: SignedIn, words: str) -> None:
    """A form that was sent where nothing may be done now, and that no verb could read: its line in the log."""
    note_refused_page(actor=request.actor, path=request.path, words=words, now=clock.now())


class YearForm(forms.Form):
    """An act that cannot be undone needs the year typed in."""

    confirm_year = forms.CharField(
        label="请输入年份确认",
        max_length=4,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请输入年份。"},
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.fields["confirm_year"].label = f"请输入年份 {year} 确认"

    def clean_confirm_year(self) -> str:
        """The year itself, nothing else."""
        typed = half_width(str(self.cleaned_data["confirm_year"]))
        if typed != str(self.year):
            raise forms.ValidationError(f"年份不对。请输入 {self.year} 确认。")
        return typed


class ReasonForm(forms.Form):
    """A reason that somebody will read."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )


class PublicReasonForm(YearForm, ReasonForm):
    """An act that the public reads and that cannot be undone: a real reason, and the year typed in."""

    field_order = ("reason", "confirm_year")

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, year=year, **kwargs)
        self.fields["reason"].help_text = f"至少 {MIN_REASON} 个字，公开显示。"


class SecondForm(forms.Form):
    """The second person's answer."""

    agreed = forms.ChoiceField(
        label="意见",
        choices=[("yes", "同意"), ("no", "不同意")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选同意或不同意。"},
    )


def attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A document to be saved under a Chinese name."""
    response = HttpResponse(content, content_type=media_type)
    ending = name.rpartition(".")[2]
    response["Content-Disposition"] = (
        f"attachment; filename=\"kaoping.{ending}\"; filename*=UTF-8''{quote(name)}"
    )
    response["Cache-Control"] = "no-store"
    return response
