"""Random draws of units to visit: committed first, run later, the protocol on one page that anybody can run again."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Refused
from kaoping.inspection import logic, policy, queries
from kaoping.inspection.services import commit_draw, run_draw
from kaoping.registry.queries import short_names
from kaoping.support import clock
from kaoping.web.desk.monitoring.visits import may_see_draws
from kaoping.web.ui.days import typed_day, typed_fault
from kaoping.web.ui.numbers import whole
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.notice import Empty, Mistake
from kaoping.web.ui.parts.table import Cell, Column, table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date, cn_datetime, draws_title

WHOLE: Final = "抽取几个请写整数，数字用半角；不抽的留空。"


@require_http_methods(["GET", "HEAD", "POST"])
def draws(request: SignedIn) -> HttpResponse:
    """The list, and for the handler the form that commits a draw."""
    if not may_see_draws(request.actor):
        raise PermissionDenied("随机抽取由市政务公开办、签发人、领导小组和检查员查看。")
    strata = queries.strata(on=clock.today())
    refusal, typed = "", {group: request.POST.get(f"size-{n}", "") for n, group in enumerate(strata)}
    sizes = {group: whole(text.strip() or "0") for group, text in typed.items()}
    unread = [group for group, size in sizes.items() if size is None]
    if request.method == "POST" and not unread:
        day = request.POST.get("source_on", "")
        try:
            if day and typed_day(day) is None:
                raise Refused(typed_fault(day))
            draw = commit_draw(
                actor=request.actor,
                title=request.POST.get("title", ""),
                sizes={group: size or 0 for group, size in sizes.items()},
                source=request.POST.get("source", ""),
                source_on=typed_day(day),
                now=clock.now(),
            )
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(
                request, "已布置：名单、承诺值和公开数值的来源从现在起不能改，随即在公开页公布。"
            )
            return redirect("desk-draw", draw.pk)
    table = paged_table(
        columns=["名称", "布置", "布置人", "抽取", "抽中"],
        rows=queries.draws(),
        cells=lambda one: [
            Cell(text=one.title, url=reverse("desk-draw", args=[one.pk])),
            cn_datetime(one.committed_at),
            one.committed_by.name,
            cn_datetime(one.drawn_at) if one.drawn_at else "还没有抽",
            f"{len(one.result['drawn'])} 个" if one.result else "—",
        ],
        params=request.GET,
        caption="随机抽取",
        empty=Empty(title="布置以后列在这里。", text="经办按组填抽取个数并布置，到时抽取。"),
        files=False,
    )
    errors = [Mistake(refusal, "#d-title")] if refusal else []
    # What is locked and published cannot be mended: a number that is not understood is never taken for nought.
    errors += [
        Mistake(f"{group}：{WHOLE}", f"#d-size-{n}") for n, group in enumerate(strata) if group in unread
    ]
    context = {
        "title": draws_title(table.total, queries.drawn().count()) if table.total else "还没有布置过随机抽取",
        "table": table,
        "errors": errors,
        "has_errors": bool(errors),
        "name": request.POST.get("title", ""),
        "source": request.POST.get("source", ""),
        "source_example": logic.example_of_source(clock.today()),
        "source_on": request.POST.get("source_on", ""),
        "groups": [
            {
                "n": n,
                "group": group,
                "count": len(codes),
                "typed": typed[group],
                "error": WHOLE if group in unread else "",
            }
            for n, (group, codes) in enumerate(strata.items())
        ],
        "may_commit": policy.can_commit_draw(request.actor),
    }
    return render(request, "desk/monitoring/visits_draws.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: SignedIn, draw_id: int) -> HttpResponse:
    """The protocol; before the draw, the form that runs it."""
    if not may_see_draws(request.actor):
        raise PermissionDenied("随机抽取由市政务公开办、签发人、领导小组和检查员查看。")
    found = queries.draw(draw_id)
    if found is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            run_draw(
                actor=request.actor,
                draw=found,
                public_value=request.POST.get("public_value", ""),
                now=clock.now(),
            )
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(
                request, "已抽取。抽取记录随后公布在外网“随机抽取”页，公布以后任何人都可以照它重抽一遍。"
            )
            return redirect("desk-draw", draw_id)
    if request.GET.get("format") == "json" and found.result:
        response = JsonResponse(found.result, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
        return response
    context = _context(request, found, refusal)
    return render(request, "desk/monitoring/visits_draw.html", context, status=422 if refusal else 200)


def _context(request: SignedIn, found: Any, refusal: str) -> dict[str, Any]:
    names = short_names()
    title = (
        f"{found.title}：|抽中 {len(found.result['drawn'])} 个单位"
        if found.result
        else f"{found.title}：|名单已锁定，还没有抽"
    )
    faults = queries.redraw(found) if found.result else []
    plan = found.protocol
    facts: list[Fact] = [
        ("名单", f"{len(plan['list'])} 组，{sum(map(len, plan['list'].values()))} 个单位"),
        Pair(label="名单校验值", text=plan["list_digest"], mono=True),
        Pair(label="承诺值", text=found.commitment, mono=True),
        ("公开数值的来源", _source(found)),
        ("公开页", f"{cn_datetime(found.published_at)}公布" if found.published_at else "待公布"),
        ("布置", f"{found.committed_by.name}，{cn_datetime(found.committed_at)}"),
    ]
    if found.result:
        facts += [
            ("抽取时间", cn_datetime(found.drawn_at)),
            ("公开数值", found.result["public_value"]),
            Pair(label="随机数（抽后公开）", text=found.result["nonce"], mono=True),
            Pair(label="种子", text=found.seed, mono=True),
        ]
    visited = queries.visited_codes(found)
    rows = [
        [names.get(one["unit"], one["unit"]), one["stratum"], str(one["place"]), one["ticket"][:16],
         "已查看" if one["unit"] in visited else "还没有去"]
        for one in (found.result or {}).get("drawn", ())
    ]  # fmt: skip
    strata = [[group, len(codes), plan["sizes"].get(group, 0)] for group, codes in plan["list"].items()]
    return {
        "title": title,
        "errors": [Mistake(refusal, "#d-value")] if refusal else [],
        "has_errors": bool(refusal),
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
        "facts": facts,
        "faults": faults,
        "table": table_of(
            caption="抽中单位的次序和签号",
            columns=["单位", "组", "次序", "签号（前 16 位）", "查看"],
            rows=rows,
            fold=True,
        ),
        "strata": table_of(
            caption="各组",
            columns=["组", Column("单位数", num=True), Column("抽取", num=True)],
            rows=strata,
        ),
        "may_run": policy.can_run_draw(request.actor) and not found.result,
        "list_text": json.dumps(plan["list"], ensure_ascii=False, indent=1),
        "value": request.POST.get("public_value", ""),
    }


def _source(found: Any) -> str:
    if not found.source:
        return "布置时没有写明"
    return f"{found.source}，{cn_date(found.source_on)}公布"


@require_safe
def redraw(request: SignedIn, draw_id: int) -> HttpResponse:
    """Draw again from the stored protocol and say whether it holds."""
    if not may_see_draws(request.actor):
        raise PermissionDenied("随机抽取由市政务公开办、签发人、领导小组和检查员查看。")
    found = queries.draw(draw_id)
    if found is None:
        raise Http404
    faults = queries.redraw(found)
    if faults:
        messages.error(request, f"重抽不一致：{'；'.join(faults)}。")
    else:
        messages.success(request, "照记录重抽一遍，结果一致。")
    return redirect("desk-draw", draw_id)
