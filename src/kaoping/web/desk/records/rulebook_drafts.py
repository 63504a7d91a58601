"""An organiser's own rulebook: handed in as a ZIP, looked through and compared before it is kept, and taken back."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Actor, Organising, Refused
from kaoping.accounts.doors import somewhere
from kaoping.campaigns.services.rulebook import withdraw_rulebook
from kaoping.registry import queries as registry
from kaoping.registry.queries import organisers
from kaoping.registry.queries.organisers import served
from kaoping.standards import policy, queries
from kaoping.standards.comparison import Change
from kaoping.standards.handing_in import Examination, NotTaken, examined, texts_of_pack
from kaoping.standards.pack import MAX_PACK
from kaoping.standards.services import hand_in
from kaoping.support import clock
from kaoping.web.desk.records.rulebook_difference import change_cells
from kaoping.web.desk.years import ReasonForm, act_page, require
from kaoping.web.ui.filled import Filled, filled
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.measured import Spoken
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import DataTable
from kaoping.web.ui.requests import SignedIn

ONLY: Final = "规则集草案由组织考核的经办交存。"
# Who can organise a year of assessment (考核办法 第四条、第九条、第十条).
ORGANISERS: Final = ("government", "district_government", "department")
SHOWN: Final = 200


class DraftForm(forms.Form):
    """What goes with the file: the file itself once it was looked through, and that it is to be kept, for whom."""

    confirm = Spoken("确认交存", widget=forms.HiddenInput)
    kept = Spoken("规则集文件", widget=forms.HiddenInput)
    organiser = Spoken("由谁组织考核时用", widget=forms.Select)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_page(request: SignedIn) -> HttpResponse:
    """Choose a ZIP, see what it would change, then keep it as a draft."""
    require(somewhere(policy.can_hand_in, request.actor), ONLY)
    given = _filled(request)
    if request.method != "POST":
        return _page(request, given)
    try:
        content = _content(request, given)
        found = examined(
            texts_of_pack(content),
            last=queries.in_force(served(request.actor), clock.today()) or queries.newest_version(),
        )
    except (Refused, NotTaken) as refusal:
        return _page(request, given, errors=[Mistake(str(refusal), "#rulebook-file")])
    if given.text("confirm") != "1":
        return _page(request, given, found=found, kept=base64.b64encode(content).decode())
    try:
        version = hand_in(
            actor=request.actor,
            rulebook=found.rulebook,
            organiser=given.text("organiser"),
            now=clock.now(),
        )
    except Refused as refusal:
        return _page(
            request,
            given,
            found=found,
            kept=base64.b64encode(content).decode(),
            errors=[Mistake(str(refusal))],
        )
    messages.success(
        request, f"已交存 {version.title} {version.version}，是草案。在年度方案里选用，随方案呈批。"
    )
    return redirect("desk-rulebook", version.pk)


def _filled(request: SignedIn) -> Filled:
    form = DraftForm(request.POST)
    form.is_valid()
    return filled(form)


def _content(request: SignedIn, given: Filled) -> bytes:
    """The chosen file, or the one that the preview carries back. Raises ``Refused``."""
    upload, kept = request.FILES.get("file"), given.text("kept")
    if isinstance(upload, UploadedFile):
        if (upload.size or 0) > MAX_PACK:
            raise Refused("ZIP 超过 4 MB，没有读。请只打包规则集的文件夹。")
        return bytes(upload.read())
    try:
        if kept and len(kept) <= MAX_PACK * 2:
            return base64.b64decode(kept, validate=True)
    except binascii.Error:
        pass
    raise Refused("请先选规则集的 ZIP 文件。")


def _page(
    request: SignedIn,
    given: Filled,
    *,
    found: Examination | None = None,
    kept: str = "",
    errors: list[Mistake] | None = None,
) -> HttpResponse:
    mistakes = errors or []
    if mistakes:
        title = "规则集没有交存"
    elif found is not None:
        title = f"{found.rulebook.title} {found.rulebook.version} 可以交存"
    else:
        title = "交存自己的规则集"
    book = found.rulebook if found else None
    context = {
        "title": title,
        "crumbs": [Crumb(label="指标体系", url=reverse("desk-rulebooks")), Crumb(label="交存")],
        "errors": mistakes,
        "found": found,
        "facts": _facts(found) if found else [],
        "to_parent": _table(found.to_parent, "与上级比") if found and found.parent else None,
        "to_last": _table(found.to_last, "与现用的比") if found and found.last else None,
        "leaves": len(list(book.rubric.leaves())) if book else 0,
        "kept": kept,
        "organisers": _organisers(request.actor),
        "chosen": given.text("organiser") or organisers.main_code(on=clock.today()),
    }
    return render(request, "desk/records/rulebook_hand_in.html", context, status=409 if mistakes else 200)


def _facts(found: Examination) -> list[tuple[str, str]]:
    book = found.rulebook
    rows = [("规则集", f"{book.title}（{book.id} {book.version}）"), ("发布机关", book.issuer)]
    if found.parent is not None:
        rows.append(
            ("上级规则集", f"{found.parent.title} {found.parent.version}，{len(found.to_parent)} 处不同")
        )
    if found.last is not None:
        rows.append(("现用的规则集", f"{found.last.title} {found.last.version}，{len(found.to_last)} 处不同"))
    return [*rows, ("校验值", book.digest), *(("注意", note) for note in found.notes)]


def _table(changes: Any, caption: str) -> DataTable:
    rows: list[Change] = list(changes)[:SHOWN]
    return data_table(
        columns=["指标", "增删改", "哪里", "原来", "现在"],
        rows=rows,
        cells=change_cells,
        params={},
        caption=caption,
        empty=Empty(title="指标没有差别。"),
        fold=True,
    )


def _organisers(actor: Actor) -> list[tuple[str, str]]:
    rows = registry.organisations(on=clock.today()).filter(kind__in=ORGANISERS)
    return [(one.code, one.name) for one in rows if policy.can_hand_in(actor, Organising(one.code))]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, version_id: int) -> HttpResponse:
    """Take a draft back, with the reason."""
    require(somewhere(policy.can_hand_in, request.actor), ONLY)
    version = queries.version(version_id)
    if version is None or not version.draft:
        raise Http404
    page = reverse("desk-rulebook", args=[version_id])

    def run(data: dict[str, Any]) -> str:
        withdraw_rulebook(actor=request.actor, version=version, reason=data["reason"], now=clock.now())
        return f"已撤回 {version.title} {version.version}。"

    return act_page(
        request,
        form=ReasonForm(request.POST or None),
        title=f"撤回草案 {version.title} {version.version}",
        crumbs=(
            Crumb(label="指标体系", url=reverse("desk-rulebooks")),
            Crumb(label=version.title, url=page),
            Crumb(label="撤回"),
        ),
        button="撤回草案",
        run=run,
        back=page,
        locked=withdraw_rulebook.check(actor=request.actor, version=version, reason="", now=clock.now())
        or "",
        danger=True,
    )
