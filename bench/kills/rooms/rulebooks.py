"""Rulebooks: the shipped one is adopted, drafts are handed in and every other one is withdrawn; sent again, each is one version."""

from __future__ import annotations

import base64
import io
import zipfile
from collections import Counter
from itertools import count
from typing import Any

from bench.installation import late
from bench.kills import rulebook as small
from bench.kills.comparing import Found, each_once
from bench.kills.people import Person
from bench.kills.told import Told

SHIPPED = "changzhou-2020"
REASON = "写错了一处（示例）"


def adopt(told: Told) -> None:
    """The office adopts the shipped rulebook, again and again."""
    handler = Person(told, "handler")
    while True:
        told.rest(10)
        handler.act("adopt", "/desk/rulebooks/adopt/", {"rulebook": SHIPPED}, key=SHIPPED)


def hand_in(told: Told) -> None:
    """The office hands in one draft after another and takes every other one back."""
    handler = Person(told, "handler")
    for number in count(1):
        told.rest(7)
        version = f"draft-{number}"
        kept = base64.b64encode(_packed(version)).decode()
        form = {"confirm": "1", "kept": kept, "organiser": "G1"}
        handler.act("hand_in_rulebook", "/desk/rulebooks/hand-in/", form, key=version)
        if number % 2:
            pk = _versions().get(version=version).pk
            handler.act(
                "withdraw_rulebook", f"/desk/rulebooks/{pk}/withdraw/", {"reason": REASON}, key=version
            )


def _packed(version: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in small.files(version).items():
            archive.writestr(name, text)
    return made.getvalue()


def _versions() -> Any:
    return late("kaoping.standards.models").RulebookVersion.objects


def _adopt(told: Told) -> Found:
    digest = late("kaoping.standards.loading").load_rulebook(SHIPPED).digest
    versions = _versions().filter(digest=digest)
    return each_once(told.acknowledged["adopt"], Counter(versions.values_list("rulebook", flat=True)))


def _handed_in(told: Told) -> Found:
    drafts = _versions().exclude(organiser=None).values_list("version", flat=True)
    return each_once(told.acknowledged["hand_in_rulebook"], Counter(drafts))


def _withdrawn(told: Told) -> Found:
    gone = _versions().exclude(withdrawal=None).values_list("version", flat=True)
    return each_once(told.acknowledged["withdraw_rulebook"], Counter(gone))


WRITERS = (("adopt", adopt), ("hand_in_rulebook", hand_in))
STORED = {"adopt": _adopt, "hand_in_rulebook": _handed_in, "withdraw_rulebook": _withdrawn}
SELDOM = frozenset({"adopt", "hand_in_rulebook"})
