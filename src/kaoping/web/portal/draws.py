"""Random draws for everybody: the commitment before the draw, the protocol after it, both as files to draw again from."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaoping.publication import shelf
from kaoping.web.ui.parts.table import Cell, DataTable, table_of
from kaoping.web.ui.wording import cn_date, cn_datetime, draws_title


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """Every draw that was committed, newest first."""
    found = shelf.draws(Path(settings.KAOPING_PUBLISHED))
    drawn = sum(one["drawn_at"] is not None for one in found)
    title = draws_title(len(found), drawn) if found else "还没有公布过随机抽取"
    return render(request, "portal/draws.html", {"title": title, "table": _table(found) if found else None})


@require_safe
def draw_json(request: HttpRequest, number: int) -> HttpResponse:
    """One draw as the file that ``kaoping draw`` checks."""
    for one in shelf.draws(Path(settings.KAOPING_PUBLISHED)):
        if one["draw"] == number:
            response = JsonResponse(one, json_dumps_params={"ensure_ascii": False, "indent": 1})
            response["Content-Disposition"] = f'attachment; filename="draw-{number}.json"'
            return response
    raise Http404


def _table(found: list[dict[str, Any]]) -> DataTable:
    return table_of(
        caption="随机抽取",
        columns=["名称", "布置", "承诺值", "公开数值取自", "抽取", "抽中"],
        rows=[
            [
                Cell(text=one["title"], url=reverse("portal-draw", args=[one["draw"]])),
                cn_datetime(datetime.fromisoformat(one["committed_at"])),
                one["commitment"],
                f"{one['source']}，{cn_date(date.fromisoformat(one['source_on']))}公布"
                if one["source"]
                else "布置时没有写明",
                cn_datetime(datetime.fromisoformat(one["drawn_at"])) if one["drawn_at"] else "还没有抽",
                "、".join(one["names"].get(line["unit"], line["unit"]) for line in one["result"]["drawn"])
                if one["result"]
                else "—",
            ]
            for one in found
        ],
    )
