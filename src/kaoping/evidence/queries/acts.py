"""Reads of the acts on lines of the ledger: what was proposed, decided and withdrawn, and what waits for another person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from kaoping.accounts.actor import Actor, Who
from kaoping.accounts.logic import already
from kaoping.accounts.queries import known_as
from kaoping.evidence import logic
from kaoping.evidence.models import (
    Act,
    Observation,
    Second,
)
from kaoping.evidence.queries import observation, successor_of
from kaoping.scoring.observations import Observation as EngineObservation


@dataclass(frozen=True, slots=True)
class LedgerAct:
    """A ruling or an undone import: who did it and when, and who agreed. ``signers`` counts the people."""

    ref: str
    line: str
    reason: str
    by: str
    by_id: str
    at: datetime
    takes_two: bool
    second: str | None
    agreed: bool | None
    second_at: datetime | None = None

    @property
    def who(self) -> Who:
        """Who did it, or proposed it."""
        return Who(self.by_id, self.by)

    @property
    def signers(self) -> int:
        """How many people put their hand to it."""
        return 2 if self.agreed else 1


def _act(row: Act) -> LedgerAct:
    second = Second.objects.filter(act=row).first()
    return LedgerAct(
        row.ref,
        row.line,
        row.reason,
        row.by,
        row.by_id,
        row.at,
        row.takes_two,
        second.by if second else None,
        second.agreed if second else None,
        second.at if second else None,
    )


def act(ref: str) -> LedgerAct | None:
    """A ruling or an undone import by its reference."""
    row = Act.objects.filter(ref=ref).first()
    return _act(row) if row else None


def done_already(line: EngineObservation) -> str | None:
    """Who withdrew, corrected or ruled on a line last, and when, for whoever would do it once more; null when nobody did."""
    ruling = next(reversed(rulings_on(line.id)), None)
    if ruling is not None and ruling.takes_two:
        if ruling.agreed is None:
            return already("撤回这条记录的审定", "提出", ruling.by, ruling.at)
        if ruling.second_at is not None and ruling.second is not None:
            done = "同意" if ruling.agreed else "答复（不同意）"
            return already("撤回这条记录的审定", done, ruling.second, ruling.second_at)
    after = observation(successor_of(line.id) or "")
    if after is None:
        return None
    done = "恢复" if line.kind == "withdrawn" else "撤回" if after.kind == "withdrawn" else "更正"
    return already("这条记录", done, after.by or "本平台", after.recorded_at)


def rulings_on(line: str) -> list[LedgerAct]:
    """Every ruling proposed or made about a line, oldest first."""
    return [_act(row) for row in Act.objects.filter(line=line).order_by("id")]


def open_ruling(line: str) -> LedgerAct | None:
    """The ruling about a line that waits for its second person."""
    return next((one for one in rulings_on(line) if one.takes_two and one.agreed is None), None)


def refusal_to_answer(actor: Actor, ref: str) -> str | None:
    """Why this person cannot answer a proposed ruling, or null."""
    ruling = act(ref)
    if ruling is None or not ruling.takes_two:
        return "没有这件审定。"
    if ruling.agreed is not None:
        line = observation(ruling.line)
        return (done_already(line) if line else None) or "这件审定已经办过。"
    return logic.refusal_to_second(ruling.who, known_as(actor, beside=[ruling.who]))


def open_rulings(organisers: Iterable[str]) -> list[LedgerAct]:
    """Every ruling about a line of these organisers that waits for its second person."""
    rows = Act.objects.filter(takes_two=True, second=None).order_by("id")
    whose = Observation.objects.filter(uid=OuterRef("line")).values("organiser")[:1]
    return [_act(row) for row in rows.annotate(whose=Subquery(whose)).filter(whose__in=list(organisers))]


def undone_already(batch_id: str) -> str | None:
    """Who took a whole import back and when; null while it was not taken back as a whole."""
    done = act(f"batch:{batch_id}")
    return already("这一批导入", "撤回", done.by, done.at) if done else None
