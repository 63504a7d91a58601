"""The register of places: each unit's list, what enters it, what a place is called, and which names mean one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor, Refused
from kaoping.foreign.days import strict_day
from kaoping.registry import policy
from kaoping.registry.logic import PLACE_KINDS
from kaoping.registry.queries import organisation
from kaoping.registry.queries import places as queries
from kaoping.registry.services.places import (
    PLACES,
    PlacesRefused,
    add_place,
    close_place,
    import_places,
    name_place,
    rename_place,
)
from kaoping.support import clock
from kaoping.web.desk.visited import scope
from kaoping.web.ui.filled import Filled, filled
from kaoping.web.ui.measured import Spoken, line
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.requests import SignedIn, table_file
from kaoping.web.ui.wording import cn_date, points

SHOWN: Final = 200
_ANCHORS: Final = {"add": "#p-name", "rename": "#p-which", "close": "#p-closing"}


@require_safe
def places(request: SignedIn) -> HttpResponse:
    """Units, each with how many places it has and the way to its list; where something waits to be added first."""
    table = paged_table(
        columns=["单位", "地点", "待登记", "名单"],
        rows=queries.units_with_places(scope(request.actor).codes),
        cells=lambda one: [
            one.short_name,
            f"{points(one.spots)} 处",
            f"{points(one.waiting)} 处" if one.waiting else "",
            Cell(text="看地点名单", url=reverse("desk-places-unit", args=[one.code])),
        ],
        params=request.GET,
        caption="各单位的地点名单",
        empty=Empty(title="还没有单位。", text="先导入单位名录，再登记地点。"),
        files=False,
    )
    title = f"地点名单：|{points(table.total)} 个单位"
    context = {
        "title": title,
        "head": _head(title),
        "table": table,
        "may_keep": policy.can_keep_places(request.actor),
    }
    return render(request, "desk/people/places.html", context)


@dataclass(frozen=True, slots=True)
class Line:
    """One place of a unit's list."""

    code: str
    name: str
    kind: str
    others: tuple[str, ...]
    since: str
    proposed: bool
    closed: str


class PlaceForm(forms.Form):
    """The fields of all acts on one unit's list; each act reads its own, and its verb measures them."""

    act = Spoken("办什么", widget=line())
    name = Spoken("地点名称", widget=line())
    kind = Spoken("类别", widget=line())
    located = Spoken("所在地", widget=line())
    which = Spoken("哪一处", widget=line())
    on = Spoken("最后一天", widget=line())
    place = Spoken("这种写法", widget=line())
    same_as = Spoken("就是这一处", widget=line())


@require_http_methods(["GET", "HEAD", "POST"])
def of_unit(request: SignedIn, code: str) -> HttpResponse:
    """One unit's list: each place once, with its other names; the office adds, renames, closes and joins."""
    codes, unit = scope(request.actor).codes, organisation(code)
    if unit is None or (codes is not None and code not in codes):
        raise Http404
    form, error = PlaceForm(request.POST), ""
    form.is_valid()
    given = filled(form)
    if request.method == "POST":
        try:
            done = _ACTS.get(given.text("act"), _join)(request.actor, code, given)
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, done)
            return redirect("desk-places-unit", code)
    spots = queries.spots(code)
    title = f"{unit.short_name}：|地点 {points(len(spots))} 处"
    listed = Crumb(label="地点名单", url=reverse("desk-places"))
    context = {
        "title": title,
        "head": _head(title, listed, Crumb(unit.short_name)),
        "errors": [Mistake(error, _ANCHORS.get(given.text("act"), "#p-place"))] if error else [],
        "has_errors": bool(error),
        "unit": unit,
        "rows": [_line(one) for one in spots],
        "open": [one for one in spots if one.closed_on is None],
        "names": [name for one in spots for name in (one.name, *one.others)],
        "kinds": list(PLACE_KINDS.items()),
        "typed": {name: given.text(name) for name in form.fields},
        "may_keep": policy.can_keep_places(request.actor),
    }
    return render(request, "desk/people/places_unit.html", context, status=422 if error else 200)


