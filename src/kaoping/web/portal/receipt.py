"""Was my questionnaire counted? Answered from the receipt code alone, without content and without a person."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kaoping.evaluation import intake
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.portal.polls import current_poll, published_polls
from kaoping.web.portal.published import standing
from kaoping.web.ui.addresses import NOBODY
from kaoping.web.ui.parts.notice import Mistake

NO_ANSWER: Final = "收卷处暂时没有应答，现在查不了，是本平台的原因。请过一会儿再查。"


def _answered(found: intake.Lookup) -> dict[str, Any]:
    """The title that answers, and the published results in which a sealed questionnaire went."""
    if not found.counted:
        return {"title": "箱里没有|这个回执码"}
    poll = next((one for one in published_polls() if one.id == found.poll), None)
    published = standing(OrganisedYear(NOBODY, poll.year)) if poll is not None and found.sealed else None
    if published is None:
        return {"title": "收到了，|这份问卷在箱里"}
    return {
        "title": "已经开箱计票，|这份问卷在其中",
        "result_year": published.year,
        "result_url": reverse("portal-year", args=[published.key]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """Was my ballot counted? Answers with the code alone."""
    now = clock.now()
    poll = current_poll(now)
    context: dict[str, Any] = {
        "title": "您的问卷|收到了吗？",
        "code": "",
        "errors": [],
        "taking": poll is not None and poll.is_open(now),
    }
    status = 200
    if request.method == "POST":
        context["code"] = request.POST.get("code", "")
        try:
            found = intake.IntakeClient(settings.KAOPING_INTAKE).counted(context["code"])
            context |= {"answer": found, **_answered(found)}
        except intake.ReceiptError as error:
            context["errors"], status = [Mistake(str(error), "#code")], 422
        except intake.IntakeUnavailable:
            context["errors"], status = [Mistake(NO_ANSWER)], 503
        except intake.BallotRefused as error:
            context["errors"], status = [Mistake(str(error))], 503
    context["has_errors"] = bool(context["errors"])
    return render(request, "portal/receipt_check.html", context, status=status)
