"""Rectification: faults become cases by themselves; they are served, asked about, answered, checked and closed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, Final

from bench.installation import late
from bench.kills.city import VISITED
from bench.kills.comparing import Found, audit, each_once, each_sending, none_missing
from bench.kills.people import Company
from bench.kills.told import Told

CHECKED: Final = "核查整改单 "


def work_the_cases(told: Told) -> None:
    """Every third case is left to become overdue, the others are worked to their end."""
    company = Company(told)
    while True:
        drafts = _cases().filter(organisation__code=VISITED, state="draft").order_by("pk")
        for number in list(drafts.values_list("number", flat=True)[:2]):
            _serve(company, number)
            if int(number[-4:]) % 3:
                _finish(company, number)
            told.rest(0.5)
        day = (told.passing.today - timedelta(days=1)).isoformat()
        count = told.acts["record_overdue"]
        company["handler"].act("record_overdue", "/desk/cases/overdue/", {"on": day}, key=count)
        told.rest(2.5)


def _serve(company: Company, number: str) -> None:
    handler = company["handler"]
    words = f"请补上指南和申请表（{number}）。"
    handler.act("revise_order", f"/desk/cases/{number}/revise/", {"text": words}, key=number, value=words)
    handler.act("serve_cases", "/desk/cases/serve/", {"number": [number], "days": "15"}, key=number)


def _finish(company: Company, number: str) -> None:
    liaison, handler = company[f"liaison-{VISITED.lower()}"], company["handler"]
    mine, desk = f"/unit/cases/{number}", f"/desk/cases/{number}"
    liaison.browser.get(f"{mine}/")
    liaison.told.keep("open_order", number)
    liaison.act("sign_for_order", f"{mine}/sign/", {}, key=number)
    handler.act("hand_over_order", f"{desk}/handed/", {"text": f"电话告知联络员。{number}"}, key=number)
    liaison.act(
        "explain_case", f"{mine}/explain/", {"text": f"已经过去，不能补救（示例）。{number}"}, key=number
    )
    decide = f"{desk}/explanation/"
    if int(number[-4:]) % 6 == 2:
        form = {"outcome": "confirm", "text": f"属实。{number}"}
        company["head"].act("confirm_explanation", decide, form, key=number)
        return
    form = {"outcome": "decline", "text": f"可以补公开。{number}"}
    company["head"].act("decline_explanation", decide, form, key=number)
    liaison.act("ask_about_case", f"{mine}/ask/", {"text": f"怎么改？{number}"}, key=number)
    handler.act("reply", f"{desk}/reply/", {"text": f"按指南改。{number}"}, key=number)
    form = {"text": f"已改。{number}", "url": "https://u4.example/a"}
    liaison.act("answer_case", f"{mine}/answer/", form, key=number)
    form = {"outcome": "met", "text": f"到现场看过，已整改到位。{number}"}
    company["inspector"].act("check_case", f"{desk}/check/", form, key=number)
    handler.act("close_case", f"{desk}/close/", {"text": "结案"}, key=number)


def _models() -> Any:
    return late("kaoping.rectification.models")


def _cases() -> Any:
    return _models().Case.objects


def _entries(kind: str) -> Counter[str]:
    rows = _models().CaseEntry.objects.filter(kind=kind, case__organisation__code=VISITED)
    return Counter(rows.values_list("case__number", flat=True))


def _open_case(told: Told) -> Found:
    """One case for each place with a fault; every case has one line of the log."""
    cases = _cases().filter(organisation__code=VISITED)
    named = late("kaoping.registry.queries.places").TargetWords()
    places = Counter(named(VISITED, target) for target in cases.values_list("target", flat=True))
    found = each_once(told.acknowledged["open_case"], places)
    numbers = list(_cases().values_list("number", flat=True))
    return found.and_also(each_once(numbers, Counter(audit("open_case").values_list("thing_id", flat=True))))


def _revise_order(told: Told) -> Found:
    """The new words stand, the old ones are one entry of the timeline."""
    there = dict(_cases().values_list("number", "order_text"))
    wrong = sum(1 for number, words in told.acknowledged["revise_order"].items() if there[number] != words)
    return each_once(told.acknowledged["revise_order"], _entries("revised")).and_also(none_missing(wrong))


def _serve_cases(told: Told) -> Found:
    """Served once, with its four reminders and their promises to the worker."""
    reminders, jobs = _models().Reminder.objects, late("kaoping.support.models").Job.objects
    wrong = 0
    for number in told.acknowledged["serve_cases"]:
        promised = set(reminders.filter(case__number=number).values_list("kind", flat=True))
        queued = jobs.filter(key__startswith=f"rectification-{number}-").count()
        wrong += int(len(promised) != 4 or queued != 4)
    return each_once(told.acknowledged["serve_cases"], _entries("served")).and_also(none_missing(wrong))


def _remind(told: Told) -> Found:
    """Every reminder that came due ran once, or says why it did not; it is one entry of the timeline and one line of the log, or had no ground."""
    now = told.passing.now
    due = _models().Reminder.objects.filter(promised_at__lte=now)
    for number, kind in due.values_list("case__number", "kind"):
        told.keep("remind", (number, kind))
    ran = Counter(due.exclude(ran_at=None, why="").values_list("case__number", "kind"))
    entries = _models().CaseEntry.objects.filter(kind="reminder")
    shown = Counter(entries.values_list("case__number", "text"))
    twice = sum(n - 1 for n in shown.values())
    logged = Counter(audit("remind").values_list("thing_id", flat=True))
    differs = int(logged != Counter(number for number, _text in shown.elements()))
    return each_once(told.acknowledged["remind"], ran).and_also(Found(0, differs, twice))


def _timeline(verb: str, kind: str) -> Any:
    return lambda told: each_once(told.acknowledged[verb], _entries(kind))


def _check_case(told: Told) -> Found:
    """One entry of the timeline, and one line of the ledger."""
    lines = late("kaoping.evidence.models").Observation.objects.filter(
        source="visit", reason__startswith=CHECKED
    )
    reasons = lines.values_list("reason", flat=True)
    numbers = Counter(reason.removeprefix(CHECKED).partition("：")[0] for reason in reasons)
    found = each_once(told.acknowledged["check_case"], _entries("check"))
    return found.and_also(each_once(told.acknowledged["check_case"], numbers))


def _close_case(told: Told) -> Found:
    """Closed once by a person; a case without ground that the program closed is none of these."""
    return _ended(told, "close_case", "mended")


def _confirm_explanation(told: Told) -> Found:
    """Ended once as what cannot be repaired."""
    return _ended(told, "confirm_explanation", "irreparable")


def _ended(told: Told, verb: str, ending: str) -> Found:
    ours = {"organisation__code": VISITED, "ending": ending}
    closed = Counter(_cases().filter(state="closed", **ours).values_list("number", flat=True))
    rows = _models().CaseEntry.objects.filter(kind="closed", case__ending=ending)
    shown = Counter(rows.filter(case__organisation__code=VISITED).values_list("case__number", flat=True))
    return each_once(told.acknowledged[verb], closed).and_also(each_once(told.acknowledged[verb], shown))


def _record_overdue(told: Told) -> Found:
    """Each recording is a line of the log; in the ledger a day has one line for each unit."""
    lines = late("kaoping.evidence.models").Observation.objects.filter(uid__startswith="overdue:")
    days = Counter(lines.values_list("unit", "observed_at", "value"))
    sent = each_sending(told, "record_overdue", audit("record_overdue").count())
    return sent.and_also(Found(0, doubled=sum(n - 1 for n in days.values())))


WRITERS = (("work_the_cases", work_the_cases),)
STORED = {
    "open_case": _open_case,
    "revise_order": _revise_order,
    "serve_cases": _serve_cases,
    "remind": _remind,
    "ask_about_case": _timeline("ask_about_case", "ask"),
    "reply": _timeline("reply", "reply"),
    "open_order": _timeline("open_order", "seen"),
    "sign_for_order": _timeline("sign_for_order", "signed"),
    "hand_over_order": _timeline("hand_over_order", "handed"),
    "explain_case": _timeline("explain_case", "explained"),
    "decline_explanation": _timeline("decline_explanation", "declined"),
    "confirm_explanation": _confirm_explanation,
    "answer_case": _timeline("answer_case", "answer"),
    "check_case": _check_case,
    "close_case": _close_case,
    "record_overdue": _record_overdue,
}
# What the program does by itself; the comparison above reads its lines. Cases of sites are closed by it, too.
OWN_LINES = frozenset({"open_case", "remind", "close_case"})
