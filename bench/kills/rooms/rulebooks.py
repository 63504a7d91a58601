"""Rulebooks: the shipped one is adopted; sent again, it is the same version."""

from __future__ import annotations

from collections import Counter

from bench.installation import late
from bench.kills.comparing import Found, each_once
from bench.kills.people import Person
from bench.kills.told import Told

SHIPPED = "changzhou-2020"


def adopt(told: Told) -> None:
    """The office adopts the shipped rulebook, again and again."""
    handler = Person(told, "handler")
    while True:
        told.rest(10)
        handler.act("adopt", "/desk/rulebooks/adopt/", {"rulebook": SHIPPED}, key=SHIPPED)


def _adopt(told: Told) -> Found:
    digest = late("kaoping.standards.loading").load_rulebook(SHIPPED).digest
    versions = late("kaoping.standards.models").RulebookVersion.objects.filter(digest=digest)
    return each_once(told.acknowledged["adopt"], Counter(versions.values_list("rulebook", flat=True)))


WRITERS = (("adopt", adopt),)
STORED = {"adopt": _adopt}
SELDOM = frozenset({"adopt"})
