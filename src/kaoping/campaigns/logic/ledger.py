"""Which way a line of the ledger can still be moved, by the stage of its year. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.step_back import WAY
from kaoping.checks.model import date_words
from kaoping.scoring.organised import OrganisedYear


def refusal_to_rule(stage: str | None) -> str | None:
    """Why a line of a year at ``stage`` (null: of no year yet) cannot be ruled on, or null."""
    if stage is not None and stages.reached(stage, stages.FROZEN):
        return f"结果已经签发冻结，不能再审定。公开前{WAY}结果公开以后，在“更正”办理。"
    return None


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which one year looks at an item."""

    year: int
    first: date
    last: date

    def hold(self, day: date) -> bool:
        """Whether the year looks at this day."""
        return self.first <= day <= self.last


def refusal_of_day(
    day: date, running: Days, others: Sequence[Days], *, closed: bool, today: date
) -> str | None:
    """Why a ledger kept elsewhere brings in nothing of ``day`` while ``running`` is the newest year, or null.

    ``closed``: the round of review is over to which the day belongs. What comes late of the running year itself is kept;
    a day after its end may be the next year's, whose plan is not made yet; before it has begun nothing can be told.
    """
    if running.hold(day):
        return None
    whose = next((one for one in others if one.hold(day)), None)
    if whose is not None:
        if not closed:
            return None
        return (
            f"{date_words(day)}属于 {whose.year} 年度，该年度评审已经结束，不再导入；请核对年份。"
            f"确有差错的，在 {whose.year} 年度的“更正”办理"
        )
    if today < running.first or day > running.last:
        return None
    return (
        f"{date_words(day)}不在 {running.year} 年度的考核期内（{date_words(running.first)}至"
        f"{date_words(running.last)}），不会计入；请核对年份"
    )


def correction_act(key: OrganisedYear, number: int) -> str:
    """How the ledger names a correction."""
    return f"correction:{key}-{number}"


def appeal_act(number: str) -> str:
    """How the ledger names an appeal."""
    return f"appeal:{number}"


def ruling_act(key: OrganisedYear, number: int) -> str:
    """How the ledger names a ruling on points."""
    return f"ruling:points-{key}-{number}"


def severe_act(key: OrganisedYear, number: int) -> str:
    """How the ledger names a veto or major deduction that two persons decided."""
    return f"ruling:severe-{key}-{number}"
