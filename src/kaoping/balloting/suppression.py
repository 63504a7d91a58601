"""Small numbers: what of a count is printed, and what only as a number of answers.

One function decides for the public page, its CSV, the published result of a poll and the bundle, so that what one of them
hides does not stand in another. Fewer than the least number of answers that take a stand are shown as that number alone:
not by option, and nothing is shown from which the options follow. That leaves out the number of all who answered as well
(less those who take a stand it is the number of 说不清).

What is computed from several questions together is not shown beside some of them: taking those away again would leave the
hidden ones over, and the people who answered them are the same few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kaoping.balloting.questionnaire import COUNTS_AS, Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed of one count. ``n`` are the answers that take a stand, ``options`` null where they are too few."""

    n: int
    options: Mapping[str, int] | None


def shown(options: Mapping[str, int], stands: Collection[str], least: int) -> Shown:
    """``options``: answers by option code; ``stands``: the codes that take a stand; ``least``: as the rulebook says.

    With nobody taking a stand nothing is shown either, whatever the least number.
    """
    n = sum(count for code, count in options.items() if code in stands)
    return Shown(n, dict(options) if n >= max(least, 1) else None)


def stands(question: Question) -> frozenset[str]:
    """The options of a question that take a stand."""
    return frozenset(option.code for option in question.options if option.counts_as in COUNTS_AS)


def sum_is_shown(parts: Iterable[Shown]) -> bool:
    """Whether what was computed from all ``parts`` together may be printed: none of them is hidden, or all are.

    Where all are hidden the number of people who answered anything decides (``grade``), and nothing can be taken away.
    """
    answered = [part for part in parts if part.n]
    return len({part.options is None for part in answered}) < 2


def shown_tally(value: Mapping[str, Any], stands: Collection[str], least: int) -> dict[str, Any]:
    """The value of a tally as it is published: as it is, or {"question", "options": null, "n"}. One already cut stays so."""
    if value["options"] is None:
        return dict(value)
    kept = shown(value["options"], stands, least)
    if kept.options is not None:
        return dict(value)
    return {"question": value["question"], "options": None, "n": kept.n}


def public_result(result: Mapping[str, Any], questionnaire: Questionnaire) -> dict[str, Any]:
    """What the public reads of an opened poll, from the object of ``Tally.as_json`` and the poll's questionnaire.

    Warnings name what was not counted; those that split one unit's answers stay inside.
    """
    split = [f"单位 {unit['unit']}：" for unit in result["units"]]
    return {
        "questionnaire": result["questionnaire"],
        "version": result["version"],
        "units": [public_unit(unit, questionnaire) for unit in result["units"]],
        "warnings": [text for text in result.get("warnings") or () if not text.startswith((*split, "问卷 "))],
    }


def public_unit(unit: Mapping[str, Any], questionnaire: Questionnaire) -> dict[str, Any]:
    """One unit's share of it: without a grade the number of ballots and the reason, and with a grade the pooled figure too
    unless that would tell a small question.
    """
    rule = questionnaire.satisfaction
    asked = {one.id: stands(one) for one in questionnaire.questions}
    least = questionnaire.min_n or 1
    parts = [
        shown(_counts(unit["questions"][code]), asked.get(code, frozenset()), least)
        for code in (rule.questions if rule else ())
        if code in unit["questions"]
    ]
    graded = unit.get("grade") is not None
    whole = graded and sum_is_shown(parts)
    return {
        "unit": unit["unit"],
        "n": unit["n"],
        "satisfaction": unit["satisfaction"] if whole else None,
        "grade": unit["grade"],
        "grade_reason": unit["grade_reason"]
        if whole or not graded
        else f"有的题作出评价的不足 {least} 份，满意度数值不公开，只公开等次。",
    }


def _counts(question: Mapping[str, Any]) -> dict[str, int]:
    return {code: int(one["count"]) for code, one in (question.get("options") or {}).items()}
