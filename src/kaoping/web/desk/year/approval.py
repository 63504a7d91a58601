"""The approval sheet (呈批表) of the plan or of the result: signatures in order, print, the signed scan (考核办法 第四条)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval as logic
from kaoping.campaigns.logic import step_back
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import items, period
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.campaigns.queries.campaign import ApprovalState, Campaign
from kaoping.campaigns.services import approval as services
from kaoping.evidence.policy import can_see_ledger
from kaoping.registry.queries import short_names_of
from kaoping.reporting import approval_sheet
from kaoping.reporting.open_numbers import open_numbers
from kaoping.reporting.render.docx import render as render_docx
from kaoping.scoring.provenance import standing_mark
from kaoping.scoring.sheet import WrittenUnit
from kaoping.standards import queries as standards
from kaoping.standards.numbers import Number
from kaoping.support import clock
from kaoping.web.desk.signatures import strip_of
from kaoping.web.desk.years import DOCX, ReasonForm, act_page, attachment, campaign_of, crumbs, require
from kaoping.web.ui.filled import filled
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.head import Head
from kaoping.web.ui.requests import SignedIn, pledged
from kaoping.web.ui.wording import cn_date

SUBJECT_TITLES: Final = {"plan": "方案呈批", "result": "结果呈批", "correction": "更正呈批"}
MAX_BYTES: Final = 20 * 1024 * 1024


@require_safe
def of_subject(request: SignedIn, year: int, subject: str) -> HttpResponse:
    """How far the sheet is, what it says, and the next act."""
    campaign, state = _open(request, year, subject)
    title = _title(subject, campaign, state)
    here = [year, subject]
    asked = {"actor": request.actor, "campaign": campaign, "subject": subject}
    signing, attaching = services.approve.check(**asked), services.attach_scan.check(**asked)
    context = {
        "title": title,
        "campaign": campaign,
        "subject": subject,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, SUBJECT_TITLES[subject]),
            actions=(
                Action(label="打印页", url=reverse("desk-approval-print", args=here), icon="printer"),
                Action(label="下载 DOCX", url=reverse("desk-approval-docx", args=here), icon="download"),
            ),
        ),
        "strip": strip_of(state),
        "facts": facts_of(campaign, subject),
        "numbers": numbers_of(campaign) if subject == "plan" else (),
        "numbers_mark": standing_mark(campaigns.adoption_of(campaign)),
        "grades": grades_of(campaign, subject),
        "returned": returned_words(campaign, subject, state),
        "history": _history(state),
        "scan": state.scan,
        "may_open": can_see_ledger(request.actor),
        "acts": _acts(request, campaign, subject, state, signing, attaching),
    }
    return render(request, "desk/year/approval.html", context)


class SignForm(forms.Form):
    """The opinion that goes onto the sheet."""

    opinion = forms.CharField(
        label="意见",
        max_length=200,
        initial="同意",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请写意见，如“同意”。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedIn, year: int, subject: str) -> HttpResponse:
    """Sign the step that is awaited."""
    campaign, state = _open(request, year, subject)
    locked = services.approve.check(actor=request.actor, campaign=campaign, subject=subject)

    def run(data: dict[str, Any]) -> str:
        row = services.approve(
            actor=request.actor, campaign=campaign, subject=subject, opinion=data["opinion"], now=clock.now()
        )
        return f"{logic.LABEL_OF[row.step]}已签批。"

    return _act(
        request,
        campaign,
        subject,
        form=SignForm(request.POST or None),
        title=f"{state.next_label or ''}签批{SUBJECT_TITLES[subject]}表",
        button="签批",
        run=run,
        locked=locked or "",
        facts=facts_of(campaign, subject),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: SignedIn, year: int, subject: str) -> HttpResponse:
    """Send the paper back: the signatures before no longer count."""
    campaign, _state = _open(request, year, subject)

    def run(data: dict[str, Any]) -> str:
        services.return_approval(
            actor=request.actor, campaign=campaign, subject=subject, reason=data["reason"], now=clock.now()
        )
        return "已退回，此前的签批不再有效。"

    return _act(
        request,
        campaign,
        subject,
        form=ReasonForm(request.POST or None),
        title=f"退回{SUBJECT_TITLES[subject]}表",
        button="退回",
        run=run,
        locked=services.return_approval.check(actor=request.actor, campaign=campaign, subject=subject) or "",
        notice="退回后，此前的签批不再有效，经办可以修改后重新呈批。",
    )


class ScanForm(forms.Form):
    """The signed sheet as a file, and the number that the office system gave it."""

    file = forms.FileField(
        label="签字扫描件",
        help_text="PDF 或图片，20 MB 以内。带密级标志的文件不收。",
        error_messages={"required": "请选签字扫描件。", "empty": "这个文件是空的，请重新扫描。"},
    )
    document_no = forms.CharField(
        label="文号",
        max_length=60,
        required=False,
        help_text="由办公系统编定后照录，如 常政公开办发〔2025〕1号。本平台不编文号。",
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Size."""
        file = filled(self).file("file")
        assert file is not None  # the field requires it
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError("文件超过 20 MB。请降低扫描分辨率后再传。")
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: SignedIn, year: int, subject: str) -> HttpResponse:
    """Attach the signed scan."""
    campaign, _state = _open(request, year, subject)

    def run(data: dict[str, Any]) -> str:
        file = data["file"]
        services.attach_scan(
            actor=request.actor,
            campaign=campaign,
            subject=subject,
            content=file.read(),
            name=file.name,
            confirmed=pledged(request),
            document_no=data["document_no"],
            now=clock.now(),
        )
        return "签字扫描件已附上。"

    return _act(
        request,
        campaign,
        subject,
        form=ScanForm(request.POST or None, request.FILES or None),
        title="附签字扫描件",
        button="附上",
        run=run,
        locked=services.attach_scan.check(actor=request.actor, campaign=campaign, subject=subject) or "",
    )


