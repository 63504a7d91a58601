"""Sign-off by a second person: what was prepared by one is signed by another, who types the year. Pure.

The page shows ``conditions``; the act asks ``refusal_to_sign_off``, which is made of them: nothing is required here that the
page does not show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kaoping.accounts.actor import Who, same_person
from kaoping.beijing import deadline_day
from kaoping.campaigns.logic.stages import APPEALS, LABELS, PUBLISHED
from kaoping.checks.model import date_words
from kaoping.evidence.logic import SEVERE_PAGE
from kaoping.foreign.width import half_width

ONLY_SIGNER = "签发由第二签发人办理，不能由经办自己签发。"
# Said where a signed sheet can still be overtaken by another.
AGAIN = "计分表已经签发。再改分或者再算一张，这次签发就用不上了，新的计分表要由第二签发人重新签发。"
OVERTAKEN = "以前的一张计分表已经签发，以后又算了新的一张，签发的不再是最新的，要签发这一张。"
LAPSED = "签发以后情况有变，还不能冻结。下面“还差”的办完以后，重新计算、重新签发。"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the signature looks at. ``correction``: one is under way, ``has_sheet`` then means a sheet of its own."""

    stage: str
    correction: bool
    has_sheet: bool
    prepared_by: Who | None  # null when nobody is known to have prepared the sheet
    already: bool  # a second person signed this sheet, and the signature stands
    voided: bool  # its signature was made void: the result went back
    is_latest: bool
    open_appeals: int
    open_cells: int
    open_rulings: int = 0  # rulings on points that wait for their second person
    opened_by: Who | None = None  # who opened the correction under way
    open_severe: int = 0  # vetoes and major deductions that wait for theirs
    unchanged: bool = False  # the sheet of a correction says what was published already
    window_until: datetime | None = None  # until when units may still appeal; null when they may no longer


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the signature: what it is called when met, and the words when it is not."""

    label: str
    words: str | None = None


def refusal_of_stage(facts: Facts) -> str | None:
    """Why nothing is signed at this stage, or null."""
    if facts.stage == PUBLISHED and not facts.correction:
        return "结果已经公开。要改正，请经办先在“更正”写明理由，点“立更正”。"
    if facts.stage not in (APPEALS, PUBLISHED):
        return f"签发在“{LABELS[APPEALS]}”阶段的最后办理，现在是“{LABELS[facts.stage]}”。"
    return None


def is_time(facts: Facts) -> bool:
    """Whether something can be signed at this stage at all, so that its conditions are worth a list."""
    return refusal_of_stage(facts) is None


def conditions(facts: Facts) -> list[Condition]:
    """Every condition of the sheet itself, met or not, in the order in which they are supplied."""
    where = "在“更正”点“计算更正计分表”" if facts.correction else "在“评分”点“计算计分表”"
    made: list[Condition] = []
    if not facts.correction:
        made.append(Condition("复核申请期限届满", _window_words(facts.window_until)))
    made.append(
        Condition(
            "复核申请都已决定",
            f"还有 {facts.open_appeals} 件复核申请没有作出决定，由复核人在“复核”决定后再签发。"
            if facts.open_appeals
            else None,
        )
    )
    if facts.open_rulings:
        words = f"还有 {facts.open_rulings} 件审定改分待第二人确认，在“评分”的“审定改分”办理后再签发。"
        made.append(Condition("审定改分都已确认", words))
    if facts.open_severe:
        words = f"还有 {facts.open_severe} 件{SEVERE_PAGE}待第二人确认，在“{SEVERE_PAGE}”办理后再签发。"
        made.append(Condition(f"{SEVERE_PAGE}都已确认", words))
    if not facts.has_sheet or facts.prepared_by is None:
        return [*made, Condition("已经计算计分表", f"没有经办计算的计分表，请经办{where}。")]
    made.append(Condition("已经计算计分表"))
    if facts.voided:
        words = f"这张计分表的签发已经作废，请经办{where}，再由第二签发人签发新的一张。"
        return [*made, Condition("计分表没有作废", words)]
    made += [
        Condition(
            "计分表是最新的",
            None if facts.is_latest else f"计分表之后又有新记录，请经办{where}后再签发。",
        ),
        Condition(
            "每一格都有依据",
            f"还差 {facts.open_cells} 格没有依据，暂不能签发。请经办补录后{where}。"
            if facts.open_cells
            else None,
        ),
    ]
    if facts.correction:
        words = "更正计分表与已公开的结果一样，没有要更正的。请经办改好台账再算，或在“更正”点“作罢”。"
        made.append(Condition("与已公开的结果不同", words if facts.unchanged else None))
    return made


def _window_words(until: datetime | None) -> str | None:
    if until is None:
        return None
    return f"复核申请到 {date_words(deadline_day(until))} 24:00 止，期限没有到，单位仍可申请，届满后再签发。"


def refusal_of_person(facts: Facts, signer: Who) -> str | None:
    """Why this person in particular may not sign, or null: who prepared the sheet, or opened the correction, does not sign it."""
    if facts.prepared_by is not None and same_person(facts.prepared_by, signer):
        return "计分表是您计算的（复核决定后的计分表，算决定人计算的），签发须由第二人办理。"
    if facts.opened_by is not None and same_person(facts.opened_by, signer):
        return "更正是您立的，更正计分表的签发须由第二人办理。"
    return None


def refusal_to_sign_off(facts: Facts, *, signer: Who) -> str | None:
    """Why the sheet cannot be signed off by this person, or null."""
    lacks = [one.words for one in conditions(facts) if one.words]
    words = refusal_of_stage(facts) or (lacks[0] if lacks else None)
    if words is None and facts.already:
        words = "这张计分表已经签发。"
    return words or refusal_of_person(facts, signer)


def refusal_of_year(year: int, typed_year: str) -> str | None:
    """Why the typed year does not confirm the signature, or null."""
    if half_width(typed_year) == str(year):
        return None
    return f"冻结后不能改分，只能发更正。请输入年份 {year} 确认。"
