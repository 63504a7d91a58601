"""What was looked at after the year of a fault was over: kept with its order, it gives that year no point back.

The fault costs points in the year in which it was seen; a re-test or a check that passes after that year's last day, or
after its round of review closed, is of no use to it. The order is closed all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kaoping.beijing import end_of_day
from kaoping.campaigns.queries.ledger import campaign_of
from kaoping.campaigns.queries.period import period_of_line
from kaoping.evidence import queries as ledger
from kaoping.evidence.logic import LATE
from kaoping.evidence.queries import closings
from kaoping.rectification import queries as cases
from kaoping.rectification.queries.rows import SourceRow, source_of
from kaoping.scoring.observations import Observation
from kaoping.web.ui.parts.case import Entry


@dataclass(frozen=True, slots=True)
class Over:
    """The year of a fault, and the first instant from which what is seen of it no longer moves that year's points."""

    year: int
    at: datetime

    @property
    def words(self) -> str:
        """What is said of a look that came too late."""
        return f"{self.year} 年度：{LATE}"

    @property
    def warning(self) -> str:
        """What is said of an order that is still open then."""
        return f"{self.year} 年度本轮已截止：以后的复测、核查只作结案依据，不恢复 {self.year} 年度的得分。"


def over_of(sources: Iterable[SourceRow]) -> Over | None:
    """Of the observations behind an order: when the year of its first standing fault is over; null without such a year."""
    fault = next((one for one in sources if one.value == "not_met"), None)
    line = ledger.observation(fault.observation) if fault is not None else None
    campaign = campaign_of(line) if line is not None else None
    if line is None or campaign is None:
        return None
    last = end_of_day(period_of_line(campaign, line).end)
    closed = closings.closed_at(line.organiser, line.item, line.observed_at, line.check)
    return Over(campaign.year, min(last, closed) if closed else last)


def warning_of(sources: Iterable[SourceRow], *, is_open: bool, now: datetime) -> str:
    """Said while an order is open: what passes now gives the year of the fault no point back; '' before that."""
    over = over_of(sources)
    return over.warning if over and is_open and now >= over.at else ""


def words_of_looks(sources: Sequence[SourceRow]) -> dict[str, str]:
    """Observation to what is said of it, for those behind an order that came too late for the year of the fault."""
    over = over_of(sources)
    if over is None:
        return {}
    lines = {one.observation: ledger.observation(one.observation) for one in sources if one.value == "met"}
    return {
        uid: over.words
        for uid, line in lines.items()
        if line is not None and (closings.is_late(line) or campaign_year(line) != over.year)
    }


def campaign_year(line: Observation) -> int | None:
    """For which year a line counts, null when it is of none."""
    campaign = campaign_of(line)
    return campaign.year if campaign else None


def words_of_line(uid: str) -> str:
    """What the ledger says of a line that passed a fault too late for the fault's year; '' of every other."""
    case = cases.case_of_observation(uid)
    if case is None:
        return ""
    return words_of_looks([source_of(one) for one in cases.sources(case)]).get(uid, "")


def said(entries: Iterable[Entry], sources: Sequence[SourceRow]) -> list[Entry]:
    """The timeline with a word at every look that came too late."""
    late = words_of_looks(sources)
    return [_with(row, sources, late) for row in entries]


def _with(row: Entry, sources: Sequence[SourceRow], late: dict[str, str]) -> Entry:
    if row.kind not in ("retest", "check"):
        return row
    meant = [one.observation for one in sources if one.value == "met" and (one.reason or "") in row.body]
    words = [late.get(one, "") for one in meant]
    return replace(row, body=f"{row.body.rstrip('。')}。{words[0]}。") if words and all(words) else row
