"""A table of lines for indicators whose module does not exist yet: all rows or none."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import ledger as verbs
from kaoping.evidence import policy
from kaoping.evidence.register import KINDS, LEDGER, WANTED
from kaoping.evidence.services import Imported, RegisterRefused
from kaoping.registry import queries as register
from kaoping.registry.queries import organisers
from kaoping.reporting.tables import Table
from kaoping.support import clock
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import SignedIn, form_status, pledged, table_file
from kaoping.web.ui.tables import download


def _cells() -> list[tuple[str, str]]:
    """What goes into each column of the table."""
    kinds = [(name, WANTED[code]) for name, code in KINDS.items()]
    return [
        ("单位代码", "名录里的代码，如 U1"),
        ("指标", "下表中的代码"),
        ("种类", f"{'、'.join(KINDS)}，按下表"),
        *((f"取值（{name}）", words) for name, words in kinds),
        ("观察日期", "台账上的日子，如 2025-03-01，不晚于今天"),
        ("理由", "写什么事、依据什么；可以空"),
        ("依据网址", "以 http:// 或 https:// 开头；可以空"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_import(request: SignedIn) -> HttpResponse:
    """A table of observations for indicators whose module does not exist yet; all rows or none."""
    if not somewhere(policy.can_import_register, request.actor):
        raise PermissionDenied("台账由政务公开办经办导入。")
    columns = [one.heading for one in LEDGER.columns]
    if "format" in request.GET:
        return download(Table("台账空表", columns, []), request.GET["format"])
    errors: list[Mistake] = []
    notes: tuple[str, ...] = ()
    campaign = campaigns.at_work(stages.ROUTINE, organisers.served(request.actor))
    items = years.importable(campaign.rulebook_id) if campaign else {}
    if request.method == "POST":
        try:
            made = _import(request, campaign)
        except RegisterRefused as refusal:
            errors = [Mistake(str(one), "#ledger-file") for one in refusal.faults[:200]]
            notes = refusal.notes
        except Refused as refusal:
            errors = [Mistake(str(refusal), "#ledger-file")]
        else:
            return _taken(request, made)
    names = {code: name for name, code in KINDS.items()}
    context = {
        "title": "导入台账" if not errors else f"没有导入：{len(errors)} 处要改",
        "errors": errors,
        "has_errors": bool(errors),
        "notes": notes,
        "columns": columns,
        "cells": _cells(),
        "items": [
            (code, name, "、".join(names[kind] for kind in kinds)) for code, (name, kinds) in items.items()
        ],
    }
    status = form_status(wrong=bool(errors))
    return render(request, "desk/records/ledger_import.html", context, status=status)


def _import(request: SignedIn, campaign: Campaign | None) -> Imported:
    upload = table_file(request)
    return verbs.import_lines(
        actor=request.actor,
        campaign=campaign,
        filename=str(upload.name)[:120],
        content=upload.read(),
        confirmed=pledged(request),
        units=register.short_names(),
        now=clock.now(),
    )


def _taken(request: SignedIn, made: Imported) -> HttpResponse:
    """What is said of an import that was taken, and the way to its batch."""
    if made.already:
        messages.info(request, f"{made.already}下面是那一批。")
    else:
        messages.success(request, f"已导入 {made.lines} 条。")
        for words in made.notes:
            messages.warning(request, words)
    return redirect("desk-ledger-batch", made.batch)
