"""The unit's home: what to do now, where the year stands, last year's result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import self_review as self_review_logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.appeal import DECISIONS, WORKING_DAYS
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import changes
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.queries.period import stage_dates
from kaoping.campaigns.queries.self_review import SelfReview
from kaoping.campaigns.services.self_review import save_answer
from kaoping.publication import queries as publication
from kaoping.publication import standing
from kaoping.rectification import logic as rectification
from kaoping.rectification import queries as cases
from kaoping.rectification.queries.rows import row_of
from kaoping.registry.queries import short_names_of
from kaoping.registry.scope import about
from kaoping.reporting import report_facts
from kaoping.reporting.board import stations
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Deadline, Head
from kaoping.web.ui.parts.lists import Todo
from kaoping.web.ui.parts.notice import NoticeLink, Progress
from kaoping.web.ui.parts.year import CycleRail, Station
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_short_date, points, points_moved
from kaoping.web.unit.own import Own, appeals_open, days_to, latest, liaisons_page, time_to
from kaoping.workdays.queries import calendar, notices

# What goes on elsewhere while the unit has nothing to do; at the other stages the stage's own name says it.
DOING: Final[Mapping[str, str]] = {
    stages.REVIEW: "专家正在评审",
    stages.PREVIEW: "复核申请期限已经届满",
    stages.APPEALS: "复核申请期限已经届满，结果还没有签发",
    stages.FROZEN: "结果已经签发，还没有公开",
}
StageDates: TypeAlias = Mapping[str, tuple[date, date]]
home = latest("unit-home-year", stages.ROUTINE)
# A date that became later is told on the unit's home for so long.
NOTICES_FOR: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class News:
    """What became of the unit's points or appeals, and where it reads more."""

    text: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """Total and grade of a year, in words."""

    year: int
    total: str
    grade: str
    url: str


@require_safe
@liaisons_page(policy.can_fill_self_review)
def of_year(request: SignedIn, own: Own) -> HttpResponse:
    """What to do now, with its deadline; then progress; then last year."""
    campaign = own.campaign
    form = self_reviews.of_unit(campaign, own.unit.code)
    lines = self_reviews.lines(form) if form else []
    done = sum(line.done for line in lines)
    dates = stage_dates(campaign)
    todo = [
        *_cases(own),
        *_self_review(own, form, done, len(lines), dates),
        *_preview(own),
        *_republish(own),
    ]
    title = _title(campaign, todo)
    others = short_names_of(set(request.actor.organisations("liaison")) - {own.unit.code})
    context = {
        "title": title,
        "shell_width": "unit",
        "head": Head(
            title=title,
            crumbs=(Crumb(label=own.unit.short_name),),
            basis=Basis(as_of=clock.now(), rubric=own.rubric(), extra=(own.unit.name,)),
        ),
        "own": own,
        "rail": _rail(campaign),
        "todo": todo,
        "progress": Progress("自查", done, len(lines)) if lines else None,
        "state": self_reviews.STATES[form.state] if form else "",
        "links": _links(own, form),
        "notices": notices(own.unit.code, since=clock.now() - NOTICES_FOR),
        "nothing": _nothing(campaign),
        "result": _result(own) if campaign.stage == stages.PUBLISHED else None,
        "last": _last(own),
        "told": _told(own),
        "appeal_days": WORKING_DAYS,
        "years": campaigns.others(campaign.key),
        "others": sorted(others.items()),
    }
    return render(request, "unit/home.html", context)


def _title(campaign: Campaign, todo: list[Todo]) -> str:
    if todo:
        return f"现在要办 {len(todo)} 件事，|先{todo[0].short}"
    if campaign.stage == stages.PLAN:
        return f"{campaign.year} 年考核方案正在制定，|现在没有要办的事"
    if campaign.stage == stages.PUBLISHED:
        return f"{campaign.year} 年考核结果已经公开"
    return f"现在没有要办的事，|{DOING.get(campaign.stage) or f'正在{stages.LABELS[campaign.stage]}'}"


def _nothing(campaign: Campaign) -> str:
    """What an empty list says; after the last stage nothing follows."""
    if campaign.stage == stages.PUBLISHED:
        return "本年度考核已经公开，没有要办的事。"
    if campaign.stage == stages.FROZEN:
        return "现在没有要办的事，结果公开后在这里看得到。"
    return "现在没有要办的事。到下一阶段时，这里写明要办什么、办到哪天。"


def _self_review(own: Own, form: SelfReview | None, done: int, total: int, dates: StageDates) -> list[Todo]:
    if form is None or save_answer.hindrance(self_review=form):
        return []
    returned = form.state == self_review_logic.RETURNED
    return [
        Todo(
            short="改好被退回的自查" if returned else "填报部门自查",
            what="改好被退回的自查，再提交" if returned else "填报部门自查并提交",
            detail=f"退回理由：{form.return_reason}" if returned else f"{total} 项已答 {done} 项。",
            deadline=days_to(dates[stages.SELF_REVIEW][1] if stages.SELF_REVIEW in dates else None),
            action=Action(label="去填报", url=own.url("unit-self-review-year"), kind="primary"),
        )
    ]


def _cases(own: Own) -> list[Todo]:
    """Orders that wait for an answer, as one thing to do; the most urgent one gives the deadline."""
    rows = cases.cases(state=rectification.SERVED, scope=about(own.unit.code))
    count = rows.count()
    if not count:
        return []
    now = clock.now()
    first = row_of(rows[0], calendar(now), now=now)
    return [
        Todo(
            short="回复整改单",
            what=f"回复 {count} 张整改单",
            detail=f"最急的是 {first.number}：{first.title}",
            deadline=Deadline(
                first.left, until=first.due_on, passed=first.passed, provisional=first.provisional
            ),
            action=Action(label="看整改单", url=reverse("unit-cases"), kind="primary"),
        )
    ]


