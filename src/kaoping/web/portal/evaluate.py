"""A citizen evaluates a unit: choose it, answer on one page without script, get a receipt."""

from __future__ import annotations

from datetime import datetime
from logging import getLogger
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.balloting import Question
from kaoping.calendars import deadline_day
from kaoping.evaluation import intake
from kaoping.support import clock

LOG = getLogger(__name__)
MAX_OPINION = 1000


def current_poll(now: datetime) -> intake.PublishedPoll | None:
    """The poll that takes ballots now, else the latest one, else null."""
    polls = published_polls()
    return next((poll for poll in polls if poll.is_open(now)), polls[0] if polls else None)


def published_polls() -> list[intake.PublishedPoll]:
    """Readable polls, the latest to close first. A broken file is logged and does not stop the others."""
    found = []
    folder = intake.polls_folder()
    for path in sorted(folder.glob("*.json")):
        try:
            poll = intake.read_poll(folder, path.stem)
        except intake.PollError as error:
            LOG.error("poll %s cannot be read: %s", path.name, error)
            continue
        if poll is not None:
            found.append(poll)
    return sorted(found, key=lambda poll: poll.closes_at, reverse=True)


def _marked(poll: intake.PublishedPoll | None) -> dict[str, Any]:
    """The example mark of the poll itself, where the folder is not a demonstration."""
    return {"demo": True} if poll is not None and poll.example else {}


def state_words(poll: intake.PublishedPoll | None, now: datetime) -> str | None:
    """Why no ballot can be given now, in words with the way on; null when it can."""
    if poll is None:
        return "现在没有进行中的社会评议。开始后，本页会列出可以评议的单位。"
    if now < poll.opens_at:
        return f"本次评议 {_day(poll.opens_at)}开始，请到时再来。"
    if now >= poll.closes_at:
        return f"本次评议 {_closing(poll)} 已截止。可凭回执码查是否计入。"
    return None


def _day(instant: datetime) -> str:
    local = instant.astimezone(clock.BEIJING)
    return f"{local.month}月{local.day}日"


def _closing(poll: intake.PublishedPoll) -> str:
    day = deadline_day(poll.closes_at)
    return f"{day.month}月{day.day}日 24:00"


