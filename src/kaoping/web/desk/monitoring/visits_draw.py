"""One draw: its protocol, which anybody can run again, and before it the form that runs it."""

from __future__ import annotations

import json
from typing import Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Refused
from kaoping.inspection import policy, queries
from kaoping.inspection.services import run_draw
from kaoping.registry.queries import short_names
from kaoping.support import clock
from kaoping.web.desk.monitoring.visits import may_see_draws
from kaoping.web.desk.monitoring.visits_draws import DOOR
from kaoping.web.ui.filled import filled
from kaoping.web.ui.measured import Spoken, line
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.table import Column, DataTable, Value, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, cn_datetime

DRAWN: Final = "已抽取。抽取记录随后公布在外网“随机抽取”页，公布以后任何人都可以照它重抽一遍。"


class ValueForm(forms.Form):
    """The public value that decides, as it was announced."""

    public_value = Spoken("公开数值", widget=line())

    def __init__(self, *args: object, source: str, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        taken = (
            f"布置时写明取自：{source}。照公布的原样填。"
            if source
            else "布置之后才产生、谁都能查到的数。请连同期号一起写。"
        )
        self.fields["public_value"].help_text = taken


def _found(request: SignedIn, draw_id: int) -> queries.Draw:
    """The draw behind the door."""
    if not may_see_draws(request.actor):
        raise PermissionDenied(DOOR)
    found = queries.draw(draw_id)
    if found is None or not policy.can_see_visits(request.actor, found):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: SignedIn, draw_id: int) -> HttpResponse:
    """The protocol; before the draw, the form that runs it."""
    found = _found(request, draw_id)
    form = ValueForm(request.POST if request.method == "POST" else None, source=found.source)
    if request.method == "POST" and form.is_valid():
        try:
            value = filled(form).text("public_value")
            run_draw(actor=request.actor, draw=found, public_value=value, now=clock.now())
        except Refused as refused:
            form.add_error("public_value", str(refused))
        else:
            messages.success(request, DRAWN)
            return redirect("desk-draw", draw_id)
    protocol = queries.protocol_of(found)
    if request.GET.get("format") == "json" and protocol.result:
        response = JsonResponse(protocol.result, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
        return response
    faults = queries.redraw(found) if protocol.result else []
    context = _context(request, found, protocol, queries.visited_codes(found)) | {
        "form": form,
        "faults": faults,
    }
    context["has_errors"] = bool(form.errors)
    return render(request, "desk/monitoring/visits_draw.html", context, status=422 if form.errors else 200)


def _context(
    request: SignedIn, draw: queries.Draw, found: queries.Protocol, visited: set[str]
) -> dict[str, object]:
    title = (
        f"{found.title}：|抽中 {len(found.drawn)} 个单位"
        if found.result
        else f"{found.title}：|名单已锁定，还没有抽"
    )
    return {
        "title": title,
        "draw": found,
        "head": Head(
            title=title,
            crumbs=(
                Crumb(label="实地查看", url=reverse("desk-visits")),
                Crumb(label="随机抽取", url=reverse("desk-draws")),
                Crumb(label=found.title),
            ),
            actions=(Action(label="下载抽取记录", url="?format=json"),) if found.result else (),
        ),
        "facts": _facts(found),
        "table": _drawn(found, visited),
        "strata": _strata(found),
        "may_run": policy.can_run_draw(request.actor, draw) and not found.result,
        "list_text": json.dumps(found.groups, ensure_ascii=False, indent=1),
    }


def _facts(found: queries.Protocol) -> list[Fact]:
    units = sum(map(len, found.groups.values()))
    facts: list[Fact] = [
        ("名单", f"{len(found.groups)} 组，{units} 个单位"),
        Pair(label="名单校验值", text=found.list_digest, mono=True),
        Pair(label="承诺值", text=found.commitment, mono=True),
        ("公开数值的来源", _source(found)),
        ("公开页", f"{cn_datetime(found.published_at)}公布" if found.published_at else "待公布"),
        ("布置", f"{found.committed_by}，{cn_datetime(found.committed_at)}"),
    ]
    if found.result:
        facts += [
            ("抽取时间", cn_datetime(found.drawn_at)),
            ("公开数值", found.public_value),
            Pair(label="随机数（抽后公开）", text=found.nonce, mono=True),
            Pair(label="种子", text=found.seed, mono=True),
        ]
    return facts


def _source(found: queries.Protocol) -> str:
    if not found.source:
        return "布置时没有写明"
    return f"{found.source}，{cn_date(found.source_on)}公布"


def _drawn(found: queries.Protocol, visited: set[str]) -> DataTable:
    names = short_names()
    rows: list[list[Value]] = [
        [
            names.get(one.unit, one.unit),
            one.stratum,
            str(one.place),
            one.number[:16],
            "已查看" if one.unit in visited else "还没有去",
        ]
        for one in found.drawn
    ]
    return table_of(
        caption="抽中单位的次序和签号",
        columns=["单位", "组", "次序", "签号（前 16 位）", "查看"],
        rows=rows,
        fold=True,
    )


def _strata(found: queries.Protocol) -> DataTable:
    rows: list[list[Value]] = [
        [group, len(codes), found.sizes.get(group, 0)] for group, codes in found.groups.items()
    ]
    return table_of(
        caption="各组",
        columns=["组", Column("单位数", num=True), Column("抽取", num=True)],
        rows=rows,
    )


@require_safe
def redraw(request: SignedIn, draw_id: int) -> HttpResponse:
    """Draw again from the stored protocol and say whether it holds."""
    faults = queries.redraw(_found(request, draw_id))
    if faults:
        messages.error(request, f"重抽不一致：{'；'.join(faults)}。")
    else:
        messages.success(request, "照记录重抽一遍，结果一致。")
    return redirect("desk-draw", draw_id)
