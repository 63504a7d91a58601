"""Materials: handed in, sealed, unsealed by two persons with a paper, proposed and taken back, a refused file let pass."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, Final

from bench.installation import late
from bench.kills.browsing import File, hidden
from bench.kills.comparing import Found, audit, each_once, no_more, none_missing
from bench.kills.destroying import REASON
from bench.kills.people import Person
from bench.kills.rooms.ledger import PLEDGE, import_rows
from bench.kills.told import Told

PAPER: Final = File("paper", "书面意见.pdf", b"%PDF-1.4 paper")


def dispose(told: Told) -> None:
    """One file after another goes through everything but destruction, which a process of its own does."""
    handler, head, number = Person(told, "handler"), Person(told, "head"), 100_000
    while True:
        number += 1
        digest = import_rows(handler, number)
        told.keep("upload_file", digest)
        handler.act("seal_artefact", f"/desk/materials/{digest}/seal/", key=digest)
        _propose(handler, digest, "unseal", PAPER)
        _confirm(head, "unseal_artefact", digest)
        _propose(handler, digest, "destroy")
        waiting = _waiting(digest)
        handler.act("drop_disposal", f"/desk/materials/proposal/{waiting}/drop/", key=waiting)
        content = f"一种植物 {number}".encode()
        refused = hashlib.sha256(content).hexdigest()
        told.go_on()
        while not _models().RefusedFile.objects.filter(sha256=refused).exists():
            _hand_in_marked(handler, number, content)
        _propose(handler, refused, "lift")
        _confirm(head, "lift_refusal", refused)
        told.rest(4)


def _hand_in_marked(handler: Person, number: int, content: bytes) -> None:
    """The paper of a proposal is looked at like every file; this one's name bears a mark, so nothing is proposed."""
    file = File("paper", f"秘密★{number % 90 + 1}年.txt", content)
    handler.told.go_on()
    any_digest = _models().Artefact.objects.order_by("id").first().sha256
    page = handler.browser.get(f"/desk/materials/{any_digest}/")
    form = {"reason": "书面意见", "seen": hidden(page, "seen"), **PLEDGE}
    handler.browser.post(f"/desk/materials/{any_digest}/propose/destroy/", form, file)


def _propose(handler: Person, digest: str, kind: str, paper: File | None = None) -> None:
    path = f"/desk/materials/{digest}/"
    form = {"reason": f"示例 {kind}", "seen": hidden(handler.browser.get(path), "seen"), **PLEDGE}
    handler.act("propose_disposal", f"{path}propose/{kind}/", form, file=paper, key=(digest, kind))


def _confirm(head: Person, verb: str, digest: str) -> None:
    form = {"seen": hidden(head.browser.get(f"/desk/materials/{digest}/"), "seen")}
    head.act(verb, f"/desk/materials/proposal/{_waiting(digest)}/confirm/", form, key=digest)


def _waiting(digest: str) -> int:
    return int(_models().Proposal.objects.filter(sha256=digest).order_by("pk").last().pk)


def _models() -> Any:
    return late("kaoping.evidence.models")


def _upload_file(told: Told) -> Found:
    """Each file once under its name, with one line that names who confirmed."""
    wanted = set(told.acknowledged["upload_file"])
    rows = Counter(_models().Upload.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    lines = Counter(audit("upload_file").filter(thing_id__in=wanted).values_list("thing_id", flat=True))
    return each_once(wanted, rows).and_also(each_once(wanted, lines))


def _seal_artefact(told: Told) -> Found:
    """One seal each, and after its end the bytes are back."""
    seals = Counter(_models().Seal.objects.values_list("sha256", flat=True))
    store = late("kaoping.evidence.queries").file_store()
    done = told.acknowledged["unseal_artefact"]
    missing = sum(1 for digest in done if store.get(digest) is None)
    return each_once(told.acknowledged["seal_artefact"], seals).and_also(none_missing(missing))


def _propose_disposal(told: Told) -> Found:
    rows = _models().Proposal.objects.exclude(reason=REASON)
    stored = Counter(rows.values_list("sha256", "kind"))
    lines = audit("propose_disposal").filter(thing_id__in={digest for digest, _kind in stored}).count()
    return each_once(told.acknowledged["propose_disposal"], stored).and_also(
        no_more(max(0, lines - stored.total()))
    )


def _decided(told: Told, verb: str, kind: str) -> Found:
    rows = _models().Decision.objects.filter(confirmed=True, proposal__kind=kind)
    return each_once(told.acknowledged[verb], Counter(rows.values_list("proposal__sha256", flat=True)))


def _drop_disposal(told: Told) -> Found:
    rows = _models().Decision.objects.filter(confirmed=False)
    return each_once(told.acknowledged["drop_disposal"], Counter(rows.values_list("proposal_id", flat=True)))


WRITERS = (("dispose", dispose),)
STORED = {
    "upload_file": _upload_file,
    "seal_artefact": _seal_artefact,
    "propose_disposal": _propose_disposal,
    "unseal_artefact": lambda told: _decided(told, "unseal_artefact", "unseal"),
    "lift_refusal": lambda told: _decided(told, "lift_refusal", "lift"),
    "drop_disposal": _drop_disposal,
}
# Every hand-in of every room writes the first, the destroyer writes the second, too.
OWN_LINES = frozenset({"upload_file", "propose_disposal"})
