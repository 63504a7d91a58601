"""The next stage of the year: what is still lacking for it, and the year typed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import ROLES, Actor, Refused
from kaoping.campaigns import policy
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import stages as stage_verbs
from kaoping.patterns import linear
from kaoping.publication import queries as publication
from kaoping.publication import standing
from kaoping.reporting import board
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.year import stage_return
from kaoping.web.desk.years import YearForm, campaign_of, crumbs, require
from kaoping.web.ui.filled import filled
from kaoping.web.ui.measured import Spoken
from kaoping.web.ui.parts.form import SignOff
from kaoping.web.ui.parts.lists import Gate
from kaoping.web.ui.requests import SignedIn

# Where the screen is that the gate's words name.
SCREENS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "年度方案": ("desk-plan-year", ()),
    "方案呈批": ("desk-approval", ("plan",)),
    "结果呈批": ("desk-approval", ("result",)),
    "更正呈批": ("desk-approval", ("correction",)),
    "社会评议": ("desk-evaluation-year", ()),
    "自查": ("desk-self-reviews-year", ()),
    "部门自查": ("desk-self-reviews-year", ()),
    "不涉及": ("desk-claims", ()),
    "评审": ("desk-reviews-year", ()),
    "我的评审": ("desk-reviews-year", ()),
    "评分": ("desk-scoring-room-year", ()),
    "复核": ("desk-appeals-year", ()),
    "我的复核": ("desk-appeals-year", ()),
    "签发": ("desk-sign-off", ()),
    "发布": ("desk-publication-year", ()),
    "更正": ("desk-correction", ()),
}
# Conditions of each gate: what the list calls it, and the words by which a missing one is known.
# A third text names the condition without which this one cannot be told yet.
CONDITIONS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    stages.PLAN: (
        ("选定规则集", "规则集"),
        ("列出年度要点", "年度要点"),
        ("选定时间安排", "时间安排"),
        ("选定参评单位", "参评单位"),
        ("方案呈批表三人签批", "签批"),
        ("附方案呈批表签字扫描件", "扫描件", "方案呈批表三人签批"),
    ),
    stages.ROUTINE: (("布置社会评议", "社会评议"),),
    stages.EVALUATION: (
        ("问卷封存", "还没有封存"),
        ("开箱，结果计入台账", "还没有开箱|计入台账", "问卷封存"),
    ),
    stages.SELF_REVIEW: (("各单位提交自查", "提交自查"),),
    stages.REVIEW: (
        ("审定“不涉及”", "不涉及"),
        ("专家评完", "专家评分"),
        ("结束评审，评分计入台账", "评审还没有结束", "审定“不涉及”", "专家评完"),
        ("评审后计算计分表", "计算计分表", "结束评审，评分计入台账"),
    ),
    stages.PREVIEW: (("有可供预览的计分表", "计分表"),),
    stages.APPEALS: (
        ("复核申请期限届满", "期限"),
        ("复核申请都已决定", "作出决定"),
        ("计分表按最新记录", "重算"),
        ("每一格有依据", "格没有依据", "计分表按最新记录"),
        ("第二人签发", "第二人签发", "复核申请期限届满", "复核申请都已决定", "每一格有依据"),
    ),
    stages.FROZEN: (
        ("生成发布包", "生成发布包"),
        ("结果没有被退回", "被退回"),
        ("结果呈批表三人签批", "签批"),
        ("附结果呈批表签字扫描件", "扫描件", "结果呈批表三人签批"),
    ),
}
_ROOM: Final = linear(r"在“([^”]+)”")
# Opening these gates cannot be undone for people outside the office, so the year is typed.
TYPED: Final = (stages.REVIEW, stages.APPEALS)


class AdvanceForm(YearForm):
    """The stage that the page offered, and the year where it has to be typed."""

    to = Spoken("进入哪个阶段", widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The gate to the next stage: its conditions, and the button when all are met."""
    campaign = campaign_of(key)
    require(may_see_gate(request, campaign))
    now = clock.now()
    release = publication.is_frozen(campaign)
    lacks = lacks_of(campaign, now, release=release)
    following = campaigns.next_stage(campaign)
    error = ""
    if request.method == "POST" and following:
        error = _advanced(request, campaign, release=release, now=now)
        if not error:
            messages.success(request, f"已进入“{stages.LABELS[following]}”。")
            return redirect("desk-board-year", key)
    label = stages.LABELS.get(following or "", "")
    title = title_of(campaign, lacks)
    context = {
        "title": title,
        "has_errors": bool(error),
        "error": error,
        "crumbs": crumbs(campaign, "进入下一阶段"),
        "campaign": campaign,
        "sign": _gate_form(request, campaign, lacks, label, error, now) if following else None,
        "back": stage_return.action(request.actor, campaign),
        "trace": stage_return.trace(campaign),
    }
    return render(request, "desk/year/advance.html", context, status=409 if error else 200)


def _advanced(request: SignedIn, campaign: Campaign, *, release: bool, now: datetime) -> str:
    """Enter the next stage; why it was not entered, in words, or ''."""
    form = AdvanceForm(request.POST, year=campaign.year)
    if not form.is_valid() and campaign.stage in TYPED and "confirm_year" in form.errors:
        return str(form.errors["confirm_year"][0])
    try:
        stage_verbs.advance(
            actor=request.actor,
            campaign=campaign,
            to=filled(form).text("to"),
            now=now,
            poll_state=board.poll_state(campaign.key, now),
            release=release,
        )
    except Refused as refused:
        return str(refused)
    return ""


