"""退回上一阶段: a stage that was opened by mistake goes one back, with its reason; the trace of all that went back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Actor
from kaoping.accounts.logic import already
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stage_return as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import stage_return as reads
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import stage_return as services
from kaoping.reporting import board
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.years import ReasonForm, SecondForm, act_page, campaign_of, crumbs, require
from kaoping.web.ui.offering import offered
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.lists import Fact
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime


class ReturnForm(ReasonForm):
    """Why, and the stage that the page showed: sent once more it takes nothing else back."""

    stage = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Answer the proposal that waits, else take the stage back or propose it."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    now = clock.now()
    given: dict[str, Any] = {"poll_state": board.poll_state(key, now)}
    proposal = reads.waiting(campaign)
    if proposal is not None:
        return _answer(request, campaign, proposal, given)
    shown = request.POST.get("stage", "") or campaign.stage
    if "agreed" in request.POST or shown != campaign.stage:
        done = reads.done_already(campaign)
        if done is not None:
            return _page(request, campaign, ReturnForm(None), lambda _data: "", done)
    return _return(request, campaign, given)


def _return(request: SignedIn, campaign: Campaign, given: dict[str, Any]) -> HttpResponse:
    alone, wanted = campaign.stage not in logic.BY_TWO, logic.back_to(campaign.stage)

    def run(data: dict[str, Any]) -> str:
        services.return_stage(
            actor=request.actor,
            campaign=campaign,
            reason=data["reason"],
            stage=data["stage"] or None,
            now=clock.now(),
            **given,
        )
        if alone:
            return f"已退回到“{stages.LABELS[campaign.stage]}”。"
        return "已提出退回，等第二签发人或办公室负责人确认。"

    return _page(
        request,
        campaign,
        ReturnForm(request.POST or None, initial={"stage": campaign.stage}),
        run,
        services.return_stage.check(actor=request.actor, campaign=campaign, **given) or "",
        facts=[
            ("退回", f"由“{stages.LABELS[campaign.stage]}”到“{stages.LABELS.get(wanted or '', '')}”"),
            ("办理", "经办一人" if alone else "经办提出，第二签发人或办公室负责人确认"),
        ],
        notice=logic.effect(campaign.stage),
    )


def _answer(
    request: SignedIn, campaign: Campaign, proposal: reads.StepBack, given: dict[str, Any]
) -> HttpResponse:
    def run(data: dict[str, Any]) -> str:
        agreed = data["agreed"] == "yes"
        services.second_stage_return(
            actor=request.actor, campaign=campaign, agreed=agreed, now=clock.now(), **given
        )
        return f"已退回到“{stages.LABELS[campaign.stage]}”。" if agreed else "已记下不同意，阶段不变。"

    locked = (
        services.second_stage_return.check(actor=request.actor, campaign=campaign, agreed=True, **given) or ""
    )
    if request.method == "POST" and "agreed" not in request.POST:
        proposed = already("退回", "提出", proposal.first_by.name, proposal.first_at)
        locked = f"{proposed}等第二签发人或办公室负责人确认。"
    return _page(
        request,
        campaign,
        SecondForm(request.POST or None),
        run,
        locked,
        facts=[
            (
                "退回",
                f"由“{stages.LABELS[proposal.back_from]}”到“{stages.LABELS[proposal.back_to]}”",
            ),
            ("提出", f"{cn_datetime(proposal.first_at)} {proposal.first_by.name}"),
            ("理由", proposal.reason),
        ],
        button="确认",
        notice=logic.effect(proposal.back_from),
    )


def _page(
    request: SignedIn,
    campaign: Campaign,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    locked: str,
    *,
    facts: Iterable[Fact] = (),
    button: str = logic.BUTTON,
    notice: str = "",
) -> HttpResponse:
    back = reverse("desk-advance", args=[campaign.key])
    return act_page(
        request,
        form=form,
        title=f"{campaign.year} 年度考核|{logic.BUTTON}",
        crumbs=crumbs(campaign, ("阶段", back), logic.BUTTON),
        button=button,
        run=run,
        back=back,
        facts=[] if locked else facts,
        locked=locked,
        notice=notice,
        danger=True,
    )


def action(actor: Actor, campaign: Campaign) -> tuple[Action, ...]:
    """The way to this page for whoever has an act there now; ``kind`` none: it is never the next thing to do."""
    url = reverse("desk-stage-back", args=[campaign.key])
    asked = {
        "actor": actor,
        "campaign": campaign,
        "poll_state": board.poll_state(campaign.key, clock.now()),
    }
    if reads.waiting(campaign) is not None:
        may = services.second_stage_return.check(agreed=False, **asked) is None
        return (Action(label="确认退回", url=url, icon="history"),) if may else ()
    if logic.back_to(campaign.stage) is None:
        return ()
    back = Action(label=logic.BUTTON, url=url, icon="history")
    return offered(services.return_stage, back, **asked)


@dataclass(frozen=True, slots=True)
class Returned:
    """A stage that went back, as the page of the stages lists it."""

    way: str
    at: datetime
    by: str
    reason: str


def trace(campaign: Campaign) -> list[Returned]:
    """Every stage of the year that went back, newest first."""
    return [
        Returned(
            f"由“{stages.LABELS[one.back_from]}”到“{stages.LABELS[one.back_to]}”",
            one.end.at,
            "、".join(dict.fromkeys((one.first_by.name, one.end.by.name))),
            one.reason,
        )
        for one in reads.returns(campaign)
    ]
