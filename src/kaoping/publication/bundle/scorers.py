"""Scorers by version: a bundle is always recomputed by the scorer that made it.

A change of ``kaoping.scoring`` that moves any number or status gets the next version, and the old code stays here under
its own. A change of wording alone gets the next ``WORDING``: texts of another wording are not compared.

Scorer 2: a period is half-open, and only what ``kaoping.scoring.succession`` lets supersede a line does.
Scorer 3: what one fault is, is told by a line's target; a line without one goes by its first address, as all did before. The
day from which an item binds a unit is read from the unit's own line of the feed ``announced``, where it has one.
Wording 2: a full stop at the end of a recorded reason gives way to the semicolon of what follows.
Wording 3: ``dictionary.md`` calls what two persons settle 审定.
Wording 4: it marks the parts, lines and quota that nobody approved where it sets them out, and not in its last table alone.
Wording 5: it gives the times of signatures in Beijing time, as the pages do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from kaoping.scoring import score
from kaoping.scoring.observations import Observation
from kaoping.scoring.selection import CLOSED, HALF_OPEN, TARGETED, Selection
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook

Scorer = Callable[[Rulebook, Sequence[Unit], Iterable[Observation], int, datetime, str], dict[str, Any]]
SCORER: Final = 3
WORDING: Final = 5
# Wordings that this program can still spell to the letter: reasons and descriptions of these are compared.
SPELT: Final = frozenset({2, 3, 4, 5})


def _scorer(version: int, selection: Selection) -> Scorer:
    def scored(
        rulebook: Rulebook,
        units: Sequence[Unit],
        observations: Iterable[Observation],
        year: int,
        as_of: datetime,
        variant: str,
    ) -> dict[str, Any]:
        return score(
            rulebook.rubric,
            units,
            observations,
            year=year,
            period=rulebook.period(year, variant),
            as_of=as_of,
            period_of=rulebook.period_of(year, variant),
            selection=selection,
        ).as_json()

    scored.__doc__ = (
        f"``results.json`` of scorer {version}. Raises ``KeyError`` for a variant that the timetable lacks."
    )
    return scored


SELECTIONS: Final[dict[int, Selection]] = {1: CLOSED, 2: HALF_OPEN, 3: TARGETED}
# The newest format of observations that each reads.
OBSERVATION_FORMATS: Final[dict[int, int]] = {1: 2, 2: 3, 3: 3}
SCORERS: Final[dict[int, Scorer]] = {
    version: _scorer(version, selection) for version, selection in SELECTIONS.items()
}
