"""What the approval sheet says, and the sheet itself: to print and as a document (考核办法 第四条)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval
from kaoping.campaigns.logic import step_back as step_back_logic
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import items, period
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.campaigns.queries.campaign import ApprovalState, Campaign
from kaoping.registry.queries import organisers, short_names_of
from kaoping.reporting import approval_sheet
from kaoping.reporting.open_numbers import open_numbers
from kaoping.reporting.render.docx import render as render_docx
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import standing_mark
from kaoping.scoring.sheet import WrittenUnit
from kaoping.standards import queries as standards
from kaoping.standards.numbers import Number
from kaoping.support import clock
from kaoping.web.desk.years import DOCX, attachment, campaign_of, crumbs, require
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date

SUBJECT_TITLES: Final = {"plan": "方案呈批", "result": "结果呈批", "correction": "更正呈批"}


@require_safe
def docx(request: SignedIn, key: OrganisedYear, subject: str) -> HttpResponse:
    """The sheet in the layout of GB/T 9704, to be printed and signed."""
    campaign, state = opened(request, key, subject)
    title = _sheet_title(campaign, subject)
    blocks = approval_sheet.blocks(
        office=organisers.office_of(campaign.organiser),
        subject=title,
        facts=facts_of(campaign, subject),
        steps=steps_of(state),
        numbers=[(one.name, one.value) for one in numbers_of(campaign)] if subject == "plan" else (),
        numbers_mark=standing_mark(campaigns.adoption_of(campaign)),
        grades=[(one.unit, one.before, one.after) for one in grades_of(campaign, subject)],
        example=campaign.example,
    )
    content = render_docx(blocks, title=f"{title}呈批表", footer="示例数据" if campaign.example else "")
    return attachment(content, DOCX, f"{title}呈批表.docx")


@require_safe
def print_page(request: SignedIn, key: OrganisedYear, subject: str) -> HttpResponse:
    """The same sheet as a page for the printer."""
    campaign, state = opened(request, key, subject)
    title = f"{_sheet_title(campaign, subject)}|呈批表"
    context = {
        "title": title,
        "office": organisers.office_of(key.organiser),
        "campaign": campaign,
        "subject": subject,
        "facts": facts_of(campaign, subject),
        "numbers": numbers_of(campaign) if subject == "plan" else (),
        "numbers_mark": standing_mark(campaigns.adoption_of(campaign)),
        "grades": grades_of(campaign, subject),
        "steps": steps_of(state),
        "now": clock.now(),
        "crumbs": crumbs(
            campaign,
            (SUBJECT_TITLES[subject], reverse("desk-approval", args=[key, subject])),
            "打印",
        ),
    }
    return render(request, "desk/year/approval_print.html", context)


def facts_of(campaign: Campaign, subject: str) -> list[tuple[str, str]]:
    """What the sheet asks approval of, and the facts it rests on."""
    if subject == approval.CORRECTION:
        return _correction_facts(campaign)
    return _plan_facts(campaign) if subject == "plan" else _result_facts(campaign)


@dataclass(frozen=True, slots=True)
class Graded:
    """A unit whose grade the correction changes."""

    unit: str
    before: str
    after: str


def grades_of(campaign: Campaign, subject: str) -> list[Graded]:
    """The units whose grade the correction under way changes; empty for every other sheet."""
    correction = corrections.under_way(campaign) if subject == approval.CORRECTION else None
    if correction is None:
        return []
    moved = corrections.grades_moved(correction)
    names, units = sheets.grade_names(campaign), short_names_of({one.unit for one in moved})

    def grade(line: WrittenUnit | None) -> str:
        return names.get(line["grade"] or "", "未定") if line else "没有"

    return [Graded(units.get(one.unit, one.unit), grade(one.before), grade(one.after)) for one in moved]


def returned_words(campaign: Campaign, subject: str, state: ApprovalState) -> str:
    """What is open after the paper was sent back, once the sheet behind it is signed."""
    if subject == "plan" or not state.rows or state.rows[-1].step != approval.RETURNED:
        return ""
    if step_backs.unpublished(campaign) is None:
        return ""
    return f"要改的，由经办在“发布”点“{step_back_logic.button(campaign.stage)}”；不用改的，重新签批。"


def _correction_facts(campaign: Campaign) -> list[tuple[str, str]]:
    correction, sheet = corrections.under_way(campaign), sheets.signed(campaign)
    if correction is None or sheet is None or not corrections.is_signed(correction):
        return [("呈批事项", f"{campaign.title}结果更正"), ("更正计分表", "还没有签发")]
    sign = sheets.sign_off_of(sheet)
    return [
        ("呈批事项", f"{campaign.title}结果第 {correction.number} 次更正"),
        ("更正理由", correction.reason),
        ("等次改变", f"{len(corrections.grades_moved(correction))} 个单位，列在下面"),
        ("更正计分表", f"截至{cn_date(sheet.as_of)}，校验值 {sheet.digest}"),
        ("签发", f"{sign.signed_by.name}，{cn_date(sign.at)}" if sign else "还没有签发"),
        ("公开范围", campaigns.PUBLICATION_LEVELS[campaign.publication_level]),
    ]


def numbers_of(campaign: Campaign) -> list[Number]:
    """What the plan asks to decide because no text gives it."""
    return open_numbers(standards.rulebook_of(campaign.rulebook_id))


def steps_of(state: ApprovalState) -> list[approval_sheet.Step]:
    """The three rows of the sheet."""
    signed = list(state.rows)[len(state.rows) - state.standing :] if state.standing else []
    made = []
    for place, (_step, _role, label) in enumerate(approval.STEPS):
        row = signed[place] if place < len(signed) else None
        made.append(
            approval_sheet.Step(label, row.by.name, cn_date(row.at), row.opinion)
            if row
            else approval_sheet.Step(label)
        )
    return made


def _plan_facts(campaign: Campaign) -> list[tuple[str, str]]:
    groups = campaigns.group_counts(campaign)
    leaves = items.items(campaign)
    adoption = campaigns.adoption_of(campaign)
    decided = f"由本级审定（{adoption}）" if adoption else "待核，随本方案审定"
    window = period.period(campaign) if campaign.timetable else None
    facts = [
        ("呈批事项", campaign.title),
        ("年度要点", f"{campaigns.priorities(campaign).count()} 条"),
        (
            "参评单位",
            "；".join(f"{name or '未分组'} {count} 家" for name, count in groups.items() if count)
            or "没有选定",
        ),
        (
            "规则集",
            f"{campaign.rulebook.title} {campaign.rulebook.version}，{len(leaves)} 项指标",
        ),
        ("条文没有规定的数字", f"{len(numbers_of(campaign))} 项，列在下面，{decided}"),
        ("时间安排", f"{campaign.timetable} {campaigns.TIMETABLES.get(campaign.timetable, '没有选定')}"),
        ("公开范围", campaigns.PUBLICATION_LEVELS[campaign.publication_level]),
    ]
    if window:
        facts.insert(6, ("考核期", f"{cn_date(window.start)}至{cn_date(window.end)}"))
    return facts


def _result_facts(campaign: Campaign) -> list[tuple[str, str]]:
    sheet = sheets.signed_result(campaign)
    if sheet is None:
        return [("呈批事项", f"{campaign.title}结果"), ("计分表", "还没有签发")]
    names = sheets.grade_names(campaign)
    counts = dict.fromkeys(names.values(), 0)
    for row in sheets.all_rows(sheet):
        name = names.get(row.summary["grade"] or "")
        if name:
            counts[name] += 1
    sign = sheets.sign_off_of(sheet)
    return [
        ("呈批事项", f"{campaign.title}结果"),
        ("等次分布", "；".join(f"{name} {count} 家" for name, count in counts.items()) or "没有等次"),
        ("计分表", f"截至{cn_date(sheet.as_of)}，校验值 {sheet.digest}"),
        ("签发", f"{sign.signed_by.name}，{cn_date(sign.at)}" if sign else "还没有签发"),
        ("公开范围", campaigns.PUBLICATION_LEVELS[campaign.publication_level]),
    ]


def _sheet_title(campaign: Campaign, subject: str) -> str:
    return f"{campaign.title}{'结果' if subject == approval.CORRECTION else ''}{approval.SUBJECTS[subject]}"


def opened(request: SignedIn, key: OrganisedYear, subject: str) -> tuple[Campaign, ApprovalState]:
    """The year and how far its sheet is, for whoever sees it. Raises ``Http404``, ``PermissionDenied``."""
    if subject not in approval.SUBJECTS:
        raise Http404
    campaign = campaign_of(key)
    require(policy.can_see_campaign(request.actor, key))
    return campaign, campaigns.approval_state(campaign, subject)
