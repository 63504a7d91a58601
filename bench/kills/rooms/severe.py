"""Vetoes and major deductions by two persons: one is confirmed, one is refused, one is taken back by its proposer."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from bench.installation import late
from bench.kills.browsing import File
from bench.kills.comparing import Found, each_once, no_more
from bench.kills.rooms.ledger import PLEDGE
from bench.kills.rooms.walk import Walk, walked
from bench.kills.told import Told

# Unit, item, value, who answers with which answer; nobody for the one that is taken back.
MATTERS: Final = (
    ("W1", "D1", "1", "head", "yes"),
    ("W2", "V1", "查实", "signer", "no"),
    ("W3", "V1", "查实", "", ""),
)


def by_two(walk: Walk) -> None:
    """Propose all of them, then answer them."""
    for unit, item, value, second, answer in MATTERS:
        ruling = _propose(walk, unit, item, value)
        page, key = f"/desk/severe/{walk.year}/{ruling}/", (walk.year, unit, item)
        reason = {"reason": "文书尚未生效（示例）"}
        if second:
            walk.company[second].act("second_severe", page, {"agreed": answer, **reason}, key=key)
        else:
            walk.company["handler"].act("take_back_severe", page, reason, key=key)


def _propose(walk: Walk, unit: str, item: str, value: str) -> int:
    document = f"样例通报〔{walk.year}〕{unit}号"
    form = {"unit": unit, "item": item, "value": value, "on": walk.told.passing.today.isoformat()}
    form |= {"document": document, "reason": "按通报认定（示例）", **PLEDGE}
    file = File("file", f"{document}.pdf", f"%PDF-1.4 {document}".encode())
    page, key = f"/desk/severe/{walk.year}/new/", (walk.year, unit, item)
    walk.company["handler"].act("propose_severe", page, form, file=file, key=key)
    [row] = walked("SevereRuling", campaign__year=walk.year, organisation__code=unit, item=item)
    return int(row.pk)


def _proposed(told: Told) -> Found:
    rows = walked("SevereRuling").values_list("campaign__year", "organisation__code", "item")
    return each_once(told.acknowledged["propose_severe"], Counter(rows))


def _ended(*outcomes: str) -> Counter[Any]:
    rows = walked("SevereRulingEnd", "ruling__campaign__year", outcome__in=outcomes)
    return Counter(rows.values_list("ruling__campaign__year", "ruling__organisation__code", "ruling__item"))


def _seconded(told: Told) -> Found:
    """Each answered once, and the ledger holds exactly the lines of those that were confirmed."""
    confirmed = Counter(
        walked("SevereRulingEnd", "ruling__campaign__year", outcome="confirmed").values_list(
            "observation", flat=True
        )
    )
    items = {item for _unit, item, *_rest in MATTERS}
    lines = late("kaoping.evidence.models").Observation.objects.filter(
        item__in=items, observed_at__year__lt=2025
    )
    stray = sum((Counter(lines.values_list("uid", flat=True)) - confirmed).values())
    found = each_once(told.acknowledged["second_severe"], _ended("confirmed", "refused"))
    return found.and_also(no_more(stray))


def _taken_back(told: Told) -> Found:
    return each_once(told.acknowledged["take_back_severe"], _ended("taken_back"))


STORED = {"propose_severe": _proposed, "second_severe": _seconded, "take_back_severe": _taken_back}
