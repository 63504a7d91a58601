"""Monitoring: sites are looked at, faults confirmed or set aside by a person, and looked at again."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from bench.installation import late
from bench.kills.city import SITES
from bench.kills.comparing import Found, audit, each_once, each_sending, none_missing
from bench.kills.people import Person
from bench.kills.told import Told

QUEUED: Final = ("已有一轮", "已经排了一次")
# What is said of a finding whose line counted in a year that is reviewed: it takes two then, as rulings do.
TAKES_TWO: Final = "误报和撤回须两人办理"


def watch(told: Told) -> None:
    """Each time the clock has moved on, every site is looked at; what is ready is confirmed or set aside."""
    handler, seen, left = Person(told, "handler"), told.passing.now, set[int]()
    _look(handler)
    while True:
        told.rest(2.5)
        _decide(handler)
        _set_aside(handler, left)
        _settle_removed(handler)
        if told.passing.now > seen and not _runs(kind="routine", state="waiting").exists():
            seen = told.passing.now
            _look(handler)


def _look(handler: Person) -> None:
    for code in SITES:
        count = handler.told.acts["start_run"]
        handler.act("start_run", f"/desk/monitoring/site/{code}/run/", key=count, unless=QUEUED[0])


def _decide(handler: Person) -> None:
    """Of the findings that wait for a person, every second one is confirmed and re-tested, the others are false alarms."""
    ready = list(_findings(state="ready").order_by("pk").values_list("pk", flat=True)[:6])
    batch = [pk for pk in ready if pk % 2]
    if batch:
        form = {"finding": [str(pk) for pk in batch]}
        handler.act("confirm_findings", "/desk/monitoring/confirm/", form, key=batch[0])
        # The whole batch is noted before the next act, at which the bench may end.
        for pk in batch:
            handler.told.also("confirm_findings", pk)
        for pk in batch:
            path, count = f"/desk/monitoring/finding/{pk}/retest/", handler.told.acts["ask_retest"]
            handler.act("ask_retest", path, key=count, unless=QUEUED[1])
    for pk in ready:
        if pk not in batch:
            _clear(handler, pk)


def _set_aside(handler: Person, left: set[int]) -> None:
    """A confirmed fault that was looked at again turns out a false alarm, so that it can be found anew.

    ``left`` are those that one person cannot set aside any more.
    """
    looked = _findings(state="confirmed", retests__state__in=("done", "failed")).exclude(pk__in=left)
    for pk in list(looked.order_by("pk").values_list("pk", flat=True).distinct()[:2]):
        if not _clear(handler, pk):
            left.add(pk)


def _clear(handler: Person, pk: int) -> bool:
    """Whether the finding was set aside. Of a form that was cut off just before the year's review ended and is refused when
    it is sent again, the finding says whether it had been taken.
    """
    confirmed = _findings(pk=pk, state="confirmed").exists()
    form, path = {"reason": f"误报（示例）{pk}"}, f"/desk/monitoring/finding/{pk}/clear/"
    if not handler.act("clear_finding", path, form, key=pk, unless=TAKES_TWO):
        if not _findings(pk=pk, state="cleared").exists():
            return False
        handler.told.keep("clear_finding", pk)
    if confirmed:
        handler.told.keep("withdraw", ("line", f"monitor-{pk}"))
    return True


def _settle_removed(handler: Person) -> None:
    """Pages that were not there at two looks far enough apart are said to be taken down."""
    queries = late("kaoping.monitoring.queries")
    rows = (
        _findings(state__in=("suspected", "ready", "confirmed"), sightings__outcome="gone")
        .distinct()
        .order_by("pk")
    )
    for finding in [one for one in rows if queries.absence_of(one, on=handler.told.passing.today).reached][
        :2
    ]:
        confirmed = _findings(pk=finding.pk, state="confirmed").exists()
        form = {"reason": f"问过单位（示例）{finding.pk}"}
        path = f"/desk/monitoring/finding/{finding.pk}/removed/"
        if handler.act("settle_removed", path, form, key=finding.pk) and confirmed:
            handler.told.also("removed_line", finding.pk)


def _models() -> Any:
    return late("kaoping.monitoring.models")


def _findings(**conditions: Any) -> Any:
    return _models().Finding.objects.filter(**conditions)


def _runs(**conditions: Any) -> Any:
    return _models().Run.objects.filter(**conditions)


def _observations(prefix: str) -> Any:
    return late("kaoping.evidence.models").Observation.objects.filter(uid__startswith=prefix)


def _start_run(told: Told) -> Found:
    return each_sending(told, "start_run", _runs(kind="routine").exclude(asked_by="").count())


def _schedule_runs(told: Told) -> Found:
    """As many runs as the log says, and never two of one site on one day."""
    rows = _runs(kind="routine", asked_by="")
    lines = [int(text.split()[1]) for text in audit("schedule_runs").values_list("sentence", flat=True)]
    for number in range(len(lines)):
        told.keep("schedule_runs", number)
    days = Counter((row.organisation_id, row.folder and row.started_at.date()) for row in rows)
    twice = sum(n - 1 for (_site, day), n in days.items() if day)
    return Found(len(lines), max(0, sum(lines) - rows.count()), max(0, rows.count() - sum(lines)) + twice)


def _perform_run(told: Told) -> Found:
    """Every queued run was done once; what it saw is one sighting for each target."""
    for pk in _runs(kind="routine").values_list("pk", flat=True):
        told.keep("perform_run", pk)
    done = Counter(_runs(kind="routine").exclude(state="waiting").values_list("pk", flat=True))
    good = _runs(kind="routine", state="done").count()
    seen = Counter(_models().Sighting.objects.values_list("run", "finding"))
    logged = audit("perform_run").count()
    beside = Found(0, max(0, good - logged), max(0, logged - good) + sum(n - 1 for n in seen.values()))
    return each_once(told.acknowledged["perform_run"], done).and_also(beside)


def _confirm_findings(told: Told) -> Found:
    """Each confirmed finding is one line of the ledger, one of the log, and the ground of a case."""
    lines = Counter(
        int(uid.removeprefix("monitor-")) for uid in _observations("monitor-").values_list("uid", flat=True)
    )
    taken = late("kaoping.rectification.models").CaseObservation.objects.filter(
        observation__startswith="monitor-"
    )
    found = each_once(told.acknowledged["confirm_findings"], lines)
    logged = each_once(
        map(str, told.acknowledged["confirm_findings"]),
        Counter(audit("confirm_findings").values_list("thing_id", flat=True)),
    )
    beside = Found(0, logged.lost, logged.doubled)
    return found.and_also(none_missing(max(0, len(lines) - taken.count()))).and_also(beside)


def _clear_finding(told: Told) -> Found:
    """Set aside once. The line of one that was confirmed is withdrawn, which the room of the ledger compares."""
    gone = Counter(_findings(state="cleared").exclude(decision="").values_list("pk", flat=True))
    return each_once(told.acknowledged["clear_finding"], gone)


def _settle_removed_stored(told: Told) -> Found:
    """Each page said to be gone is so once; of one that was confirmed the ledger has one line."""
    gone = Counter(_findings(state="removed").values_list("pk", flat=True))
    lines = Counter(
        int(uid.removeprefix("removed-")) for uid in _observations("removed-").values_list("uid", flat=True)
    )
    told_lines = each_once(told.acknowledged["removed_line"], lines)
    return each_once(told.acknowledged["settle_removed"], gone).and_also(told_lines)


def _ask_retest(told: Told) -> Found:
    return each_sending(told, "ask_retest", _runs(kind="retest").count())


def _retest(told: Told) -> Found:
    """Every second look that was asked for was taken once."""
    for pk in _runs(kind="retest").values_list("pk", flat=True):
        told.keep("retest", pk)
    looked = Counter(_runs(kind="retest").exclude(state="waiting").values_list("pk", flat=True))
    logged = audit("retest").count()
    beside = Found(0, max(0, looked.total() - logged), max(0, logged - looked.total()))
    return each_once(told.acknowledged["retest"], looked).and_also(beside)


WRITERS = (("watch", watch),)
STORED = {
    "start_run": _start_run,
    "schedule_runs": _schedule_runs,
    "perform_run": _perform_run,
    "confirm_findings": _confirm_findings,
    "clear_finding": _clear_finding,
    "settle_removed": _settle_removed_stored,
    "ask_retest": _ask_retest,
    "retest": _retest,
}
# What the worker does by itself; the comparison above reads its lines.
OWN_LINES = frozenset({"schedule_runs", "perform_run", "retest", "confirm_findings"})