def _line(one: queries.Spot) -> Line:
    closed = f"末日 {cn_date(one.closed_on)}" if one.closed_on else ""
    kind = PLACE_KINDS.get(one.kind, "类别没有登记")
    return Line(one.code, one.words, kind, one.others, f"{cn_date(one.since)} 起", one.proposed, closed)


def _add(actor: Actor, code: str, given: Filled) -> str:
    place = add_place(
        actor=actor,
        organisation_code=code,
        name=given.text("name"),
        kind=given.text("kind"),
        located=given.text("located"),
        now=clock.now(),
    )
    return f"已登记“{place.name}”，编号 {place.code}。"


def _rename(actor: Actor, code: str, given: Filled) -> str:
    place = rename_place(
        actor=actor,
        place=_chosen(given, code),
        name=given.text("name"),
        now=clock.now(),
    )
    return f"已改名为“{place.name}”，原来的名称留在名单上。"


def _close(actor: Actor, code: str, given: Filled) -> str:
    on = strict_day(given.text("on").strip())
    if on is None:
        raise Refused("请写最后一天，例如 2025-06-30。")
    place = close_place(actor=actor, place=_chosen(given, code), on=on, now=clock.now())
    return f"已停用“{place.name}”，末日 {cn_date(on)}。"


def _join(actor: Actor, code: str, given: Filled) -> str:
    name, same_as = given.text("place"), given.text("same_as")
    if given.text("act") == "join" and not same_as:
        raise Refused("请选是哪一处的另一种写法。")
    name_place(actor=actor, organisation_code=code, place=name, same_as=same_as, now=clock.now())
    return f"已登记：“{name}”即“{same_as}”。" if same_as else f"已登记：“{name}”另是一处。"


def _chosen(given: Filled, code: str) -> Any:
    found = queries.place(code, given.text("which"))
    if found is None:
        raise Refused("请选是哪一处。")
    return found


_ACTS: Final[dict[str, Callable[[Actor, str, Filled], str]]] = {
    "add": _add,
    "rename": _rename,
    "close": _close,
    "join": _join,
}


@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SignedIn) -> HttpResponse:
    """A table of places of many units: stored whole, or everything that is wrong with it at once."""
    if not policy.can_keep_places(request.actor):
        raise PermissionDenied("地点由政务公开办登记。")
    errors, notes = [], []
    if request.method == "POST":
        try:
            upload = table_file(request)
            done = import_places(
                actor=request.actor, filename=str(upload.name)[:120], content=upload.read(), now=clock.now()
            )
        except PlacesRefused as refusal:
            errors, notes = [Mistake(str(one)) for one in refusal.faults[:SHOWN]], list(refusal.notes)
        except Refused as refusal:
            errors = [Mistake(str(refusal), "#p-file")]
        else:
            messages.success(request, f"已登记 {done.changed} 处，原来就有的 {done.unchanged} 处。")
            for words in done.notes:
                messages.warning(request, words)
            return redirect("desk-places")
    title = f"地点名单没有导入：|{len(errors)} 处要改" if errors else "导入地点名单"
    listed = Crumb(label="地点名单", url=reverse("desk-places"))
    context = {
        "title": title,
        "head": _head(title, listed, Crumb("导入")),
        "errors": errors,
        "has_errors": bool(errors),
        "notes": notes,
        "columns": PLACES.columns,
        "kinds": "、".join(PLACE_KINDS.values()),
    }
    return render(request, "desk/people/places_import.html", context, status=422 if errors else 200)


def _head(title: str, *further: Crumb) -> Head:
    first = Crumb(label="实地查看", url=reverse("desk-visits"))
    return Head(title=title, crumbs=(first, *(further or (Crumb(label="地点名单"),))))
