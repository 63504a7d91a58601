"""单项否决、重大减分 from a table: choose it with its documents, see of every row what becomes of it, then propose all or none."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.campaigns.logic import severe as logic
from kaoping.campaigns.logic.severe_table import HEADINGS, Reading
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import severe as severe_verbs
from kaoping.campaigns.services.severe import Draft, TableRefused
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.scoring.severe import seen_by, value_hint
from kaoping.web.desk.years import campaign_of, crumbs, turned_away
from kaoping.web.ui.attachment import is_digest
from kaoping.web.ui.parts.notice import Mistake
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged, table_file


@require_http_methods(["GET", "HEAD", "POST"])
def severe_import(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The page, its preview, and the confirmed import."""
    campaign = campaign_of(key)
    seen_by(request, key)
    locked = severe_verbs.propose_severe.check(actor=request.actor, campaign=campaign)
    if request.method == "POST" and locked:
        turned_away(request, locked)
    if request.method != "POST" or locked:
        return _page(request, campaign, locked=locked or "")
    try:
        if request.POST.get("confirm") == "1":
            made = severe_verbs.propose_severe_many(
                actor=request.actor,
                campaign=campaign,
                table=_digest(request.POST.get("table", "")),
                documents=[_digest(one) for one in request.POST.getlist("document")],
                now=clock.now(),
            )
            messages.success(request, f"已提出 {len(made)} 件，等第二签发人或办公室负责人逐件确认。")
            return redirect("desk-severe-year", key)
        draft = _laid_out(request, campaign)
    except TableRefused as refused:
        return _page(request, campaign, draft=Draft(refused.reading))
    except Refused as refused:
        return _page(request, campaign, errors=[str(refused)])
    return _page(request, campaign, draft=draft)


def _laid_out(request: SignedIn, campaign: Campaign) -> Draft:
    upload = table_file(request)
    return severe_verbs.lay_out(
        actor=request.actor,
        campaign=campaign,
        filename=str(upload.name)[:120],
        content=upload.read(),
        documents=[(str(one.name)[-200:], one.read()) for one in request.FILES.getlist("documents")],
        confirmed=pledged(request),
        now=clock.now(),
    )


def _digest(text: str) -> str:
    if not is_digest(text):
        raise Refused("预览已经失效，请重新选文件。")
    return text


def _page(request: SignedIn, campaign: Campaign, **found: Any) -> HttpResponse:
    draft: Draft | None = found.get("draft")
    reading = draft.reading if draft else Reading()
    errors = [*found.get("errors", ()), *map(str, reading.faults)]
    if draft is not None and not errors and reading.good:
        title = f"可以提出 {len(reading.rows)} 件"
    elif reading.refused:
        title = f"没有提出：{reading.refused} 行要改"
    elif errors:
        title = f"没有提出：{len(errors)} 处要改"
    else:
        title = f"导入{logic.TITLE}"
    back = reverse("desk-severe-year", args=[campaign.key])
    wrong = bool(errors or reading.refused)
    context = {
        "title": title,
        "crumbs": crumbs(campaign, (logic.TITLE, back), "导入"),
        "back": back,
        "locked": found.get("locked", ""),
        "errors": [Mistake(one) for one in errors],
        "has_errors": wrong,
        "rows": reading.rows,
        "notes": reading.notes,
        "draft": draft if draft and draft.table else None,
        "columns": HEADINGS,
        "hint": value_hint(severes.matters(campaign)),
        "types_hint": TYPES_HINT,
        "template": reverse("desk-severe-template", args=[campaign.key]),
    }
    status = 409 if request.method == "POST" and context["locked"] else 422 if wrong else 200
    return render(request, "desk/scoring/severe_import.html", context, status=status)
