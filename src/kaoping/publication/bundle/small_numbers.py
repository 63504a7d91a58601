"""Tallies below the least number of answers: in what is published they are a number without options.

The least number and the options that take a stand are those by which the item is scored, so that whatever moves a point
keeps its value and what moves none does not tell how a handful answered. ``kaoping.balloting`` decides; here it learns
what the rulebook says of a question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from kaoping.balloting import QuestionnaireError, questionnaire_from_dict, shown_tally, stands
from kaoping.scoring.observations import Observation
from kaoping.standards.loading import Rulebook


def published_tallies(rulebook: Rulebook, lines: Iterable[Observation]) -> list[Observation]:
    """The lines with every small tally cut to its number, and its reason to what that says."""
    found = []
    for one in lines:
        value = published_tally(rulebook, one.item, one.value) if one.kind == "tally" else one.value
        if one.kind == "tally" and value != one.value:
            words = f"社会评议第 {value['question']} 题，作出评价 {value['n']} 份，份数不足，不列各选项"
            found.append(replace(one, value=value, reason=words))
        else:
            found.append(one)
    return found


def published_tally(rulebook: Rulebook, item: str | None, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value of one tally that feeds ``item``, as it may be printed; null item: a question that feeds none."""
    codes, least = _rule(rulebook, item, value)
    return shown_tally(value, codes, least)


def small_faults(rulebook: Rulebook, lines: Iterable[Observation]) -> list[str]:
    """The tallies that ought to have been cut and were not, in words."""
    return [
        f"观察记录 {one.id} 的份数不足，却列了各选项的份数"
        for one in lines
        if one.kind == "tally" and published_tally(rulebook, one.item, one.value) != one.value
    ]


def _rule(rulebook: Rulebook, item: str | None, value: Mapping[str, Any]) -> tuple[Collection[str], int]:
    leaf = next((one for one in rulebook.rubric.leaves() if one.code == item), None)
    if leaf is not None and "weights" in leaf.settings:
        return frozenset(leaf.settings["weights"]), int(leaf.settings.get("min_n", 1))
    try:
        asked = (
            questionnaire_from_dict(rulebook.questionnaire) if rulebook.questionnaire is not None else None
        )
    except QuestionnaireError:
        asked = None
    question = asked.question(value["question"]) if asked else None
    codes = stands(question) if question else frozenset()
    return codes or frozenset(value["options"] or ()), (asked.min_n if asked else None) or 1
