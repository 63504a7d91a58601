"""The list of places of each unit: where its visits were, and which names mean one place."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Refused
from kaoping.inspection import policy, queries
from kaoping.inspection.services import name_place
from kaoping.registry.queries import organisation
from kaoping.support import clock
from kaoping.web.desk.monitoring.visits import scope
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, points


@require_safe
def places(request: SignedIn) -> HttpResponse:
    """Units with places, each with the way to its list."""
    table = paged_table(
        columns=["单位", "名单上的写法", "名单"],
        rows=queries.units_with_places(scope(request.actor)),
        cells=lambda one: [
            one.short_name,
            f"{points(one.names)} 个",
            Cell(text="看地点名单", url=reverse("desk-places-unit", args=[one.code])),
        ],
        params=request.GET,
        caption="有地点名单的单位",
        empty=Empty(title="还没有地点。", text="检查员登记实地查看后，到过的地点列入本单位的名单。"),
        files=False,
    )
    title = f"地点名单：|{points(table.total)} 个单位"
    context = {"title": title, "head": _head(title), "table": table}
    return render(request, "desk/monitoring/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_unit(request: SignedIn, code: str) -> HttpResponse:
    """One unit's list: each place once, with its other spellings; the office says which names mean one place."""
    codes, unit = scope(request.actor), organisation(code)
    if unit is None or (codes is not None and code not in codes):
        raise Http404
    error = ""
    if request.method == "POST":
        place, same_as = request.POST.get("place", ""), request.POST.get("same_as", "")
        try:
            if request.POST.get("act") == "join" and not same_as:
                raise Refused("请选是哪一处的另一种写法。")
            name_place(
                actor=request.actor, organisation_code=code, place=place, same_as=same_as, now=clock.now()
            )
        except Refused as refused:
            error = str(refused)
        else:
            done = f"已登记：“{place}”即“{same_as}”。" if same_as else f"已登记：“{place}”另是一处。"
            messages.success(request, done)
            return redirect("desk-places-unit", code)
    spots = queries.spots(code)
    title = f"{unit.short_name}：|地点 {points(len(spots))} 处"
    listed = Crumb(label="地点名单", url=reverse("desk-places"))
    context = {
        "title": title,
        "head": _head(title, listed, Crumb(unit.short_name)),
        "errors": [Mistake(error, "#p-place")] if error else [],
        "has_errors": bool(error),
        "unit": unit,
        "rows": [
            {"name": one.name, "others": one.others, "since": f"{cn_date(one.since)} 起"} for one in spots
        ],
        "names": [name for one in spots for name in (one.name, *one.others)],
        "typed": request.POST,
        "may_name": policy.can_name_place(request.actor),
    }
    return render(request, "desk/monitoring/places_unit.html", context, status=422 if error else 200)


def _head(title: str, *further: Crumb) -> Head:
    first = Crumb(label="实地查看", url=reverse("desk-visits"))
    return Head(title=title, crumbs=(first, *(further or (Crumb(label="地点名单"),))))