@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The units by group, with a search that is a plain form."""
    now = clock.now()
    poll = current_poll(now)
    wanted = request.GET.get("q", "").strip()
    groups: dict[str, list[intake.PollUnit]] = {}
    closed = state_words(poll, now)
    if poll is not None and closed is None:
        for unit in poll.units:
            if wanted in unit.name or wanted in (unit.short_name or ""):
                groups.setdefault(unit.group or "其他", []).append(unit)
    return render(
        request,
        "portal/choose.html",
        {
            "title": "您想评议|哪个单位？" if closed is None else "社会评议",
            "closed": closed,
            "poll": poll,
            "closing": _closing(poll) if poll else "",
            "groups": groups.items(),
            "q": wanted,
            **_marked(poll),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    """All questions on one page and one POST; a refused form keeps what was typed."""
    now = clock.now()
    poll = current_poll(now)
    closed = state_words(poll, now)
    if poll is None or closed is not None:
        return render(
            request,
            "portal/choose.html",
            {"title": "社会评议", "closed": closed, "poll": poll, **_marked(poll)},
            status=410,
        )
    unit = poll.unit(code)
    if unit is None:
        raise Http404
    if request.method == "POST":
        return _submit(request, poll, unit)
    return _form(request, poll, unit, {}, "", intake.new_token(), [])


def _submit(request: HttpRequest, poll: intake.PublishedPoll, unit: intake.PollUnit) -> HttpResponse:
    answers = _answers(request, poll)
    opinion = request.POST.get("opinion", "").strip()
    token = request.POST.get("token", "")
    errors = []
    if len(opinion) > MAX_OPINION:
        errors.append(
            {
                "text": f"意见建议最多 {MAX_OPINION} 字，现在是 {len(opinion)} 字。请删短一些。",
                "url": "#opinion",
            }
        )
    for question in poll.questionnaire.questions:
        if question.kind != "text" and not answers.get(question.id):
            errors.append(
                {
                    "text": f"“{_title(question, unit)}”还没有选。选不出时请选“说不清”。",
                    "url": f"#{question.id}",
                }
            )
    if errors:
        return _form(request, poll, unit, answers, opinion, token, errors, status=422)
    stratum = poll.stratum_of(request.META.get("REMOTE_ADDR", ""))
    try:
        payload = intake.seal_ballot(poll, unit.code, answers, stratum)
        words = intake.OpinionText(unit.code, opinion) if opinion else None
        receipt = intake.IntakeClient(settings.KAOPING_INTAKE).submit(poll.id, payload, words, token)
    except (
        intake.AnswersRefused,
        intake.BallotRefused,
        intake.IntakeUnavailable,
        intake.ReceiptError,
    ) as error:
        status = 503 if isinstance(error, intake.IntakeUnavailable) else 422
        return _form(
            request, poll, unit, answers, opinion, token, [{"text": str(error), "url": ""}], status=status
        )
    return render(
        request,
        "portal/receipt.html",
        {"title": "您的评议|已收到", "receipt": _receipt(receipt.code, poll), **_marked(poll)},
    )


def _answers(request: HttpRequest, poll: intake.PublishedPoll) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in poll.questionnaire.questions:
        if question.kind == "multi":
            found[question.id] = request.POST.getlist(question.id)
        elif question.kind == "single":
            found[question.id] = request.POST.get(question.id, "")
    return found


def _title(question: Question, unit: intake.PollUnit) -> str:
    return (question.label or question.id).replace("{unit}", unit.short_name or unit.name).replace("|", "")


def _form(
    request: HttpRequest,
    poll: intake.PublishedPoll,
    unit: intake.PollUnit,
    answers: dict[str, Any],
    opinion: str,
    token: str,
    errors: list[dict[str, str]],
    status: int = 200,
) -> HttpResponse:
    wrong = {error["url"].removeprefix("#") for error in errors}
    questions = [
        {
            "name": question.id,
            "title": (question.label or question.id).replace("{unit}", unit.short_name or unit.name),
            "multiple": question.kind == "multi",
            "options": [{"value": option.code, "label": option.label} for option in question.options],
            "value": answers.get(question.id) if question.kind == "single" else None,
            "values": answers.get(question.id) if question.kind == "multi" else (),
            "error": "请选一项。选不出时请选“说不清”。" if question.id in wrong else "",
        }
        for question in poll.questionnaire.questions
        if question.kind != "text"
    ]
    asks_text = next((one for one in poll.questionnaire.questions if one.kind == "text"), None)
    return render(
        request,
        "portal/evaluate.html",
        {
            "title": f"评议{unit.short_name or unit.name}",
            "poll": poll,
            "unit": unit,
            "questions": questions,
            "text_title": _title(asks_text, unit) if asks_text else "",
            "opinion": opinion,
            "opinion_error": next((one["text"] for one in errors if one["url"] == "#opinion"), ""),
            "max_opinion": MAX_OPINION,
            "token": token,
            "errors": errors,
            "has_errors": bool(errors),
            "closing": _closing(poll),
            **_marked(poll),
        },
        status=status,
    )


def _receipt(code: str, poll: intake.PublishedPoll) -> dict[str, Any]:
    return {
        "title": "您的评议|已收到",
        "text": "请记下这个回执码。凭它可以查这份问卷有没有计入。",
        "code": code,
        "hint": "没有数字 0、1 和字母 I、O，不分大小写",
        "next": [
            {"when": _closing(poll), "what": "截止后封存，由两名开箱人一起打开计票，回执码可查。"},
            {"when": "意见建议", "what": "马上转给市政务公开办，被评议单位看不到原件。"},
        ],
        "note": "回执码与您本人没有任何关联，丢了无法找回。",
        "actions": [
            {"label": "再评一个单位", "url": reverse("portal-choose")},
            {"label": "查回执", "url": reverse("portal-receipt")},
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """Was my ballot counted? Answers with the code alone."""
    context: dict[str, Any] = {"title": "查回执", "code": "", "errors": []}
    status = 200
    if request.method == "POST":
        context["code"] = request.POST.get("code", "")
        try:
            found = intake.IntakeClient(settings.KAOPING_INTAKE).counted(context["code"])
            context["answer"] = found
        except intake.ReceiptError as error:
            context["errors"], status = [{"text": str(error), "url": "#code"}], 422
        except (intake.IntakeUnavailable, intake.BallotRefused) as error:
            context["errors"], status = [{"text": str(error), "url": ""}], 503
    context["has_errors"] = bool(context["errors"])
    return render(request, "portal/receipt_check.html", context, status=status)
