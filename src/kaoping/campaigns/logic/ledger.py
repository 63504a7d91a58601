"""Which way a line of the ledger can still be moved, by the stage of its year. Pure."""

from __future__ import annotations

from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.step_back import WAY


def refusal_to_rule(stage: str | None) -> str | None:
    """Why a line of a year at ``stage`` (null: of no year yet) cannot be ruled on, or null."""
    if stage is not None and stages.reached(stage, stages.FROZEN):
        return f"结果已经签发冻结，不能再审定。公开前{WAY}结果公开以后，在“更正”办理。"
    return None


def correction_act(year: int, number: int) -> str:
    """How the ledger names a correction."""
    return f"correction:{year}-{number}"


def appeal_act(number: str) -> str:
    """How the ledger names an appeal."""
    return f"appeal:{number}"


def ruling_act(year: int, number: int) -> str:
    """How the ledger names a ruling on points."""
    return f"ruling:points-{year}-{number}"


def severe_act(year: int, number: int) -> str:
    """How the ledger names a veto or major deduction that two persons decided."""
    return f"ruling:severe-{year}-{number}"