def may_see_gate(request: SignedIn, campaign: Campaign) -> bool:
    """Who opens the page of the stages is who is shown the way to it."""
    return policy.can_see_campaign(request.actor, campaign)


def way_of(missing: stages.Missing, key: OrganisedYear) -> str:
    """The address of the screen that the words of a missing thing name, '' when they name none."""
    found = _ROOM.search(missing.how)
    name, more = SCREENS.get(found.group(1) if found else "", ("", ()))
    return reverse(name, args=[key, *more]) if name else ""


def gates_of(
    stage: str, lacks: Sequence[stages.Missing], key: OrganisedYear, actor: Actor | None = None
) -> list[Gate]:
    """Every condition of a gate, met or with the words of what is missing."""
    made: list[Gate] = []
    for label, hits, waits in _conditions(stage, lacks):
        if not hits:
            made.append(Gate(label=label, met=not waits, note="要先具备前面的条件。" if waits else ""))
        made += [_gate(one, key, actor) for one in hits]
    return made


def _conditions(
    stage: str, lacks: Sequence[stages.Missing]
) -> Iterator[tuple[str, list[stages.Missing], bool]]:
    """Each condition of the gate with what is missing of it, and whether one before it is open; then what none of them names."""
    left, open_labels = list(lacks), set[str]()
    for label, marks, *needs in CONDITIONS.get(stage, ()):
        hits = [one for one in left if any(mark in one.what for mark in marks.split("|"))]
        left = [one for one in left if one not in hits]
        waits = bool(open_labels & set(needs))
        if hits or waits:
            open_labels.add(label)
        yield label, hits, waits
    if left:
        yield "", left, False


@dataclass(frozen=True, slots=True)
class Count:
    """How the conditions of a gate stand: what can be done now, what waits for a day, what waits for one before it."""

    todo: int
    day: int
    after: int

    def words(self, measure: str = "项条件未完成") -> str:
        """One number for what the list shows, and apart from it what nobody can do yet."""
        parts = [f"{self.todo} {measure}"] if self.todo else []
        parts += [f"{self.day} 项等期限届满"] if self.day else []
        parts += [f"另有 {self.after} 项要先具备前面的条件"] if self.after else []
        return "，".join(parts)


def count_of(stage: str, lacks: Sequence[stages.Missing]) -> Count:
    """The same count on every page of the gate; the to-do list has ``todo`` of it."""
    day = sum(one.waits for one in lacks)
    after = sum(waits and not hits for _label, hits, waits in _conditions(stage, lacks))
    return Count(len(lacks) - day, day, after)


def lacks_of(campaign: Campaign, now: datetime, *, release: bool) -> list[stages.Missing]:
    """What keeps the next gate shut; the last stage has none behind it, and so nothing to wait for."""
    if campaigns.next_stage(campaign) is None:
        return []
    return board.gate(campaign, now=now, release=release)


def _gate(one: stages.Missing, key: OrganisedYear, actor: Actor | None) -> Gate:
    return Gate(
        label=one.what,
        met=False,
        note=f"{one.how}。" if one.waits else f"由{one.who}办理：{one.how}。",
        url=way_of(one, key),
        link=label_of(one, actor),
    )


def label_of(one: stages.Missing, actor: Actor | None) -> str:
    """The way to a screen is to do something for whom the words name; for others it is to look."""
    mine = (ROLES[role] for role, _place in (actor.roles if actor else ()))
    return "去办理" if any(label in one.who or one.who in label for label in mine) else "打开看"


def _gate_form(
    request: SignedIn,
    campaign: Campaign,
    lacks: Sequence[stages.Missing],
    label: str,
    error: str,
    now: datetime,
) -> SignOff:
    gates = gates_of(campaign.stage, lacks, campaign.key, request.actor)
    sign = SignOff(f"进入“{label}”的条件", f"进入“{label}”", tuple(gates))
    if lacks:
        reason = f"还有 {count_of(campaign.stage, lacks).words('个条件没有具备')}，见上面。"
        return replace(sign, locked=reason)
    asked = {"actor": request.actor, "campaign": campaign, "now": now, "release": True}
    words = stage_verbs.advance.check(poll_state=board.poll_state(campaign.key, now), **asked)
    if words:
        return replace(sign, locked=words)
    sign = replace(
        sign,
        url=reverse("desk-advance", args=[campaign.key]),
        fields=(("to", campaigns.next_stage(campaign) or ""),),
    )
    if campaign.stage in TYPED:
        sign = replace(sign, year=campaign.year, warning=_warning(campaign.stage, label), error=error)
    return sign


def _warning(stage: str, label: str) -> str:
    if stage == stages.REVIEW:
        return f"进入“{label}”后单位看得到得分，退回须两人办理；评审不能重开。"
    return f"进入“{label}”后不能改分；公开前要退回的，在“发布”办理。"


def title_of(campaign: Campaign, lacks: Sequence[stages.Missing]) -> str:
    """The next stage and how much is lacking for it; the last of all where there is none."""
    following = campaigns.next_stage(campaign)
    if following is None:
        gone = standing.withdrawal(campaign.key)
        return f"{campaign.year} 年度考核|{'结果已经撤回' if gone and not gone.valid else '已经公开'}"
    label = stages.LABELS[following]
    if lacks:
        count = count_of(campaign.stage, lacks).todo
        return f"进入“{label}”：|" + (
            f"还有 {count} 项条件未完成" if count else "期限还没有到，现在没有要办的"
        )
    return f"条件都已具备，|可以进入“{label}”"
