"""Materials that must not stay as they are: refused, sealed, proposed for destruction; one file with its uses and copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.evidence import logic, policy, queries
from kaoping.patterns import linear
from kaoping.support import clock
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime

SHOWN: Final = 50
_BEGINNING: Final = linear(r"[0-9a-f]{8,64}")
DOOR: Final = "材料处置由政务公开办、签发人和领导小组查看。"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what it is, what is said of it, when, and where it leads."""

    label: str
    words: str
    at: datetime
    url: str


def door(request: SignedIn) -> None:
    """Who sees material at the desk. Raises ``PermissionDenied``."""
    if not policy.can_see_disposals(request.actor):
        raise PermissionDenied(DOOR)


@require_safe
def materials(request: SignedIn) -> HttpResponse:
    """What waits for a second person, what is sealed, what was refused; and the way to one file by its digest."""
    door(request)
    asked = request.GET.get("digest", "").replace(" ", "").strip().lower()
    found, fault = _find(asked)
    if len(found) == 1:
        return redirect("desk-material", found[0])
    waiting = [one for one in queries.proposals()[:500] if not hasattr(one, "decision")]
    sealed = list(queries.seals()[:SHOWN])
    count = len(waiting)
    title = (
        f"材料处置：|{count} 件待第二人确认，{len(sealed)} 份在封存"
        if count or sealed
        else "材料处置：|没有待办"
    )
    context = {
        "title": title,
        "asked": asked,
        "fault": fault,
        "found": [Row(f"校验值 {one[:16]}…", "", clock.now(), url_of(one)) for one in found],
        "waiting": [
            Row(f"{logic.PROPOSALS[one.kind]} {one.sha256[:8]}", f"{one.by} 提出", one.at, url_of(one.sha256))
            for one in waiting
        ],
        "sealed": [
            Row(
                f"封存 {one.sha256[:8]}",
                f"{one.by} 封存，情况报告期限 {cn_datetime(logic.report_due(one.at))}",
                one.at,
                url_of(one.sha256),
            )
            for one in sealed
        ],
        "refused": [
            Row(f"拒收 {one.sha256[:8]}", f"{one.by} 上传", one.at, url_of(one.sha256))
            for one in queries.refused_files()[:SHOWN]
        ],
    }
    return render(request, "desk/records/materials.html", context, status=422 if fault else 200)


def _find(asked: str) -> tuple[list[str], str]:
    if not asked:
        return [], ""
    if _BEGINNING.fullmatch(asked) is None:
        return [], "请输入校验值的前 8 位或更多（数字和字母 a 到 f）。"
    found = queries.digests_like(asked)
    return found, "" if found else "没有校验值这样开头的材料。"


def url_of(sha256: str) -> str:
    """The page of a file."""
    return reverse("desk-material", args=[sha256])
