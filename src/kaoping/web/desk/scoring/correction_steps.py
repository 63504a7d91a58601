"""The steps of a correction: compute, sign, freeze, have a changed grade approved, publish."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.campaigns.logic import approval
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.publication import queries
from kaoping.publication.services import freeze, publish
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.ui.parts.lists import Gate

WORDS = "更正由政务公开办、签发人、领导小组和审计员查看。"

_PUBLISHING: Final = (
    "由经办办理。公开后原来的结果标明“已被更正”，总分或等次变了的单位，年度报告文本成为更正稿。"
)


def title_of(open_now: corrections.Correction) -> str:
    """The correction under way with its next step."""
    lacks = corrections.missing(open_now)
    step = lacks[0].what if lacks else "等冻结、公开"
    return f"第 {open_now.number} 次更正：|{step}"


def steps(actor: Actor, campaign: Campaign, one: corrections.Correction) -> list[Gate]:
    """Compute, sign, freeze, publish; what is missing is said in the words of the logic."""
    key = campaign.key
    lacks = corrections.missing(one)
    signed = corrections.is_signed(one)
    release = queries.release_of_signed(campaign) if signed else None
    first = lacks[0] if lacks else None
    computed = not lacks or first is not None and "签发" in first.what
    return [
        Gate(
            label="按最新台账计算更正计分表，与已公开的不同",
            met=computed,
            note="" if computed or first is None else f"{first.what}。由{first.who}办理：{first.how}。",
        ),
        Gate(
            label="第二人签发，输入年份",
            met=signed,
            url=reverse("desk-sign-off", args=[key]) if computed else "",
            link="去签发",
            note="" if signed else "由第二签发人办理，不能由立更正、计算的人签发。",
        ),
        freezing(
            actor,
            campaign,
            "冻结、生成发布包，输入年份",
            release,
            "由经办办理。数据包写明更正的是哪一次发布。",
            signed=signed,
        ),
        *_approval(campaign, one, signed),
        publishing(actor, "公开，输入年份", release, _PUBLISHING),
    ]


def freezing(
    actor: Actor, campaign: Campaign, label: str, release: queries.Release | None, note: str, *, signed: bool
) -> Gate:
    """The step of freezing, with the way there while the act would be done; before the signature nothing is asked."""
    if release is not None:
        return Gate(label=label, met=True)
    words = freeze.check(actor=actor, campaign=campaign) if signed else ""
    url = reverse("desk-freeze", args=[campaign.key]) if words is None else ""
    return Gate(label=label, met=False, url=url, link="冻结", note=words or note)


def publishing(
    actor: Actor, label: str, release: queries.Release | None, note: str, *, met: bool = False
) -> Gate:
    """The step of publishing a frozen release, with the way there while the act would be done."""
    if release is None or met:
        return Gate(label=label, met=met, note=note)
    words = publish.check(actor=actor, release=release, now=clock.now())
    url = "" if words else reverse("desk-publish", args=[release.key, release.pk])
    return Gate(label=label, met=False, url=url, link="公开", note=words or note)


def _approval(campaign: Campaign, one: corrections.Correction, signed: bool) -> list[Gate]:
    """The leading group's step, where the correction changes a grade."""
    moved = len(corrections.grades_moved(one))
    if not moved:
        return []
    state = campaigns.approval_state(campaign, approval.CORRECTION)
    return [
        Gate(
            label=f"更正呈批表三人签批并附扫描件（{moved} 个单位等次改变）",
            met=state.complete,
            url=reverse("desk-approval", args=[campaign.key, approval.CORRECTION]) if signed else "",
            link="去呈批",
            note=""
            if state.complete
            else f"等{state.next_label or '经办附扫描件'}。"
            if signed
            else "签发以后办理。",
        )
    ]


def publication_page(key: OrganisedYear) -> str:
    """The address of the year's publication."""
    return reverse("desk-publication-year", args=[key])
