"""Publication: freeze the signed sheet, have the result approved, publish, withdraw; digests and how to verify."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor
from kaoping.campaigns.logic import stages
from kaoping.campaigns.policy import can_plan
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.publication import logic, policy, queries, services, standing
from kaoping.publication.bundle.levels import LEVELS
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.scoring import correction_steps, step_back
from kaoping.web.desk.signatures import strip_of
from kaoping.web.desk.years import (
    PublicReasonForm,
    YearForm,
    act_page,
    attachment,
    campaign_of,
    crumbs,
    latest,
    require,
)
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.parts.lists import Fact, Gate, Pair
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_datetime

current = latest("desk-publication-year", stages.APPEALS)
RETURNED = "未公开，已退回"
WORDS = "发布由政务公开办、签发人、领导小组和审计员查看。"


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The four steps with their conditions, and every release with its digests."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)
    releases = list(queries.releases(key))
    corrected = {
        pair[1].pk for one in releases if queries.published_act(one) and (pair := queries.corrected_by(one))
    }
    frozen = queries.release_of_signed(campaign)
    result = campaigns.approval_state(campaign, "result")
    correction = corrections.under_way(campaign)
    level = LEVELS.get(campaign.publication_level)
    title = correction_steps.title_of(correction) if correction else _title(campaign, frozen, result)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "发布"),
            actions=(
                Action(label="年度报告文本", url=reverse("desk-report-year", args=[key])),
                *_correction(campaign),
                *step_back.actions(request.actor, campaign),
            ),
        ),
        "level": level,
        "withdrawal": withdrawal_notice(key),
        "steps": correction_steps.steps(request.actor, campaign, correction)
        if correction
        else _steps(request.actor, campaign, frozen, result),
        "correction": correction,
        "back": step_back.news(campaign),
        "strip": strip_of(result),
        "strip_title": "结果呈批（首次公开）" if correction else "结果呈批",
        "releases": [_release(one, request, one.pk in corrected) for one in releases],
        "may_plan": campaign.stage == stages.PLAN and can_plan(request.actor, key),
    }
    return render(request, "desk/scoring/publication.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Make the immutable release of the signed sheet."""
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)
    signed = sheets.signed(campaign)

    def run(data: dict[str, Any]) -> str:
        release = services.freeze(
            actor=request.actor, campaign=campaign, typed_year=data["confirm_year"], now=clock.now()
        )
        return f"已冻结，完整数据包校验值 {release.full_digest[:8]}……。{_after_freezing(campaign)}"

    locked = services.freeze.check(actor=request.actor, campaign=campaign) or ""
    return _page(
        request,
        campaign,
        YearForm(request.POST or None, year=key.year),
        "冻结",
        run,
        locked,
        notice="冻结后不能改分，只能发更正。",
        facts=[Pair(label="签发的计分表校验值", text=signed.digest, mono=True)] if signed else [],
    )


def _after_freezing(campaign: Campaign) -> str:
    """The true next step: a correction that changes no grade is published at once."""
    if campaign.stage != stages.PUBLISHED:
        return "下一步办结果呈批。"
    if campaigns.correction_missing(campaign):
        return "更正改变了单位等次，下一步办更正呈批。"
    return "下一步公开这次更正。"


