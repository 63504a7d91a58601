"""Acts on the approval sheet: sign it, send it back, attach the signed scan (考核办法 第四条)."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.campaigns.logic import approval
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import approval as approval_verbs
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.year.approval_paper import SUBJECT_TITLES, facts_of, opened
from kaoping.web.desk.years import ReasonForm, act_page, crumbs
from kaoping.web.ui.filled import filled
from kaoping.web.ui.requests import SignedIn, pledged

MAX_BYTES: Final = 20 * 1024 * 1024


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
def sign(request: SignedIn, key: OrganisedYear, subject: str) -> HttpResponse:
    """Sign the step that is awaited."""
    campaign, state = opened(request, key, subject)
    locked = approval_verbs.approve.check(actor=request.actor, campaign=campaign, subject=subject)

    def run(data: dict[str, Any]) -> str:
        row = approval_verbs.approve(
            actor=request.actor, campaign=campaign, subject=subject, opinion=data["opinion"], now=clock.now()
        )
        return f"{approval.LABEL_OF[row.step]}已签批。"

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
def send_back(request: SignedIn, key: OrganisedYear, subject: str) -> HttpResponse:
    """Send the paper back: the signatures before no longer count."""
    campaign, _state = opened(request, key, subject)

    def run(data: dict[str, Any]) -> str:
        approval_verbs.return_approval(
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
        locked=approval_verbs.return_approval.check(actor=request.actor, campaign=campaign, subject=subject)
        or "",
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
def scan(request: SignedIn, key: OrganisedYear, subject: str) -> HttpResponse:
    """Attach the signed scan."""
    campaign, _state = opened(request, key, subject)

    def run(data: dict[str, Any]) -> str:
        file = data["file"]
        approval_verbs.attach_scan(
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
        locked=approval_verbs.attach_scan.check(actor=request.actor, campaign=campaign, subject=subject)
        or "",
    )


def _act(request: SignedIn, campaign: Campaign, subject: str, *, title: str, **more: Any) -> HttpResponse:
    back = reverse("desk-approval", args=[campaign.key, subject])
    return act_page(
        request,
        title=title,
        crumbs=crumbs(campaign, (SUBJECT_TITLES[subject], back), title),
        back=back,
        **more,
    )
