"""Tallies on their way to the ledger: one observation per unit and question that feeds a rulebook item."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from kaoping.balloting.counting import Tally


def tally_as_observations(
    tally: Tally, *, observed_at: datetime, recorded_at: datetime, by: str | None = None
) -> list[dict[str, Any]]:
    """Observations in the file form, source ``ballot``, kind ``tally``, in order of unit and question.

    Only questions with a ``dimension`` feed an item; a question nobody answered gives none. The id is made of
    what was counted, so that the same opening recorded twice is the same observation.
    """
    questionnaire = tally.questionnaire
    found: list[dict[str, Any]] = []
    for unit in tally.units:
        for question in questionnaire.questions:
            answered = unit.count.answered[question.id]
            if question.dimension is None or not question.options or not answered:
                continue
            marks = unit.count.options.get(question.id, Counter())
            found.append(
                {
                    "id": f"ballot:{questionnaire.id}:{questionnaire.version}:{unit.unit}:{question.id}"
                    f":{observed_at.date().isoformat()}",
                    "unit": unit.unit,
                    "item": question.dimension,
                    "check": None,
                    "source": "ballot",
                    "observed_at": observed_at.isoformat(),
                    "recorded_at": recorded_at.isoformat(),
                    "kind": "tally",
                    "value": {
                        "question": question.id,
                        "options": {option.code: marks[option.code] for option in question.options},
                    },
                    "reason": f"社会评议第 {question.id} 题，作答 {answered} 份",
                    "artefacts": [],
                    "by": by,
                    "supersedes": None,
                }
            )
    return found
