"""Corrections of a published year: one is dropped, the next moves lines, changes points, is computed and leads to another release."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.installation import late
from bench.kills.comparing import Found, each_once
from bench.kills.people import Person
from bench.kills.rooms import ledger, scoring
from bench.kills.rooms.walk import Walk, walked
from bench.kills.told import Told

UNIT, ITEM, POINTS = "W3", "K1.1", "38"


def correct(walk: Walk) -> None:
    """Open one and drop it, open another, withdraw a line and restore it, record the right points; ``compute`` follows."""
    handler, page = walk.company["handler"], f"/desk/publication/{walk.year}/correction/"
    for number in (1, 2):
        form = {"reason": f"{walk.year} 年录分有误，第 {number} 次查（示例）"}
        handler.act("open_correction", f"{page}open/", form, key=(walk.year, number), value=form["reason"])
        if number == 1:
            form = {"reason": "查实没有错（示例）"}
            handler.act("drop_correction", f"{page}drop/", form, key=(walk.year, number))
    _withdraw_and_restore(handler, scoring.appealed_line(walk))
    form = {"unit": UNIT, "item": ITEM, "points": POINTS, "reason": "按原始材料核对（示例）"}
    handler.act("correct_points", f"{page}points/", form, key=(walk.year, UNIT, ITEM))


def _withdraw_and_restore(handler: Person, uid: str) -> None:
    """The office finds that the line was right after all."""
    ledger.move(handler, "withdraw", uid, "correct", key=("line", uid))
    withdrawal = ledger.withdrawal_of(uid)
    ledger.move(handler, "restore", withdrawal, "restore", key=withdrawal)


def compute(walk: Walk) -> None:
    """The office computes the sheet of the correction."""
    count = walk.told.acts["compute_sheet"]
    path = f"/desk/publication/{walk.year}/correction/compute/"
    walk.company["handler"].act("compute_sheet", path, key=(walk.year, count))


def _opened(told: Told) -> Found:
    rows = walked("Correction").values_list("campaign__year", "number")
    return each_once(told.acknowledged["open_correction"], Counter(rows))


def _dropped(told: Told) -> Found:
    rows = walked("CorrectionEnd", "correction__campaign__year", kind="dropped")
    keys = rows.values_list("correction__campaign__year", "correction__number")
    return each_once(told.acknowledged["drop_correction"], Counter(keys))


def _points(told: Told) -> Found:
    return each_once(told.acknowledged["correct_points"], corrected_lines())


def corrected_lines() -> Counter[Any]:
    """Lines of the ledger that corrections gave: (year, unit, item)."""
    rows = late("kaoping.evidence.models").Observation.objects.filter(
        source="office", kind="points", reason__contains="次更正："
    )
    return Counter(
        (at.year, unit, item) for at, unit, item in rows.values_list("observed_at", "unit", "item")
    )


STORED = {"open_correction": _opened, "drop_correction": _dropped, "correct_points": _points}
