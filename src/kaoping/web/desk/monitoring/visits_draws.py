"""Random draws of units to visit: the list, and the form that commits one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.inspection import logic, policy, queries
from kaoping.inspection.services import commit_draw
from kaoping.registry.queries import organisers
from kaoping.support import clock
from kaoping.web.desk.monitoring.visits import may_see_draws
from kaoping.web.desk.years import turned_away
from kaoping.web.ui.days import DayField
from kaoping.web.ui.filled import filled
from kaoping.web.ui.numbers import WholeField
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.table import Cell, DataTable, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_datetime, draws_title

WHOLE: Final = "抽取几个请写整数，数字用半角；不抽的留空。"
DOOR: Final = "随机抽取由政务公开办、签发人、领导小组和检查员查看。"
Strata = Mapping[str, list[str]]


class SizeField(WholeField):
    """How many of a group are drawn; none where it is left empty.

    What is locked and published cannot be mended: a number that is not understood is never taken for nought.
    """

    def validate(self, value: int | None) -> None:
        """Left empty, nobody of the group is drawn."""


class DrawForm(forms.Form):
    """What is drawn from which groups, and the public value that decides."""

    title = forms.CharField(label="名称", error_messages={"required": "请写明这次抽取的名称。"})
    source = forms.CharField(
        label="公开数值取自哪里",
        max_length=120,
        error_messages={"required": "请写明公开数值取自哪里。"},
    )
    source_on = DayField("哪天公布", help_text="明天或以后；到那天才能抽取。")

    def __init__(self, *args: Any, strata: Strata, **more: Any) -> None:
        super().__init__(*args, **more)
        self.strata = strata
        self.fields["source"].help_text = (
            "以后才产生、谁都能查到、办公室定不了的数，写明哪一天公布的哪一个数。"
            f"例如：{logic.example_of_source(clock.today())}。"
        )
        for number, (group, codes) in enumerate(strata.items()):
            self.fields[f"size-{number}"] = SizeField(
                label=f"{group}：{len(codes)} 个单位，抽取几个", error_messages={"invalid": WHOLE}
            )

    def sizes(self) -> dict[str, int]:
        """Group to how many are drawn."""
        given = filled(self)
        return {group: given.whole_or_none(f"size-{number}") or 0 for number, group in enumerate(self.strata)}


@require_http_methods(["GET", "HEAD", "POST"])
def draws(request: SignedIn) -> HttpResponse:
    """The list, and for the handler the form that commits a draw."""
    if not may_see_draws(request.actor):
        raise PermissionDenied(DOOR)
    strata = queries.strata(organisers.served(request.actor), on=clock.today())
    form = DrawForm(request.POST if request.method == "POST" else None, strata=strata)
    if request.method == "POST" and form.is_valid() and (made := _commit(request, form)):
        words = "已布置：名单、承诺值和公开数值的来源从现在起不能改，随即在公开页公布。"
        messages.success(request, words)
        return redirect("desk-draw", made)
    if form.errors and (closed := commit_draw.check(actor=request.actor)):
        turned_away(request, closed)
    table = _table(request)
    title = draws_title(table.total, queries.drawn().count()) if table.total else "还没有布置过随机抽取"
    context = {
        "title": title,
        "head": Head(title, crumbs=(Crumb("实地查看", reverse("desk-visits")), Crumb("随机抽取"))),
        "table": table,
        "form": form,
        "has_errors": bool(form.errors),
        "has_groups": bool(strata),
        "may_commit": somewhere(policy.can_commit_draw, request.actor),
    }
    return render(request, "desk/monitoring/visits_draws.html", context, status=422 if form.errors else 200)


def _commit(request: SignedIn, form: DrawForm) -> int | None:
    """Commit the draw; its id, null where the verb refused."""
    given = filled(form)
    try:
        draw = commit_draw(
            actor=request.actor,
            title=given.text("title"),
            sizes=form.sizes(),
            source=given.text("source"),
            source_on=given.day("source_on"),
            now=clock.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    return draw.id


def _table(request: SignedIn) -> DataTable:
    return paged_table(
        columns=["名称", "布置", "布置人", "抽取", "抽中"],
        rows=queries.listed_draws(organisers.served(request.actor)),
        cells=_cells,
        params=request.GET,
        caption="随机抽取",
        empty=Empty(title="布置以后列在这里。", text="经办按组填抽取个数并布置，到时抽取。"),
        files=False,
    )


def _cells(one: queries.DrawRow) -> list[Value]:
    return [
        Cell(text=one.title, url=reverse("desk-draw", args=[one.id])),
        cn_datetime(one.committed_at),
        one.committed_by,
        cn_datetime(one.drawn_at) if one.drawn_at else "还没有抽",
        "—" if one.drawn is None else f"{one.drawn} 个",
    ]
