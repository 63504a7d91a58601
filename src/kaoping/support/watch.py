"""Watch over the clock: what cannot be undone by clock waits for a person when the clock jumped or nobody watched it.

The worker looks again and again; whoever is about to do such a thing looks once more and asks ``refusal``. Overdue,
"no reply" and closing instants are computed readings that correct themselves, and never wait. The simulated clock of a
demonstration folder jumps by design and is not watched.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from kaoping.support import clock, environment, jobs, logic, workers
from kaoping.support.models import ClockHold, ClockLook

EVERY_SECONDS: Final = 10.0
_SAYS: Final = {
    logic.FORWARD: "时钟向前跳了{}",
    logic.BACK: "时钟向后退了{}",
    logic.STOPPED: "服务停了{}，其间没有看时钟",
}
_last = float("-inf")


def watched() -> bool:
    """Whether the machine's clock rules here."""
    return clock.simulated(environment.data_folder()) is None


def look() -> None:
    """Compare the clock with the latest look, keep what is odd, and keep this look."""
    now = logic.Look(clock.machine_now(), clock.monotonic(), workers.place())
    with transaction.atomic():
        before = _before(now.place)
        jump = logic.jump_between(before, now)
        if jump is not None and before is not None:
            ClockHold.objects.create(
                kind=jump.kind, seconds=jump.seconds, before=before.wall, found_at=now.wall
            )
        ClockLook.objects.update_or_create(
            place=now.place, defaults={"wall": now.wall, "monotonic": now.monotonic}
        )


def look_sometimes() -> None:
    """``look``, at most every ``EVERY_SECONDS`` in one process: for the worker's round."""
    global _last
    if watched() and clock.monotonic() - _last >= EVERY_SECONDS:
        look()
        _last = clock.monotonic()


def pending() -> QuerySet[ClockHold]:
    """What nobody confirmed yet, the oldest first."""
    return ClockHold.objects.filter(confirmed_at=None).order_by("id")


def holds() -> QuerySet[ClockHold]:
    """Everything that was ever odd, the latest first."""
    return ClockHold.objects.order_by("-id")


def refusal() -> str | None:
    """Why something that cannot be undone waits now, in words; null when the clock can be trusted. Looks first."""
    if not watched():
        return None
    look()
    found = list(pending())
    if not found:
        return None
    return f"{in_words(found[-1])}，现在的时间要由人核对。请政务公开办经办或负责人在“核对时钟”确认后再办。"


def confirm(*, by: str, now: datetime) -> int:
    """A person says that the time is right: nothing waits any more; returns how many reasons that ended."""
    return pending().update(confirmed_at=now, confirmed_by=by)


def in_words(hold: ClockHold) -> str:
    """What was odd, as people read it."""
    return f"{_SAYS[hold.kind].format(_length(hold.seconds))}（此前最后一次看是 {clock.beijing_text(hold.before)}）"


def _before(place: str) -> logic.Look | None:
    """The latest look of this boot; of any, when this one never looked; of the first release, its sign of life."""
    own = ClockLook.objects.filter(place=place).first()
    row = own or ClockLook.objects.order_by("-wall").first()
    if row is not None:
        return logic.Look(row.wall, row.monotonic, row.place)
    beat = jobs.last_beat(jobs.WORKER)
    return logic.Look(beat, 0.0, "") if beat else None


def _length(seconds: int) -> str:
    minutes, days = seconds // 60, seconds // 86400
    if days:
        return f" {days} 天"
    if minutes >= 60:
        return f" {minutes // 60} 小时 {minutes % 60} 分"
    return f" {minutes} 分" if minutes else f" {seconds} 秒"
