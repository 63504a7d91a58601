"""The working calendar, whose arrangements of years to come are entered, replaced, and taken back; doubts about the clock."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from bench.installation import late
from bench.kills.comparing import Found, audit, each_once
from bench.kills.people import Person
from bench.kills.told import Told
from bench.small_disk import when_there_is_room

# Years in which nothing of the bench is counted, so that no date moves while somebody confirms.
FIRST: Final = 2050
YEARS: Final = 10
_SEEN: Final = re.compile(r'name="seen" value="([0-9a-f]+)"')


def keep_the_calendar(told: Told) -> None:
    """The office enters an arrangement, sees what would move, confirms, and takes every second one back."""
    handler, number = Person(told, "handler"), 0
    while True:
        number += 1
        year, source = FIRST + number % YEARS, f"示例〔{number}〕号"
        rest = [date(year, 1, 1) + timedelta(days=offset) for offset in (0, number % 300 + 1)]
        days = [{"date": day.isoformat(), "working": False, "name": "示例假"} for day in rest]
        text = json.dumps({"years": [year], "days": days}, ensure_ascii=False)
        path = f"/desk/calendar/{year}/enter/"
        preview = handler.browser.post(path, {"source": source, "text": text})
        form = {"confirm": "1", "source": source, "seen": _seen(preview.text)}
        form["content"] = base64.b64encode(text.encode()).decode()
        handler.act("enter_calendar", path, form, key=source)
        if number % 2:
            path = f"/desk/calendar/{year}/withdraw/{_entries(source=source).get().pk}/"
            form = {"reason": "示例", "seen": _seen(handler.browser.get(path).text)}
            handler.act("withdraw_calendar", path, form, key=source)
        told.rest(4.5)


def check_the_clock(told: Told) -> None:
    """A doubt about the machine's clock, put there as the watch puts it, is ended by the office."""
    handler, model = Person(told, "handler"), late("kaoping.support.models").ClockHold
    while True:
        now = told.passing.now
        doubt = model(kind="forward", seconds=3600, before=now - timedelta(hours=1), found_at=now)
        when_there_is_room(doubt.save)
        handler.act("confirm_clock", "/desk/clock/", key=doubt.pk)
        told.rest(5)


def _seen(text: str) -> str:
    found = _SEEN.search(text)
    return found.group(1) if found else ""


def _entries(**conditions: Any) -> Any:
    return late("kaoping.workdays.models").Arrangement.objects.filter(**conditions)


def _enter_calendar(told: Told) -> Found:
    return each_once(
        told.acknowledged["enter_calendar"], Counter(_entries().values_list("source", flat=True))
    )


def _withdraw_calendar(told: Told) -> Found:
    withdrawn = Counter(_entries(withdrawn_at__isnull=False).values_list("source", flat=True))
    return each_once(told.acknowledged["withdraw_calendar"], withdrawn)


def _confirm_clock(told: Told) -> Found:
    """Each doubt ended, by a person whose word is one line of the log."""
    ended = late("kaoping.support.models").ClockHold.objects.filter(confirmed_at__isnull=False)
    found = each_once(told.acknowledged["confirm_clock"], Counter(ended.values_list("pk", flat=True)))
    lines = audit("confirm_clock").count() - found.stored
    return found.and_also(Found(0, max(0, -lines), max(0, lines)))


WRITERS = (("keep_the_calendar", keep_the_calendar), ("check_the_clock", check_the_clock))
STORED = {
    "enter_calendar": _enter_calendar,
    "withdraw_calendar": _withdraw_calendar,
    "confirm_clock": _confirm_clock,
}
