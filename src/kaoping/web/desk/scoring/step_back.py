"""退回复核申请: take up a result that was sent back, or take a signature back by two persons, before it is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Actor
from kaoping.accounts.logic import already
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic import step_back as step_back_logic
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import step_back as services
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.years import ReasonForm, SecondForm, act_page, campaign_of, crumbs, require
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.lists import Fact
from kaoping.web.ui.parts.notice import Notice
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

BECOMES: Final = (
    "退回后：计分表的签发作废，已经生成的发布包保留，标明“未公开，已退回”，不能再公开；呈批表上的签批不再有效。"
    "要重新计算计分表，由第二人签发，冻结为下一个发布包，再呈批、公开。其间改分只能经复核、审定改分（两人）或审定撤回（两人）。"
)
BECOMES_CORRECTION: Final = (
    "退回后：更正计分表的签发作废，已经生成的发布包保留，标明“未公开，已退回”，不能再公开；已公开的结果不变。"
    "可以再改、重算、重新签发，也可以作罢。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The act that is open now: answer a proposal, take up what was sent back, or propose."""
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    waiting = step_backs.proposal(campaign)
    if waiting is not None:
        return _answer(request, campaign, waiting)
    # A form that was made for an answer, or for a result that has gone back since, does nothing a second time.
    if "agreed" in request.POST or step_backs.unpublished(campaign) is None:
        done = step_backs.done_already(campaign)
        if done is not None:
            return _page(request, campaign, ReasonForm(None), lambda _data: "", done, facts=[])
    row = step_backs.returned(campaign)
    if row is not None and step_backs.unpublished(campaign) is not None:
        return _bring_back(request, campaign, row)
    return _propose(request, campaign)


def _bring_back(request: SignedIn, campaign: Campaign, row: step_backs.Approval) -> HttpResponse:
    def run(data: dict[str, Any]) -> str:
        services.bring_back(actor=request.actor, campaign=campaign, reason=data["reason"], now=clock.now())
        return f"已退回。{_next(campaign)}"

    return _page(
        request,
        campaign,
        ReasonForm(request.POST or None),
        run,
        services.bring_back.check(actor=request.actor, campaign=campaign) or "",
        facts=[("呈批表退回", f"{cn_datetime(row.at)} {row.by.name}：{row.opinion}")],
    )


def _propose(request: SignedIn, campaign: Campaign) -> HttpResponse:
    def run(data: dict[str, Any]) -> str:
        made = services.propose_back(
            actor=request.actor, campaign=campaign, reason=data["reason"], now=clock.now()
        )
        other = step_back_logic.HEAD if made.first_role == step_back_logic.SIGNER else step_back_logic.SIGNER
        return f"已提出退回，等{step_back_logic.ROLE_WORDS[other]}确认。"

    return _page(
        request,
        campaign,
        ReasonForm(request.POST or None),
        run,
        services.propose_back.hindrance(actor=request.actor, campaign=campaign)
        or services.propose_back.check(actor=request.actor, campaign=campaign)
        or "",
        facts=[("办理", "第二签发人和办公室负责人两人办理：一人提出，另一人确认")],
    )


def _answer(request: SignedIn, campaign: Campaign, waiting: step_backs.StepBack) -> HttpResponse:
    def run(data: dict[str, Any]) -> str:
        agreed = data["agreed"] == "yes"
        services.second_back(actor=request.actor, campaign=campaign, agreed=agreed, now=clock.now())
        return f"已退回。{_next(campaign)}" if agreed else "已记下不同意，签发不变。"

    return _page(
        request,
        campaign,
        SecondForm(request.POST or None),
        run,
        _proposed_already(request, waiting)
        or services.second_back.check(actor=request.actor, campaign=campaign, agreed=True)
        or "",
        facts=[
            (
                "提出",
                f"{cn_datetime(waiting.first_at)} {step_back_logic.ROLE_WORDS[waiting.first_role]} {waiting.first_by.name}",
            ),
            ("理由", waiting.reason),
        ],
        button="确认",
    )


def _proposed_already(request: SignedIn, waiting: step_backs.StepBack) -> str:
    """A proposal sent once more is not made twice, and its proposer reads when it was made."""
    if "agreed" in request.POST or request.actor.id != str(waiting.first_by_id):
        return ""
    other = step_back_logic.HEAD if waiting.first_role == step_back_logic.SIGNER else step_back_logic.SIGNER
    return f"{already('退回', '提出', waiting.first_by.name, waiting.first_at)}等{step_back_logic.ROLE_WORDS[other]}确认。"


def _next(campaign: Campaign) -> str:
    if campaign.stage == stages.PUBLISHED:
        return "更正可以再改、重算、重新签发，也可以作罢。"
    return "现在是“复核申请”阶段：改分在“审定改分”办理，改好后在“评分”重新计算计分表。"


def _page(
    request: SignedIn,
    campaign: Campaign,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    locked: str,
    *,
    facts: Sequence[Fact],
    button: str = "",
) -> HttpResponse:
    back = reverse("desk-publication-year", args=[campaign.key])
    named = step_back_logic.button(campaign.stage)
    return act_page(
        request,
        form=form,
        title=f"{campaign.year} 年度{'' if campaign.stage == stages.PUBLISHED else '结果'}{named}",
        crumbs=crumbs(campaign, ("发布", back), named),
        button=button or named,
        run=run,
        back=back,
        facts=[] if locked else facts,
        locked=locked,
        notice=BECOMES_CORRECTION if campaign.stage == stages.PUBLISHED else BECOMES,
        danger=True,
    )


def actions(actor: Actor, campaign: Campaign) -> tuple[Action, ...]:
    """The button on the publication's page, for whoever has an act there."""
    if step_backs.unpublished(campaign) is None:
        return ()
    if step_backs.proposal(campaign) is not None:
        words = services.second_back.check(actor=actor, campaign=campaign, agreed=True)
    elif step_backs.returned(campaign) is not None:
        words = services.bring_back.check(actor=actor, campaign=campaign)
    else:
        words = services.propose_back.check(actor=actor, campaign=campaign)
    named = step_back_logic.button(campaign.stage)
    if words is None:
        url = reverse("desk-step-back", args=[campaign.key])
        return (Action(label=named, url=url, icon="history"),)
    return (Action(label=named, disabled=words),) if policy.can_bring_back(actor, campaign) else ()


def news(campaign: Campaign) -> Notice | None:
    """What the publication's page says of a way back that is open; null when nothing was returned or proposed."""
    waiting = step_backs.proposal(campaign)
    if waiting is not None:
        other = (
            step_back_logic.HEAD if waiting.first_role == step_back_logic.SIGNER else step_back_logic.SIGNER
        )
        said = f"{waiting.first_by.name}提出：{waiting.reason}"
        return Notice(said, title=f"有人提出退回，等{step_back_logic.ROLE_WORDS[other]}确认")
    row = step_backs.returned(campaign) if step_backs.unpublished(campaign) is not None else None
    if row is None:
        return None
    how = f"要改的，由经办点“{step_back_logic.button(campaign.stage)}”；不用改的，重新呈批。"
    return Notice(f"{row.by.name}：{row.opinion}　{how}", title="呈批表被退回")


def history(one: step_backs.StepBack) -> Entry:
    """The step back as a line of a release's history, with both persons."""
    return Entry(
        "退回",
        at=one.end.at,
        actor=f"{one.first_by.name}（{step_back_logic.ROLE_WORDS[one.first_role]}）、{one.end.by.name}",
        body=one.reason,
        tone="neg",
    )
