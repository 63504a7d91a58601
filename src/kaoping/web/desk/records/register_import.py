"""Import a roster: choose a file, see what it would do or what is wrong with it, then store it, all or none."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.foreign.sheet import Fault
from kaoping.registry import policy, queries
from kaoping.registry.roster import FIELDS, MAX_BYTES
from kaoping.registry.services import RosterRefused, import_roster
from kaoping.support import clock
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn, form_status, table_file

SHOWN: Final = 200


@require_http_methods(["GET", "POST"])
def register_import(request: SignedIn) -> HttpResponse:
    """The page, its preview, and the confirmed import."""
    if not policy.can_change_register(request.actor):
        raise PermissionDenied("单位名录由政务公开办经办导入。")
    if request.method != "POST":
        return _page(request, Found())
    try:
        name, content = _given(request)
    except Refused as refusal:
        return _page(request, Found(errors=(Mistake(str(refusal), "#roster-file"),)))
    if request.POST.get("confirm") == "1":
        try:
            done = import_roster(actor=request.actor, filename=name, content=content, now=clock.now())
        except RosterRefused as refusal:  # the register changed between preview and confirmation
            return _page(request, Found(name, faults=tuple(refusal.faults)))
        words = f"新增 {done.added} 个，修改 {done.changed} 个，未变 {done.unchanged} 个。"
        messages.success(request, f"已导入 {name}：{words}")
        return redirect("desk-register")
    plan = queries.preview(name, content)
    if plan.faults:
        return _page(request, Found(name, faults=tuple(plan.faults), notes=tuple(plan.notes)))
    kept = base64.b64encode(content).decode()
    return _page(request, Found(name, plan=plan, notes=tuple(plan.notes), kept=kept))


def _given(request: SignedIn) -> tuple[str, bytes]:
    """The chosen file, or the one that the preview page carries back. Raises ``Refused``."""
    kept = request.POST.get("kept", "")
    if "file" in request.FILES or not kept:
        upload = table_file(request)
        return str(upload.name)[:120], upload.read()
    try:
        if len(kept) <= MAX_BYTES * 2:
            return request.POST.get("name", "名录.csv")[:120], base64.b64decode(kept, validate=True)
    except binascii.Error:
        pass
    raise Refused("预览带回的文件读不出来，没有导入。请重新选文件。")


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a file so far: what it would do (``plan``, with the file itself ``kept``), or what is wrong with it."""

    name: str = ""
    plan: queries.RosterPreview | None = None
    notes: tuple[str, ...] = ()
    kept: str = ""
    faults: tuple[Fault, ...] = ()
    errors: tuple[Mistake, ...] = ()

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What is to be mended, the first of many."""
        return (*self.errors, *(Mistake(str(one)) for one in self.faults[:SHOWN]))

    @property
    def title(self) -> str:
        """What the page says above all."""
        if self.mistakes:
            return f"{self.name or '名录'}没有导入：{len(self.faults) or len(self.errors)} 处要改"
        if self.plan is None:
            return "导入单位名录"
        added, changed = len(self.plan.added), len(self.plan.changed)
        return f"{self.name}可以导入：新增 {added} 个，修改 {changed} 个"


def _page(request: SignedIn, found: Found) -> HttpResponse:
    context = {
        "title": found.title,
        "crumbs": (Crumb("单位名录", reverse("desk-register")), Crumb("导入")),
        "name": found.name,
        "plan": found.plan,
        "notes": found.notes,
        "kept": found.kept,
        "faults": found.faults,
        "errors": found.mistakes,
        "more": max(0, len(found.faults) - SHOWN),
        "has_errors": bool(found.mistakes),
        "fields": list(FIELDS.items()),
        "shown": SHOWN,
    }
    status = form_status(wrong=bool(found.mistakes))
    return render(request, "desk/records/register_import.html", context, status=status)