class PublishForm(YearForm):
    """The year, and a sentence for the public when there is something to say."""

    note = forms.CharField(
        label="公开说明",
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="更正时写明更正了什么；首次公开可不填。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedIn, key: OrganisedYear, release_id: int) -> HttpResponse:
    """Put the public part where the outside face reads it."""
    campaign, release = _release_of(request, key, release_id)

    def run(data: dict[str, Any]) -> str:
        services.publish(actor=request.actor, release=release, note=data["note"], now=clock.now())
        return f"{key.year} 年度结果已公开。"

    locked = services.publish.check(actor=request.actor, release=release, now=clock.now()) or ""
    level = LEVELS.get(release.level)
    return _page(
        request,
        campaign,
        PublishForm(request.POST or None, year=key.year),
        "公开",
        run,
        locked,
        notice="公开后人人可看、可下载。撤回要写明理由；撤回以后，公众页面只写明何时、为何撤回。",
        facts=[
            ("公开范围", level.name if level else release.level),
            Pair(label="公开数据包校验值", text=release.public_digest, mono=True),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, key: OrganisedYear, release_id: int) -> HttpResponse:
    """Withdraw with a reason that the public reads."""
    campaign, release = _release_of(request, key, release_id)

    def run(data: dict[str, Any]) -> str:
        services.withdraw(
            actor=request.actor,
            release=release,
            reason=data["reason"],
            typed_year=data["confirm_year"],
            now=clock.now(),
        )
        gone = standing.withdrawal(key)
        return f"已撤回 {release.year}-{release.number}，理由公开显示。{gone.words if gone else ''}"

    locked = services.withdraw.check(actor=request.actor, release=release) or ""
    return _page(
        request,
        campaign,
        PublicReasonForm(request.POST or None, year=key.year),
        "撤回",
        run,
        locked,
        notice="撤回后，公众页面只写明这次发布何时、为何撤回，不再显示得分和等次，数据文件也不再提供下载；"
        f"校验值留着，已经下载的数据包仍可核对。不再算本年度结果。{_then_valid(release)}",
        danger=True,
    )


def _then_valid(release: queries.Release) -> str:
    """What is valid once a release that stands is withdrawn."""
    if standing.standing(release.key) != release:
        return ""
    rest = (one for one in queries.releases(release.key) if one != release and queries.published_act(one))
    earlier = next(rest, None)
    if earlier is None:
        return "本年度就没有有效的结果了。"
    return f"撤回后，发布 {earlier.year}-{earlier.number} 重新有效，单位的年度报告要改回。"


@require_safe
def bundle(request: SignedIn, key: OrganisedYear, release_id: int, part: str) -> HttpResponse:
    """The whole bundle for the office, or the public part, as a ZIP."""
    _campaign, release = _release_of(request, key, release_id)
    content = queries.full_zip(release) if part == "full" else queries.public_zip(release)
    if content is None:
        raise Http404
    words = "完整数据包" if part == "full" else "公开数据包"
    return attachment(content, "application/zip", f"{release.log_id}-{words}.zip")


def _release_of(request: SignedIn, key: OrganisedYear, release_id: int) -> tuple[Campaign, queries.Release]:
    campaign = campaign_of(key)
    require(policy.can_see_releases(request.actor, key), WORDS)
    release = queries.by_id(release_id)
    if release is None or release.key != key:
        raise Http404
    return campaign, release


def _page(
    request: SignedIn,
    campaign: Campaign,
    form: forms.Form,
    label: str,
    run: Callable[[dict[str, Any]], str],
    locked: str,
    **more: Any,
) -> HttpResponse:
    back = reverse("desk-publication-year", args=[campaign.key])
    return act_page(
        request,
        form=form,
        title=f"{label} {campaign.year} 年度结果",
        crumbs=crumbs(campaign, ("发布", back), label),
        button=label,
        run=run,
        back=back,
        locked=locked,
        **more,
    )


def _title(campaign: Campaign, frozen: queries.Release | None, result: campaigns.ApprovalState) -> str:
    year = campaign.year
    gone = standing.withdrawal(campaign.key)
    if gone is not None:
        withdrawn, valid = gone.names
        return f"发布 {withdrawn} 已撤回，|{f'{valid} 重新有效' if valid else '现在没有有效的结果'}"
    if standing.standing(campaign.key) is not None:
        return f"{year} 年度结果|已经公开"
    if frozen is not None:
        return f"已经冻结，|{'可以公开' if result.complete else '等结果呈批'}"
    if campaign.stage == stages.FROZEN:
        return "计分表已签发，|等冻结"
    return f"还没有签发，|现在是“{stages.LABELS[campaign.stage]}”"


def _steps(
    actor: Actor, campaign: Campaign, frozen: queries.Release | None, result: campaigns.ApprovalState
) -> list[Gate]:
    key = campaign.key
    signed = sheets.signed(campaign) is not None
    return [
        Gate(
            label="第二人签发计分表",
            met=signed,
            url=reverse("desk-sign-off", args=[key]),
            link="去签发",
            note="" if signed else "由第二签发人办理。",
        ),
        correction_steps.freezing(
            actor, campaign, "冻结、生成发布包", frozen, "由经办办理，要输入年份。", signed=signed
        ),
        Gate(
            label="结果呈批表三人签批并附扫描件",
            met=result.complete,
            url=reverse("desk-approval", args=[key, "result"]),
            link="去呈批",
            note="" if result.complete else f"等{result.next_label or '经办附扫描件'}。",
        ),
        _last_step(actor, key, frozen),
    ]


def _last_step(actor: Actor, key: OrganisedYear, frozen: queries.Release | None) -> Gate:
    """Publishing; what was withdrawn is not published again, there only a correction helps."""
    gone = standing.withdrawal(key)
    if gone is not None:
        return Gate(
            label="公开",
            met=False,
            url=reverse("desk-correction", args=[key]),
            link="去更正",
            note=f"{gone.words}撤回的不能再公开。结果要改的，由经办在“更正”立更正。",
        )
    published = standing.standing(key) is not None
    return correction_steps.publishing(
        actor, "公开", frozen, "" if published else "由经办办理，要输入年份。", met=published
    )


def _correction(campaign: Campaign) -> tuple[Action, ...]:
    """The way to the correction, once there is something to correct."""
    if campaign.stage != stages.PUBLISHED:
        return ()
    return (Action(label="更正", url=reverse("desk-correction", args=[campaign.key]), icon="history"),)


def _corrects(pair: tuple[corrections.Correction, queries.Release] | None) -> list[Fact]:
    """For a release that corrects another: which one, why, and the digest that it replaces."""
    if pair is None:
        return []
    correction, corrected = pair
    return [
        ("更正", f"第 {correction.number} 次更正，更正发布 {corrected.year}-{corrected.number}"),
        ("更正理由", correction.reason),
        Pair(label="被更正的完整数据包校验值", text=corrected.full_digest, mono=True),
    ]


def _release(one: queries.Release, request: SignedIn, corrected: bool) -> dict[str, Any]:
    acts = list(one.acts.all())
    kinds = [act.kind for act in acts]
    returned = queries.returned_by(one)
    withdrawn = logic.WITHDRAWN_ACT in kinds
    level = LEVELS.get(one.level)
    actions = []
    if logic.PUBLISHED_ACT in kinds and not withdrawn:
        url = reverse("desk-withdraw", args=[one.key, one.pk])
        words = services.withdraw.check(actor=request.actor, release=one)
        actions.append(Action(label="撤回", url=url, disabled=words or ""))
    return {
        "name": f"{one.year}-{one.number}",
        "id": one.pk,
        "key": one.key,
        "state": RETURNED if returned else _state(kinds, corrected),
        "tone": "neg" if withdrawn else "soft" if logic.PUBLISHED_ACT in kinds and not corrected else "cau",
        "pairs": [
            *_corrects(queries.corrected_by(one)),
            ("公开范围", level.name if level else one.level),
            ("冻结", f"{cn_datetime(one.frozen_at)} {one.frozen_by}"),
            Pair(label="计分表校验值", text=one.sheet_digest, mono=True),
            Pair(label="完整数据包校验值", text=one.full_digest, mono=True),
            Pair(label="公开数据包校验值", text=one.public_digest, mono=True),
        ],
        "history": [Entry(logic.ACTS[act.kind], at=act.at, actor=act.by, body=act.reason) for act in acts]
        + ([step_back.history(returned)] if returned else []),
        "provable": level.provable if level else (),
        "not_provable": level.not_provable if level else (),
        "full_digest": one.full_digest,
        "public_digest": one.public_digest,
        "actions": actions,
    }


def _state(kinds: list[str], corrected: bool) -> str:
    if logic.WITHDRAWN_ACT in kinds:
        return "已撤回"
    if logic.PUBLISHED_ACT not in kinds:
        return "已冻结，没有公开"
    return "已被更正" if corrected else "已公开"
