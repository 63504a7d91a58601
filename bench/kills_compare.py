"""What ``bench/kills.py`` was told, compared with what is stored."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.installation import RUNS, UNITS, YEAR, late
from bench.kills_writers import Told

FIRST_PEOPLE = 9  # three administrators of ``init`` and the cast


def wait_for_jobs(seconds: float = 120) -> None:
    """Until the worker has kept every promise. Leases of killed workers are let run out at once instead of in ten minutes."""
    job, clock = late("kaoping.support.models").Job, late("kaoping.support.clock")
    mine = job.objects.filter(key__regex="^(append|collect)-")
    end = time.monotonic() + seconds
    mine.filter(state=job.RUNNING).update(lease_until=clock.machine_now())
    while mine.exclude(state=job.DONE).exists() and time.monotonic() < end:
        time.sleep(0.2)


def compare(told: Told, folder: Path) -> dict[str, dict[str, int]]:
    """Per verb: acknowledged, unanswered (cut off and sent again), refused (nobody there, sent again), stored, lost, doubled."""
    late("kaoping.evaluation.services").collect_opinions(now=late("kaoping.support.clock").now())
    found = {}
    for verb, (stored, lost, doubled) in {**_desk(told), **_public(told), **_jobs(told, folder)}.items():
        found[verb] = {
            "acknowledged": len(told.acknowledged[verb]),
            "unanswered": told.unanswered[verb],
            "refused": told.refused[verb],
            "stored": stored,
            "lost": lost,
            "doubled": doubled,
        }
    return found


def _audit(verb: str) -> Counter[str]:
    entries = late("kaoping.accounts.models").AuditEntry.objects.filter(verb=verb, refused=False)
    return Counter(entries.values_list("thing_id", flat=True))


def _each_once(wanted: Iterable[Any], stored: Counter[Any]) -> tuple[int, int, int]:
    lost = sum(1 for key in wanted if stored[key] == 0)
    return stored.total(), lost, sum(count - 1 for count in stored.values() if count > 1)


def _between(told: Told, verb: str, stored: int) -> tuple[int, int, int]:
    """For acts that are repeated when a form is sent again: none lost, and no more than were sent."""
    least = len(told.acknowledged[verb])
    return stored, max(0, least - stored), max(0, stored - least - told.unanswered[verb])


def _desk(told: Told) -> dict[str, tuple[int, int, int]]:
    registry, accounts = late("kaoping.registry.models"), late("kaoping.accounts.models")
    evidence, campaigns = late("kaoping.evidence.models"), late("kaoping.campaigns.models")
    said = told.acknowledged
    made = accounts.Person.objects.filter(username__startswith="new-")
    people = Counter(made.values_list("username", flat=True))
    # An act and its line in the audit log are one: as many lines as people.
    unaudited = abs(len(people) - sum(_audit("create_person").values()) + FIRST_PEOPLE)
    stored, lost, doubled = _each_once(said["create_person"], people)
    roles = Counter(
        registry.Appointment.objects.filter(role="reviewer").values_list("person__username", flat=True)
    )
    lines = evidence.Observation.objects.filter(uid__startswith="register:")
    rows = Counter(lines.values_list("uid", flat=True))
    uids = [uid for group in said["import_register"].values() for uid in group]
    withdrawn = Counter(
        evidence.Observation.objects.filter(kind="withdrawn").values_list("supersedes", flat=True)
    )
    towns = Counter(registry.Organisation.objects.filter(kind="township").values_list("code", flat=True))
    sheets = campaigns.Sheet.objects.all()
    stored_sheets, lost_sheets, too_many = _between(told, "compute_sheet", sheets.count())
    site = registry.Organisation.objects.get(code="U2").site_url
    answer = campaigns.Answer.objects.get(self_review__organisation__code="U1", item="K1.1")
    addresses = Counter(campaigns.AnswerArtefact.objects.values_list("url", flat=True))
    wanted = [form["url"] for form in said["save_answer"].values()]
    last_text = list(said["save_answer"].values())[-1]["text"] if said["save_answer"] else ""
    written, unwritten, twice = _each_once(wanted, addresses)
    signed = late("kaoping.accounts.models").AuditEntry.objects.filter(
        verb="sign_in", refused=False, actor_name="opener1"
    )
    return {
        "sign_in": _between(told, "sign_in", signed.count()),
        "create_person": (stored, lost + unaudited, doubled),
        "appoint": _each_once(said["appoint"], roles),
        "import_register": _each_once(uids, rows),
        "withdraw": _each_once(said["withdraw"], withdrawn),
        "change_organisation": (1, int(site != list(said["change_organisation"].values())[-1]), 0),
        "import_roster": _each_once(said["import_roster"], towns),
        "compute_sheet": (stored_sheets, lost_sheets + _broken(campaigns), too_many),
        "save_answer": (written, unwritten + int(answer.text != last_text), twice),
    }


def _broken(campaigns: Any) -> int:
    """Sheets that lack a unit: a sheet is there whole or not at all."""
    per_sheet = Counter(campaigns.SheetUnit.objects.values_list("sheet_id", flat=True))
    return sum(
        1 for pk in campaigns.Sheet.objects.values_list("pk", flat=True) if per_sheet[pk] != len(UNITS)
    )


def _public(told: Told) -> dict[str, tuple[int, int, int]]:
    receipts, models = late("kaoping.evaluation.ballotbox.receipts"), late("kaoping.evaluation.models")
    said, poll = told.acknowledged, f"poll-{YEAR}"
    with closing(late("kaoping.evaluation.ballotbox.store").open_ballot_store()) as store:
        count = store.count(poll)
        lost = sum(
            1
            for token in said["cast_ballot"]
            if store.counted(receipts.receipt_hash(receipts.receipt_of(poll, token))) is None
        )
        waiting = [one.text for one in store.waiting_opinions(100_000)]
    texts = Counter(models.Opinion.objects.values_list("text", flat=True))
    texts.update(waiting)
    opinions = [text for text in said["cast_ballot"].values() if text]
    answers = dict(models.Opinion.objects.exclude(answer="").values_list("pk", "answer"))
    wrong = sum(1 for pk, words in said["answer_opinion"].items() if answers.get(pk) != words)
    said["write_opinion"] = dict.fromkeys(opinions)
    return {
        "cast_ballot": (count, lost, count - len(said["cast_ballot"])),
        "write_opinion": _each_once(opinions, texts),
        "answer_opinion": (len(answers), wrong, 0),
    }


def _jobs(told: Told, folder: Path) -> dict[str, tuple[int, int, int]]:
    """Each effect exactly once, however often the job had to be run."""
    evidence, job = late("kaoping.evidence.models"), late("kaoping.support.models").Job
    uids = evidence.Observation.objects.filter(uid__startswith="job:").values_list("uid", flat=True)
    rows = Counter(int(uid.removeprefix("job:")) for uid in uids)
    path = folder / RUNS
    runs = len(path.read_text().split()) if path.is_file() else 0
    told.unanswered["job"] = runs - rows.total()  # run again after a kill
    undone = job.objects.filter(key__startswith="append-").exclude(state=job.DONE).count()
    stored, lost, doubled = _each_once(told.acknowledged["job"], rows)
    return {"job": (stored, lost + undone, doubled)}