def _preview(own: Own) -> list[Todo]:
    until = closes_at(own.campaign, own.unit.code)
    if not appeals_open(own.campaign, until):
        return []
    return [
        Todo(
            short="核对结果预览",
            what="核对结果预览，有异议的申请复核",
            detail="逐项列出得分、理由和依据。",
            deadline=time_to(until),
            action=Action(label="看结果预览", url=own.url("unit-preview-year"), kind="primary"),
        )
    ]


def _told(own: Own) -> list[News]:
    """What was ruled on the unit's points and what became of its appeals, the newest first; the unit hears of it here."""
    if not stages.reached(own.campaign.stage, stages.PREVIEW):
        return []
    sheet = sheets.latest(own.campaign)
    found = [
        News(
            f"{one.item} 经审定由 {one.before} 分改为 {one.after} 分"
            + ("" if sheet is not None and one.at <= sheet.computed_at else "，计分表重新计算后计入"),
            one.at,
            own.url("unit-preview-item", one.item),
        )
        for one in changes.rulings(own.campaign, own.unit.code)
    ]
    found += [
        News(
            f"{one.item} 的复核申请 {one.number} {appeal_reads.OUTCOMES[one.outcome]}，"
            f"{points_moved(one.compared, one.points_after)}",
            one.decided_at,
            own.url("unit-preview-item", one.item),
        )
        for one in appeal_reads.listed(own.campaign, unit=own.unit.code)
        if one.outcome in DECISIONS and one.decided_at
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _republish(own: Own) -> list[Todo]:
    """A result that was corrected after its publication is put right in the annual report that carries it, too."""
    published = publication.results_out(own.campaign.organiser)
    found = []
    for key in (own.campaign.key, own.campaign.key.before):
        found += _without_result(own, key)
        out, year = published.get(key.year), key.year
        campaign = campaigns.of(key) if out and (out.corrects or out.undone) else None
        if campaign is None:
            continue
        texts = publication.report_year(campaign)
        result = report_facts.assessment(texts, own.unit.code)
        if result is None or result.correction is None:
            continue
        undone = result.correction.withdrawn
        found.append(
            Todo(
                short="更正年度报告",
                what=f"{year} 年考核结果的更正已撤回，年度报告改按 {result.total} 分重新公布"
                if undone
                else f"{year} 年考核结果有更正，更正年度报告并重新公布",
                detail=f"{result.correction.on}{'撤回更正' if undone else '更正'}，"
                f"理由：{result.correction.reason.rstrip('。')}。"
                "年度报告还没有公布的，直接用更正后的文本；已经重新公布的，不用再办。",
                deadline=None,
                action=Action(
                    label="看更正稿", url=Own(campaign, own.unit).url("unit-report-year"), kind="primary"
                ),
            )
        )
    return found


def _without_result(own: Own, key: OrganisedYear) -> list[Todo]:
    """The year's result was withdrawn and none is valid: what a report says of it no longer holds."""
    gone, campaign = standing.withdrawal(key), campaigns.of(key)
    if gone is None or gone.valid or campaign is None or not campaigns.participates(campaign, own.unit.code):
        return []
    return [
        Todo(
            short="看考核结果的撤回",
            what=f"{key.year} 年考核结果已撤回，年度报告里写的不再有效",
            detail=f"{cn_short_date(gone.act.at)}撤回，理由：{gone.act.reason.rstrip('。')}。"
            "更正公开以后，按新的结果更正年度报告。",
            deadline=None,
            action=Action(
                label="看年度报告文本", url=Own(campaign, own.unit).url("unit-report-year"), kind="primary"
            ),
        )
    ]


def _rail(campaign: Campaign) -> CycleRail:
    """The stations of the office's own board, so that both speak of the same steps."""
    return CycleRail(
        title=f"{campaign.year} 年进程",
        stations=tuple(
            Station(
                label=one.label,
                dates=f"{one.mark}{cn_short_date(one.days[0])}–|{cn_short_date(one.days[1])}"
                if one.days
                else "",
                state=one.state,
            )
            for one in stations(campaign)
        ),
        today=clock.today(),
    )


def _links(own: Own, form: SelfReview | None) -> list[NoticeLink]:
    found = []
    if form is not None:
        found.append(NoticeLink("部门自查", own.url("unit-self-review-year")))
    if stages.reached(own.campaign.stage, stages.PREVIEW):
        count = appeal_reads.listed(own.campaign, unit=own.unit.code).count()
        note = f"（复核申请 {count} 件）" if count else ""
        found.append(NoticeLink(f"结果预览{note}", own.url("unit-preview-year")))
    found.append(NoticeLink("本单位社会评议", own.url("unit-evaluation-year")))
    found.append(NoticeLink("整改单", reverse("unit-cases")))
    found.append(NoticeLink("年度报告文本", own.url("unit-report-year")))
    return found


def _last(own: Own) -> Result | None:
    before = campaigns.of(own.campaign.key.before)
    return _result(Own(before, own.unit)) if before else None


def _result(own: Own) -> Result | None:
    """Total and grade of the unit in a year as they stand, null without a sheet."""
    view = standing.preview(own.campaign, own.unit.code)
    if view is None:
        return None
    year, url = own.campaign.year, own.url("unit-preview-year")
    gone = standing.withdrawal(own.campaign.key)
    if gone is not None and gone.valid is None:
        return Result(year, "已撤回，现在没有有效的结果", "", url)
    total = "未定" if view.total is None else f"{points(view.total, 2)} 分"
    return Result(year, total, sheets.grade_names(own.campaign).get(view.grade or "", ""), url)
