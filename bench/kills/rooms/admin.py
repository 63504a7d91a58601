"""Administrators: people and their offices, the log taken out, failed jobs put back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from bench.installation import late
from bench.kills.comparing import Found, audit, each_once, each_sending
from bench.kills.people import Company, Person
from bench.kills.told import Stopped, Told
from bench.small_disk import when_there_is_room

LINK = "handed-link"  # the mark of the page that shows a one-time link


def care_for_people(told: Told) -> None:
    """A person is made, given an office and a new password, relieved, and switched off."""
    company, number = Company(told), 0
    accounts, registry = late("kaoping.accounts.queries"), late("kaoping.registry.models")
    links = late("kaoping.accounts.models").PasswordLink
    while True:
        number += 1
        name = f"new-{number}"
        form = {"name": f"新人{number}", "username": name}
        company["admin"].act("create_person", "/admin/people/new/", form, key=name, shows=LINK)
        person = accounts.person_by_username(name)
        if person is None:
            raise AssertionError(f"{name} is not there")
        # Months pass before a form goes out that has to wait; nobody is appointed for a day that is over.
        day = (told.passing.today + timedelta(days=730)).isoformat()
        office = {"person": str(person.pk), "role": "reviewer", "organisation": "", "valid_from": day}
        company["security"].act("appoint", "/admin/appointments/new/", office, key=name)
        held = registry.Appointment.objects.get(person=person)
        company["admin"].act(
            "ask_reset", f"/admin/people/{person.pk}/reset/", key=("reset", name), shows=LINK
        )
        link = links.objects.filter(person=person, void_at=None).latest("pk")
        company["security"].act("drop_reset", f"/admin/passwords/{link.pk}/drop/", key=link.pk)
        company["security"].act(
            "relieve", f"/admin/appointments/{held.pk}/relieve/", {"last_day": day}, key=name
        )
        company["admin"].act("switch_person", f"/admin/people/{person.pk}/switch/", {"active": "0"}, key=name)
        told.rest(2.5)


def take_the_log_out(told: Told) -> None:
    """An auditor downloads the log of a day; each download is an act of its own."""
    auditor, number = Person(told, "auditor2"), 0
    while True:
        number += 1
        page = auditor.browser.get("/admin/audit/?format=csv&verb=appoint", counts=True)
        if page.status != 200 or "动作" not in page.text:
            raise AssertionError(f"export_audit: unexpected answer {page.status} {page.words()}")
        told.keep("export_audit", number, None, auditor.browser)
        told.rest(7.5)


def put_back_failed_jobs(told: Told) -> None:
    """Jobs that gave up are put back, and done once."""
    admin, number = Person(told, "admin"), 0
    job = late("kaoping.support.models").Job
    while True:
        number += 1
        mark = f"retry-{number}"
        given_up = job(
            name="bench.kills.appending:append",
            key=mark,
            arguments={"mark": mark, "unit": "U8", "item": "K3.8"},
            state=job.FAILED,
            attempts=5,
            cause="示例",
            due_at=told.passing.now,
            enqueued_at=told.passing.now,
        )
        when_there_is_room(given_up.save)
        try:
            admin.act("retry_job", f"/admin/health/jobs/{given_up.pk}/retry/", key=mark)
        except Stopped:
            # The round ended before anybody could put it back: it was laid out to be, and is nobody's broken promise.
            job.objects.filter(pk=given_up.pk, state=job.FAILED).delete()
            raise
        told.rest(5)


def _people() -> Any:
    return late("kaoping.accounts.models").Person.objects.filter(username__startswith="new-")


def _create_person(told: Told) -> Found:
    return each_once(
        told.acknowledged["create_person"], Counter(_people().values_list("username", flat=True))
    )


def _ask_reset(told: Told) -> Found:
    """A form that was sent again makes a second link and the first one void; both are lines of the log."""
    return each_sending(told, "ask_reset", audit("ask_reset").count())


def _drop_reset(told: Told) -> Found:
    lines = audit("drop_reset").count()
    return each_sending(told, "drop_reset", lines)


def _appointments(**conditions: Any) -> Counter[str]:
    rows = late("kaoping.registry.models").Appointment.objects.filter(
        role="reviewer", person__username__startswith="new-", **conditions
    )
    return Counter(rows.values_list("person__username", flat=True))


def _appoint(told: Told) -> Found:
    return each_once(told.acknowledged["appoint"], _appointments())


def _relieve(told: Told) -> Found:
    return each_once(told.acknowledged["relieve"], _appointments(valid_until__isnull=False))


def _switch_person(told: Told) -> Found:
    off = _people().filter(is_active=False).values_list("username", flat=True)
    return each_once(told.acknowledged["switch_person"], Counter(off))


def _export_audit(told: Told) -> Found:
    return each_sending(told, "export_audit", audit("export_audit").count())


def _retry_job(told: Told) -> Found:
    """The effect of each job that was put back is there once, however often it had to be run."""
    marks = late("kaoping.evidence.models").Observation.objects.filter(uid__startswith="job:retry-")
    done = Counter(uid.removeprefix("job:") for uid in marks.values_list("uid", flat=True))
    return each_once(told.acknowledged["retry_job"], done)


WRITERS = (
    ("care_for_people", care_for_people),
    ("take_the_log_out", take_the_log_out),
    ("put_back_failed_jobs", put_back_failed_jobs),
)
STORED = {
    "create_person": _create_person,
    "ask_reset": _ask_reset,
    "drop_reset": _drop_reset,
    "appoint": _appoint,
    "relieve": _relieve,
    "switch_person": _switch_person,
    "export_audit": _export_audit,
    "retry_job": _retry_job,
}
