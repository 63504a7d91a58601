"""The way back: a frozen result is refused and brought back, points move by two people, the sheet is signed and frozen anew."""

from __future__ import annotations

from collections import Counter
from typing import Final

from bench.kills.comparing import Found, each_once
from bench.kills.rooms import scoring
from bench.kills.rooms.walk import Walk, walked
from bench.kills.told import Told

UNIT, ITEM, POINTS = "W1", "K1.1", "37"
REASON: Final = "按审核意见核对（示例）"


def refuse_and_bring_back(walk: Walk) -> None:
    """Signer and head do not agree to go back; then the paper is sent back, and the handler takes it up."""
    year, page = walk.year, f"/desk/publication/{walk.year}/back/"
    walk.company["signer"].act("propose_back", page, {"reason": REASON}, key=year)
    walk.company["head"].act("second_back", page, {"agreed": "no"}, key=year)
    paper = f"/desk/approval/{year}/result"
    key = (year, "result", "handler", 0)
    walk.company["handler"].act("approve", f"{paper}/sign/", {"opinion": "同意"}, key=key)
    form = {"reason": "得分有误（示例）"}
    key = (year, "result", "returned", 0)
    walk.company["head"].act("return_approval", f"{paper}/return/", form, key=key)
    walk.company["handler"].act("bring_back", page, {"reason": REASON}, key=year)


def rule_and_sign(walk: Walk) -> None:
    """Points by two people, a new sheet, its signature, the gate."""
    year, page = walk.year, f"/desk/scoring/{walk.year}/rulings/"
    form = {"unit": UNIT, "item": ITEM, "points": POINTS, "reason": REASON}
    walk.company["handler"].act("propose_points", f"{page}new/", form, key=year)
    [row] = walked("PointsRuling", campaign__year=year)
    walk.company["head"].act("second_points", f"{page}{row.pk}/", {"agreed": "yes"}, key=year)
    scoring.compute(walk)
    scoring.sign_off(walk, 1)
    walk.advance("frozen", 2)


def _once(verb: str, model: str, field: str, **conditions: object) -> object:
    def compare(told: Told) -> Found:
        rows = walked(model, field, **conditions).values_list(field, flat=True)
        return each_once(told.acknowledged[verb], Counter(rows))

    return compare


STORED = {
    "propose_back": _once("propose_back", "StepBack", "campaign__year", returned=None),
    "second_back": _once("second_back", "StepBackEnd", "step_back__campaign__year", agreed=False),
    "bring_back": _once("bring_back", "StepBackEnd", "step_back__campaign__year", agreed=True),
    "propose_points": _once("propose_points", "PointsRuling", "campaign__year"),
    "second_points": _once("second_points", "PointsRulingEnd", "ruling__campaign__year", agreed=True),
}
