"""The ledger: a file of rows imported, a row withdrawn; a file destroyed by two persons."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from typing import Final

from bench.installation import late
from bench.kills.browsing import File
from bench.kills.city import UNITS
from bench.kills.comparing import Found, each_once, no_more
from bench.kills.destroying import DONE, STOP
from bench.kills.people import Person
from bench.kills.told import Stopped, Told

ITEM: Final = "K3.2"
# What everybody ticks who hands in a file.
PLEDGE: Final = {"no_secret": "1"}


def import_ledger(told: Told) -> None:
    """The office imports a ledger of three rows, and withdraws the first."""
    handler, number = Person(told, "handler"), 0
    while True:
        number += 1
        digest = import_rows(handler, number)
        withdraw(handler, f"register:{digest[:32]}:2")
        told.rest(2.5)


def import_rows(handler: Person, number: int) -> str:
    """Import three rows; the digest of their file."""
    lines = ["单位代码,指标,种类,取值,观察日期,理由"]
    lines += [f"{code},{ITEM},比例,3/4,2007-12-20,台账{number}" for code in UNITS[:3]]
    content = "\n".join(lines).encode()
    file = File("file", f"台账{number}.csv", content)
    digest = hashlib.sha256(content).hexdigest()
    uids = [f"register:{digest[:32]}:{row}" for row in (2, 3, 4)]
    handler.act("import_register", "/desk/ledger/import/", PLEDGE, file=file, key=digest, value=uids)
    return digest


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


def withdraw(handler: Person, uid: str) -> None:
    """The office withdraws a line of the ledger."""
    form = {"reason": f"登记错了 {uid[:8]}"}
    handler.act("withdraw", f"/desk/ledger/{uid}/withdraw/", form, key=("line", uid))


def _import_register(told: Told) -> Found:
    uids = [uid for group in told.acknowledged["import_register"].values() for uid in group]
    rows = late("kaoping.evidence.models").Observation.objects.filter(uid__startswith="register:")
    return each_once(uids, Counter(rows.values_list("uid", flat=True)))


def _withdraw(told: Told) -> Found:
    """Lines of the ledger (of false alarms, too), and releases: the product has one name for both."""
    lines = late("kaoping.evidence.models").Observation.objects
    gone = lines.filter(kind="withdrawn")
    stored = Counter(("line", uid) for uid in gone.values_list("supersedes", flat=True))
    acts = late("kaoping.publication.models").ReleaseAct.objects.filter(kind="withdrawn")
    stored.update(
        ("release", f"{year}-{number}")
        for year, number in acts.values_list("release__year", "release__number")
    )
    return each_once(told.acknowledged["withdraw"], stored)


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
    "withdraw": _withdraw,
    "destroy_artefact": _destroy_artefact,
}
