"""The ledger: a file of rows imported, taken back whole, imported again; lines moved by acts; a file destroyed by two persons."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Hashable
from typing import Any, Final

from bench.installation import late
from bench.kills.browsing import File
from bench.kills.city import UNITS
from bench.kills.comparing import Found, each_once, no_more, none_missing
from bench.kills.destroying import DONE, STOP
from bench.kills.people import Person
from bench.kills.told import Stopped, Told

ITEM: Final = "K3.2"
# What everybody ticks who hands in a file.
PLEDGE: Final = {"no_secret": "1"}


def import_ledger(told: Told) -> None:
    """The office imports a ledger of three rows and takes it back; every second one is imported again afterwards."""
    handler, number = Person(told, "handler"), 0
    while True:
        number += 1
        digest = import_rows(handler, number)
        _undo(handler, digest)
        if number % 2:
            import_rows(handler, number, time=2)
        told.rest(2.5)


def import_rows(handler: Person, number: int, *, time: int = 1) -> str:
    """Import three rows, for the how manieth ``time``; the digest of their file."""
    lines = ["单位代码,指标,种类,取值,观察日期,理由"]
    lines += [f"{code},{ITEM},比例,3/4,2006-06-20,台账{number}" for code in UNITS[:3]]
    content = "\n".join(lines).encode()
    file = File("file", f"台账{number}.csv", content)
    digest = hashlib.sha256(content).hexdigest()
    batch = digest[:32] if time == 1 else f"{digest[:32]}.{time}"
    uids, key = _lines(batch), (digest, time)
    handler.act("import_register", "/desk/ledger/import/", PLEDGE, file=file, key=key, value=uids)
    return digest


def _undo(handler: Person, digest: str) -> None:
    """Take the import back by one of its lines; every line of it is withdrawn."""
    batch = digest[:32]
    move(handler, "undo_import", _lines(batch)[1], "undo", key=batch)
    for uid in _lines(batch):
        handler.told.keep("withdraw", ("line", uid))


def _lines(batch: str) -> list[str]:
    return [f"register:{batch}:{row}" for row in (2, 3, 4)]


def destroy(told: Told) -> None:
    """A process of its own destroys files by two persons, is killed, and is started again."""
    folder = told.passing.folder
    while not told.stop.is_set():
        with (folder / "destroying.log").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.kills.destroying"],
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        told.destroyer = process.pid
        while process.poll() is None:
            if told.stop.wait(0.2):
                (folder / STOP).touch()
                process.wait(60)
        told.destroyer = 0
        if process.returncode > 0:
            raise AssertionError((folder / "destroying.log").read_text()[-2000:])
    raise Stopped


def move(person: Person, verb: str, uid: str, act: str, *, key: Hashable, unless: str = "") -> bool:
    """Send the form by which a line is moved by ``act``; whether it was acknowledged."""
    form = {"act": act, "reason": f"登记错了（示例）{uid[:8]}"}
    return person.act(verb, f"/desk/ledger/{uid}/move/", form, key=key, unless=unless)


def withdrawal_of(uid: str) -> str:
    """The line that withdrew ``uid``."""
    found: str = _observations(kind="withdrawn", supersedes=uid).get().uid
    return found


def _observations(**conditions: Any) -> Any:
    return late("kaoping.evidence.models").Observation.objects.filter(**conditions)


def _import_register(told: Told) -> Found:
    uids = [uid for group in told.acknowledged["import_register"].values() for uid in group]
    rows = _observations(uid__startswith="register:")
    return each_once(uids, Counter(rows.values_list("uid", flat=True)))


def _undo_import(told: Told) -> Found:
    """Taken back once, by one act; its lines are compared where withdrawals are."""
    acts = late("kaoping.evidence.models").Act.objects.filter(ref__startswith="batch:")
    refs = Counter(ref.removeprefix("batch:") for ref in acts.values_list("ref", flat=True))
    return each_once(told.acknowledged["undo_import"], refs)


def _withdraw(told: Told) -> Found:
    """Lines of the ledger by whatever act, and releases: the product has one name for both."""
    gone = _observations(kind="withdrawn")
    stored = Counter(("line", uid) for uid in gone.values_list("supersedes", flat=True))
    acts = late("kaoping.publication.models").ReleaseAct.objects.filter(kind="withdrawn")
    stored.update(
        ("release", f"{year}-{number}")
        for year, number in acts.values_list("release__year", "release__number")
    )
    return each_once(told.acknowledged["withdraw"], stored)


def _restore(told: Told) -> Found:
    """Each withdrawal taken back once, by a line that says what the withdrawn one said."""
    gone = dict(_observations(kind="withdrawn").values_list("uid", "supersedes"))
    back = list(_observations(supersedes__in=gone))
    said = {one.uid: (one.source, one.kind, one.value) for one in _observations(uid__in=gone.values())}
    wrong = sum(1 for one in back if (one.source, one.kind, one.value) != said[gone[one.supersedes]])
    found = each_once(told.acknowledged["restore"], Counter(one.supersedes for one in back))
    return found.and_also(none_missing(wrong))


def _destroy_artefact(told: Told) -> Found:
    """The act stands once, and the bytes are gone."""
    path = told.passing.folder / DONE
    for line in path.read_text().splitlines() if path.is_file() else ():
        told.keep("destroy_artefact", json.loads(line)["sha256"])
    models, store = late("kaoping.evidence.models"), late("kaoping.evidence.queries").file_store()
    acts = Counter(models.Destruction.objects.values_list("sha256", flat=True))
    left = sum(1 for sha256 in acts if store.get(sha256) is not None)
    return each_once(told.acknowledged["destroy_artefact"], acts).and_also(no_more(left))


WRITERS = (("import_ledger", import_ledger), ("destroy", destroy))
STORED = {
    "import_register": _import_register,
    "undo_import": _undo_import,
    "withdraw": _withdraw,
    "restore": _restore,
    "destroy_artefact": _destroy_artefact,
}
