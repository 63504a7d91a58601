"""A citizen evaluates a unit: choose it, answer on one page without script, get a receipt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.balloting import Question
from kaoping.evaluation import intake
from kaoping.foreign.glyphs import glyphs
from kaoping.support import clock
from kaoping.support.client_address import of_request
from kaoping.web.portal.polls import closing_words, current_poll, marked, state_title, state_words
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.form import NextStep, Option, Receipt
from kaoping.web.ui.parts.form import Question as Asked
from kaoping.web.ui.parts.notice import Mistake

MAX_OPINION = 1000
UNSURE = "说不清"
# The form was sent before and no answer came: it bears this field when it is sent again.
UNSURE_FIELD: Final = "sent_before"
REPEATED: Final = (
    "这份问卷先前交过一次，已经收到，以那一次为准。刚才又交来的没有收：改过的答案不算，改过的意见没有转。"
)


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
            "title": state_title(poll, now),
            "closed": closed,
            "poll": poll,
            "closing": closing_words(poll) if poll else "",
            "groups": groups.items(),
            "q": wanted,
            **marked(poll),
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
            {"title": state_title(poll, now), "closed": closed, "poll": poll, **marked(poll)},
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
    opinion = opinion if glyphs(opinion) else ""
    token = request.POST.get("token", "")
    errors = []
    if len(opinion) > MAX_OPINION:
        errors.append(
            Mistake(f"意见建议最多 {MAX_OPINION} 字，现在是 {len(opinion)} 字。请删短一些。", "#opinion")
        )
    for question in poll.questionnaire.questions:
        if question.kind != "text" and not answers.get(question.id):
            errors.append(Mistake(f"“{_title(question, unit)}”还没有选。", f"#{question.id}"))
    if errors:
        return _form(request, poll, unit, answers, opinion, token, errors, status=422)
    stratum = poll.stratum_of(of_request(request.META))
    try:
        payload = intake.seal_ballot(poll, unit.code, answers, stratum)
        words = intake.OpinionText(unit.code, opinion) if opinion else None
        receipt = intake.IntakeClient(settings.KAOPING_INTAKE).submit(poll.id, payload, words, token)
    except (intake.AnswersRefused, intake.BallotRefused, intake.ReceiptError) as error:
        said = [Mistake(str(error))]
        return _form(request, poll, unit, answers, opinion, token, said, status=422)
    except intake.IntakeUnavailable as error:
        # Once a copy may have arrived, every later copy of the same form may be the second one.
        if error.sent or UNSURE_FIELD in request.POST:
            return _unanswered(request, poll, unit, answers, opinion, token)
        said = [Mistake(str(error))]
        return _form(request, poll, unit, answers, opinion, token, said, status=503)
    shown = _receipt(receipt.code, poll, opinion=bool(opinion))
    if receipt.repeated:
        shown = replace(shown, title="这份问卷|先前已收到", text=REPEATED, next=shown.next[:1])
    return render(
        request,
        "portal/receipt.html",
        {
            "title": shown.title,
            "receipt": shown,
            "repeated": receipt.repeated,
            "kept": f"{poll.id}/{unit.code}",
            **marked(poll),
        },
    )


def _unanswered(
    request: HttpRequest,
    poll: intake.PublishedPoll,
    unit: intake.PollUnit,
    answers: dict[str, Any],
    opinion: str,
    token: str,
) -> HttpResponse:
    """Nobody knows whether the ballot arrived: the code to ask with, and the same form again, not to be changed.

    The box keeps nothing by which a changed form could be told from the one that arrived (a digest of the answers would
    tell them before the opening), so a change made now might be dropped.
    """
    given = [
        {"name": name, "value": value}
        for name, values in answers.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    if opinion:
        given.append({"name": "opinion", "value": opinion})
    return render(
        request,
        "portal/unanswered.html",
        {
            "title": "可能已经收到，|请查一查",
            "unit": unit,
            "code": intake.receipt_of(poll.id, token),
            "fields": [*given, {"name": "token", "value": token}, {"name": UNSURE_FIELD, "value": "1"}],
            "closing": closing_words(poll),
            **marked(poll),
        },
        status=503,
    )


def _answers(request: HttpRequest, poll: intake.PublishedPoll) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in poll.questionnaire.questions:
        if question.kind == "multi":
            found[question.id] = request.POST.getlist(question.id)
        elif question.kind == "single":
            found[question.id] = request.POST.get(question.id, "")
    return found


def _chosen(answer: str | list[str] | None) -> tuple[str, ...]:
    """The options that were chosen, of one or of several."""
    return tuple(answer) if isinstance(answer, list) else (answer,) if answer else ()


def _missing(question: Question) -> str:
    """What to do where nothing was chosen; 说不清 is named only where it can be chosen."""
    unsure = any(option.label == UNSURE for option in question.options)
    return f"请选一项。选不出时请选“{UNSURE}”。" if unsure else "请选一项。"


def _title(question: Question, unit: intake.PollUnit) -> str:
    return _phrased(question, unit).replace("|", "")


def _phrased(question: Question, unit: intake.PollUnit) -> str:
    """The question with its marks for line breaks."""
    return (question.label or question.id).replace("{unit}", unit.short_name or unit.name)


def _form(
    request: HttpRequest,
    poll: intake.PublishedPoll,
    unit: intake.PollUnit,
    answers: dict[str, Any],
    opinion: str,
    token: str,
    errors: list[Mistake],
    status: int = 200,
) -> HttpResponse:
    wrong = {error.url.removeprefix("#") for error in errors}
    questions = [
        Asked(
            name=question.id,
            title=_phrased(question, unit),
            options=tuple(Option(option.code, option.label) for option in question.options),
            chosen=_chosen(answers.get(question.id)),
            error=_missing(question) if question.id in wrong else "",
            missing=_missing(question),
            multiple=question.kind == "multi",
        )
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
            "text_title": _phrased(asks_text, unit) if asks_text else "",
            "steps": range(len(questions) + (asks_text is not None)),
            "whole": "all" in request.GET,
            "opinion": opinion,
            "opinion_error": next((one.text for one in errors if one.url == "#opinion"), ""),
            "max_opinion": MAX_OPINION,
            "token": token,
            "errors": errors,
            "has_errors": bool(errors),
            "closing": closing_words(poll),
            "limits": SEAL_LIMITS,
            **marked(poll),
        },
        status=status,
    )


# What the seal is and is not, as ballots are stored today: a rule kept by people, not something that cannot be done.
SEAL_LIMITS: Final = (
    "封存靠制度和分权保证，不是技术上绝对做不到：答案收到的一刻以明文经过服务器内存；同时拿到问卷箱和两名开箱人口令的人，"
    "截止前也能打开；打开以后，凭回执码可以找到那一份答案；能读服务器磁盘的人，可能从写入的先后把意见和答案对上。"
)
RECEIPT_NOTE: Final = "我们不问您是谁，回执码里没有您的身份。它与那份问卷存在一起：开箱以后，能读问卷箱的人凭它可以找到答案，请不要交给别人。丢了无法找回。"


def _receipt(code: str, poll: intake.PublishedPoll, *, opinion: bool) -> Receipt:
    steps = [NextStep(closing_words(poll), "截止，全部问卷封存。封存前后都可凭回执码查在不在箱里。")]
    if opinion:
        steps.append(NextStep("您写的意见", "马上转给政务公开办，合理的要按期整改；被评议单位看不到原件。"))
    steps.append(NextStep("结果公开后", "各单位的合计和意见整改情况，在“看结果”里。"))
    return Receipt(
        "您的评议|已收到",
        code,
        text="请记下这个回执码。凭它可以查这份问卷有没有计入。",
        hint="没有数字 0、1 和字母 I、O，不分大小写",
        next=tuple(steps),
        note=RECEIPT_NOTE,
        actions=(Action(label="再评一个单位", url=reverse("portal-choose")),),
    )
