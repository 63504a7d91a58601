"""Import a roster: choose a file, see what it would do or what is wrong with it, then store it, all or none."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.registry import policy, queries
from kaoping.registry.roster import FIELDS, MAX_BYTES
from kaoping.registry.services import RosterRefused, import_roster
from kaoping.support import clock
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn, table_file

SHOWN: Final = 200


@require_http_methods(["GET", "POST"])
def register_import(request: SignedIn) -> HttpResponse:
    """The page, its preview, and the confirmed import."""
    if not policy.can_change_register(request.actor):
        raise PermissionDenied("单位名录由市政务公开办经办导入。")
    if request.method != "POST":
        return _page(request)
    try:
        name, content = _given(request)
    except Refused as refusal:
        return _page(request, errors=[Mistake(str(refusal), "#roster-file")])
    if request.POST.get("confirm") == "1":
        try:
            done = import_roster(actor=request.actor, filename=name, content=content, now=clock.now())
        except RosterRefused as refusal:  # the register changed between preview and confirmation
            return _page(request, faults=refusal.faults, name=name)
        messages.success(
            request,
            f"已导入 {name}：新增 {done.added} 个，修改 {done.changed} 个，未变 {done.unchanged} 个。",
        )
        return redirect("desk-register")
    plan = queries.preview(name, content)
    if plan.faults:
        return _page(request, faults=plan.faults, name=name, notes=plan.notes)
    return _page(request, plan=plan, name=name, notes=plan.notes, kept=base64.b64encode(content).decode())


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


def _page(request: SignedIn, **found: Any) -> HttpResponse:
    faults = list(found.get("faults", ()))
    plan = found.get("plan")
    errors = [*found.get("errors", ()), *(Mistake(str(one)) for one in faults[:SHOWN])]
    if errors:
        title = f"{found.get('name') or '名录'}没有导入：{len(faults) or len(errors)} 处要改"
    elif plan is not None:
        title = f"{found['name']}可以导入：新增 {len(plan.added)} 个，修改 {len(plan.changed)} 个"
    else:
        title = "导入单位名录"
    context = {
        **found,
        "title": title,
        "errors": errors,
        "more": max(0, len(faults) - SHOWN),
        "has_errors": bool(errors),
        "fields": list(FIELDS.items()),
        "shown": SHOWN,
    }
    return render(request, "desk/records/register_import.html", context)