@require_safe
def docx(request: SignedIn, year: int, subject: str) -> HttpResponse:
    """The sheet in the layout of GB/T 9704, to be printed and signed."""
    campaign, state = _open(request, year, subject)
    title = _sheet_title(campaign, subject)
    blocks = approval_sheet.blocks(
        office=settings.KAOPING_OFFICE,
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
def print_page(request: SignedIn, year: int, subject: str) -> HttpResponse:
    """The same sheet as a page for the printer."""
    campaign, state = _open(request, year, subject)
    title = f"{_sheet_title(campaign, subject)}|呈批表"
    context = {
        "title": title,
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
            (SUBJECT_TITLES[subject], reverse("desk-approval", args=[year, subject])),
            "打印",
        ),
    }
    return render(request, "desk/year/approval_print.html", context)


def facts_of(campaign: Campaign, subject: str) -> list[tuple[str, str]]:
    """What the sheet asks approval of, and the facts it rests on."""
    if subject == logic.CORRECTION:
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
    correction = corrections.under_way(campaign) if subject == logic.CORRECTION else None
    if correction is None:
        return []
    moved = corrections.grades_moved(correction)
    names, units = sheets.grade_names(campaign), short_names_of({one.unit for one in moved})

    def grade(line: WrittenUnit | None) -> str:
        return names.get(line["grade"] or "", "未定") if line else "没有"

    return [Graded(units.get(one.unit, one.unit), grade(one.before), grade(one.after)) for one in moved]


def returned_words(campaign: Campaign, subject: str, state: ApprovalState) -> str:
    """What is open after the paper was sent back, once the sheet behind it is signed."""
    if subject == "plan" or not state.rows or state.rows[-1].step != logic.RETURNED:
        return ""
    if step_backs.unpublished(campaign) is None:
        return ""
    return f"要改的，由经办在“发布”点“{step_back.button(campaign.stage)}”；不用改的，重新签批。"


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
    for place, (_step, _role, label) in enumerate(logic.STEPS):
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


def _open(request: SignedIn, year: int, subject: str) -> tuple[Campaign, ApprovalState]:
    if subject not in logic.SUBJECTS:
        raise Http404
    campaign = campaign_of(year)
    require(policy.can_see_campaign(request.actor))
    return campaign, campaigns.approval_state(campaign, subject)


def _act(request: SignedIn, campaign: Campaign, subject: str, *, title: str, **more: Any) -> HttpResponse:
    back = reverse("desk-approval", args=[campaign.year, subject])
    return act_page(
        request,
        title=title,
        crumbs=crumbs(campaign, (SUBJECT_TITLES[subject], back), title),
        back=back,
        **more,
    )


def _acts(
    request: SignedIn,
    campaign: Campaign,
    subject: str,
    state: ApprovalState,
    signing: str | None,
    attaching: str | None,
) -> tuple[Action, ...]:
    here = [campaign.year, subject]

    def one(label: str, name: str, reason: str | None, kind: Literal["", "primary"] = "") -> Action:
        if reason:
            return Action(label=label, disabled=reason)
        return Action(label=label, url=reverse(name, args=here), kind=kind)

    made = []
    if state.next_step is not None and policy.can_approve(request.actor):
        made.append(one("签批", "desk-approval-sign", signing, "primary"))
    if services.return_approval.check(actor=request.actor, campaign=campaign, subject=subject) is None:
        made.append(one("退回", "desk-approval-return", None))
    if attaching is None and state.scan is not None:
        made.append(one("另附一份扫描件", "desk-approval-scan", None))  # the newest counts
    elif state.scan is None and policy.can_attach_scan(request.actor):
        made.append(one("附扫描件", "desk-approval-scan", attaching, "" if attaching else "primary"))
    return tuple(made)


def _title(subject: str, campaign: Campaign, state: ApprovalState) -> str:
    name = logic.SUBJECTS[subject]
    if state.complete:
        return f"{campaign.year} 年度{name}呈批表已签齐，|扫描件已附"
    if not campaigns.is_asked(campaign, subject):
        return f"{campaign.year} 年度|没有要呈批的更正"
    if state.next_label is None:
        return "三人都已签批，|待经办附签字扫描件"
    if campaign.stage != logic.STAGE_OF[subject]:
        return f"{name}呈批还没有到办理的时候"
    return f"{campaign.year} 年度{name}呈批表|等{state.next_label}签批"


def _sheet_title(campaign: Campaign, subject: str) -> str:
    return f"{campaign.title}{'结果' if subject == logic.CORRECTION else ''}{logic.SUBJECTS[subject]}"


def _history(state: ApprovalState) -> list[Entry]:
    return [
        Entry(
            "退回" if row.step == logic.RETURNED else f"{logic.LABEL_OF[row.step]}签批",
            at=row.at,
            actor=row.by.name,
            body=row.opinion,
            tone="neg" if row.step == logic.RETURNED else "",
        )
        for row in state.rows
    ]
