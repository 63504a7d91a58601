"""The inspector's phone: today's units, any other unit by name, and what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.accounts.actor import Actor
from kaoping.accounts.doors import somewhere
from kaoping.beijing import day_of
from kaoping.evidence.queries import gone_among
from kaoping.inspection import logic, policy, queries
from kaoping.rectification import queries as cases
from kaoping.rectification.queries.rows import Case
from kaoping.registry.queries import organisers, search
from kaoping.support import clock
from kaoping.web.ui.attachment import attachment, is_digest
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.proofs import closed
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime, cn_short_datetime

DOOR = "这一页给检查员用。请安全管理员授予检查员岗位。"
FOUND = 20
OWN = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit of the draw: whether it was visited, and where its visit is recorded."""

    name: str
    full: str
    done: bool
    url: str


def inspector(request: SignedIn) -> None:
    """The door."""
    if not somewhere(policy.can_record_visit, request.actor):
        raise PermissionDenied(DOOR)


def _when(visited_at: datetime, day: date) -> str:
    """With the year where it is another than this one."""
    return cn_short_datetime(visited_at) if day_of(visited_at).year == day.year else cn_datetime(visited_at)


def _to_check(actor: Actor) -> QuerySet[Case]:
    """Answered orders to be looked at. What a rule found is looked at again by itself as soon as the unit answers."""
    return cases.cases(state="answered", scope=cases.visible(actor)).filter(check_id="")[:10]


@require_safe
def today(request: SignedIn) -> HttpResponse:
    """Units of the newest draw in its order, what is still to visit first; a search for any other unit."""
    inspector(request)
    day = clock.today()
    draw, drawn = queries.todays_units(organisers.served(request.actor), on=day)
    visited = queries.visited_codes(draw) if draw else set()
    rows = [
        Drawn(
            unit.short_name,
            unit.name,
            unit.code in visited,
            f"{reverse('field-visit', args=[unit.code])}?draw={draw.pk if draw else ''}",
        )
        for unit in drawn
    ]
    words = request.GET.get("words", "").strip()
    found = list(search(words=words, on=day)[:FOUND]) if words else []
    left = sum(not row.done for row in rows)
    title = f"还有 {left} 个单位要去" if left else ("抽中的单位都去过了" if rows else "今天没有抽中的单位")
    late = queries.Lateness()
    mine = queries.visits(inspector=request.actor.id)
    own = [
        {
            "visit": one,
            "outcome": logic.OUTCOMES[one.outcome],
            "late": late.words(one),
            "when": _when(one.visited_at, day),
        }
        for one in (mine if "all" in request.GET else mine[:OWN])
    ]
    context = {
        "title": title,
        "draw": draw,
        "rows": sorted(rows, key=lambda row: row.done),
        "words": words,
        "found": found,
        "own": own,
        "own_total": mine.count(),
        "to_check": _to_check(request.actor),
    }
    return render(request, "field/today.html", context)


@require_safe
def result(request: SignedIn, visit_id: int) -> HttpResponse:
    """What was recorded, with its digest: the phone may now forget it."""
    inspector(request)
    visit = queries.visit(visit_id)
    if visit is None or str(visit.inspector_id) != request.actor.id:
        raise Http404
    names = {code: name for code, name, _how in queries.visit_items()}
    context = {
        "title": f"已登记：|{visit.organisation.short_name}，|{logic.OUTCOMES[visit.outcome]}",
        "visit": visit,
        "late": queries.Lateness().words(visit),
        "back_url": reverse("field-today"),
        "back_label": "今天",
        "rows": [
            ("地点", visit.place),
            ("看的是什么", names.get(visit.item, "") or visit.item or visit.check_id),
            ("结果", logic.OUTCOMES[visit.outcome]),
            *([("说明", visit.note)] if visit.note else []),
            ("到场时间", cn_datetime(visit.visited_at)),
            ("登记时间", cn_datetime(visit.recorded_at)),
        ],
        "photos": [
            closed(
                Artefact(
                    "现场照片",
                    reverse("field-photo", args=[visit.photo]),
                    "photo",
                    sha256=visit.photo,
                    state="服务器已存",
                ),
                gone_among([visit.photo]).get(visit.photo),
            )
        ]
        if visit.photo
        else [],
    }
    return render(request, "field/result.html", context)


@require_safe
def photo(request: SignedIn, sha256: str) -> HttpResponse:
    """A photo, as a file to save."""
    if not is_digest(sha256) or not queries.photo_seen_by(request.actor, sha256):
        raise Http404
    return attachment(sha256, f"{sha256[:16]}.jpg")
