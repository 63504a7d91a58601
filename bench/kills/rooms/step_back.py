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


def return_stage(walk: Walk, stage: str) -> None:
    """The handler takes the stage one back, or proposes it."""
    form = {"reason": REASON, "stage": stage}
    page = f"/desk/board/{walk.year}/back/"
    walk.company["handler"].act("return_stage", page, form, key=(walk.year, stage))


def return_preview(walk: Walk) -> None:
    """Behind the closed round two persons take the stage back; it is opened again."""
    return_stage(walk, "preview")
    page = f"/desk/board/{walk.year}/back/"
    walk.company["head"].act("second_stage_return", page, {"agreed": "yes"}, key=walk.year)
    walk.advance("preview", 2)


def rule_and_sign(walk: Walk) -> None:
    """Points by two people, a new sheet, its signature, the gate."""
    year, page = walk.year, f"/desk/scoring/{walk.year}/rulings/"
    form = {"unit": UNIT, "item": ITEM, "points": POINTS, "reason": REASON}
    walk.company["handler"].act("propose_points", f"{page}new/", form, key=year)
    [row] = walked("PointsRuling", campaign__year=year)
    walk.company["head"].act("second_points", f"{page}{row.pk}/", {"agreed": "yes"}, key=year)
    scoring.compute(walk)
    walk.told.passing.days(14)  # the unit may ask for review of what was ruled
    scoring.sign_off(walk, 1)
    walk.advance("frozen", 2)


def _once(verb: str, model: str, field: str, **conditions: object) -> object:
    def compare(told: Told) -> Found:
        rows = walked(model, field, **conditions).values_list(field, flat=True)
        return each_once(told.acknowledged[verb], Counter(rows))

    return compare


def _return_stage(told: Told) -> Found:
    """Each stage went back once, by a proposal or at once."""
    rows = walked("StepBack").exclude(back_from="frozen").values_list("campaign__year", "back_from")
    return each_once(told.acknowledged["return_stage"], Counter(rows))


STORED = {
    "propose_back": _once("propose_back", "StepBack", "campaign__year", returned=None, back_from="frozen"),
    "second_back": _once("second_back", "StepBackEnd", "step_back__campaign__year", agreed=False),
    "bring_back": _once(
        "bring_back",
        "StepBackEnd",
        "step_back__campaign__year",
        agreed=True,
        step_back__back_from="frozen",
    ),
    "return_stage": _return_stage,
    "second_stage_return": _once(
        "second_stage_return",
        "StepBackEnd",
        "step_back__campaign__year",
        agreed=True,
        step_back__back_from="preview",
    ),
    "propose_points": _once("propose_points", "PointsRuling", "campaign__year"),
    "second_points": _once("second_points", "PointsRulingEnd", "ruling__campaign__year", agreed=True),
}
