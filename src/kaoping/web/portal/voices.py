"""What the public said: shares with margins out of the published tallies, per question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, Final

from kaoping.balloting import BASIC, DISSATISFIED, SATISFIED, Question, wilson
from kaoping.web.portal.published import Content, Release
from kaoping.web.ui.charts import satisfaction
from kaoping.web.ui.wording import points

CLASSES: Final = (SATISFIED, BASIC, DISSATISFIED)
UNCLEAR: Final = "unclear"
HUNDRED: Final = 100


def asked(content: Content) -> list[Question]:
    """The choice questions that feed an item, in their order."""
    if content.questionnaire is None:
        return []
    return [one for one in content.questionnaire.questions if one.options and one.dimension]


def voices(
    content: Content, unit: str | None = None, *, units: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """One entry a question, with the segments of its bar: of one unit, of some, or of all together. Empty when nothing is published.

    Counts below the least number are not in the published tallies (``kaoping.balloting.suppression``): they have no entry,
    and they are not in what all units say together, from which a single one could be taken again. ``too_few`` names them
    for a unit; together ``left_out`` is the number of units that a question does not hold, which differs by question.
    """
    found = []
    wanted = {one["unit"] for one in content.sheets} if units is None else set(units)
    wanted = wanted if unit is None else wanted & {unit}
    for question in asked(content):
        held = _held(content, question, wanted)
        counts = _counts(content, question, held)
        n = sum(counts.values())
        if not n:
            continue
        classes = _classes(question, counts)
        found.append(
            {
                "id": question.id,
                "title": plain_title(question),
                "item": question.dimension,
                "n": n,
                "units": frozenset(held),
                "left_out": len(wanted) - len(held),
                "shares": {key: points(Fraction(count * HUNDRED, n), 1) for key, count in classes.items()},
                "margins": {key: points(_margin(count, n), 1) for key, count in classes.items()},
                "counts": classes,
                "segments": satisfaction(
                    {key: points(Fraction(count * HUNDRED, n), 1) for key, count in classes.items()},
                    {key: points(_margin(count, n), 1) for key, count in classes.items()},
                ),
            }
        )
    return [{**one, "beside": f"{points(one['n'])} 份"} for one in found]


def too_few(content: Content, unit: str) -> list[tuple[str, int]]:
    """The questions about a unit to which too few answers took a stand: the title, and how many did."""
    return [
        (plain_title(question), int(tally["n"]))
        for question in asked(content)
        if (tally := content.tallies.get(unit, {}).get(question.id))
        and tally["options"] is None
        and tally["n"]
    ]


def few_words(content: Content, n: int) -> str:
    """What stands in the place of the shares of a small number."""
    least = content.questionnaire.min_n if content.questionnaire else None
    words = f"不足 {least} 份{content.evaluation_mark}" if least else "份数不足"
    return f"作出评价 {points(n)} 份，{words}，不列各选项"


def plain_title(question: Question, unit: str = "该单位") -> str:
    """The question without marks for line breaks."""
    return (question.label or question.id).replace("{unit}", unit).replace("|", "")


def _held(content: Content, question: Question, units: Collection[str]) -> set[str]:
    """The units whose counts of a question are published by option."""
    return {
        code
        for code, tallies in content.tallies.items()
        if code in units and (tally := tallies.get(question.id)) and tally["options"] is not None
    }


def _counts(content: Content, question: Question, units: Collection[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for code in units:
        options = content.tallies[code][question.id]["options"]
        counts.update({str(option): int(number) for option, number in options.items()})
    return counts


def comparable(content: Content) -> tuple[list[dict[str, Any]], int]:
    """The entries of ``voices`` over the units that every question holds, and how many these are: only they compare."""
    members = {one["unit"] for one in content.sheets}
    held = [units for question in asked(content) if (units := _held(content, question, members))]
    common = set.intersection(*held) if held else set()
    return voices(content, units=common), len(common)


def least_words(content: Content) -> str:
    """From how many answers on a question holds a unit, for the note below the shares."""
    least = content.questionnaire.min_n if content.questionnaire else None
    return f"满 {least} 份{content.evaluation_mark}" if least else "达到最低份数"


def _classes(question: Question, counts: Mapping[str, int]) -> dict[str, int]:
    classes = dict.fromkeys((*CLASSES, UNCLEAR), 0)
    for option in question.options:
        classes[option.counts_as or UNCLEAR] += counts.get(option.code, 0)
    return classes


def _margin(count: int, n: int) -> Fraction:
    low, high = wilson(Fraction(count, n), n)
    return (high - low) / 2 * HUNDRED


def verdict(release: Release, unit: str) -> Mapping[str, Any] | None:
    """The unit's result of the evaluation as it was published: n, grade (社会评议制度 第七条) and reason."""
    return next((one for one in _published(release) if one.get("unit") == unit), None)


def graded(release: Release) -> set[str]:
    """Units that were given a grade of satisfaction."""
    return {str(one["unit"]) for one in _published(release) if one.get("grade")}


def evaluated(release: Release) -> bool:
    """Whether the release says anything of a public evaluation."""
    return bool(_published(release))


def ballots(release: Release) -> int:
    """Valid questionnaires about all units together."""
    return sum(int(one.get("n") or 0) for one in _published(release))


def ballots_words(n: int) -> str:
    """What stands over the shares: the valid questionnaires, which are more than the answers to any one question."""
    return f"有效问卷 {points(n)} 份" if n else "有效问卷份数没有公开"


def _published(release: Release) -> list[Mapping[str, Any]]:
    evaluation = release.place.facts.get("evaluation") or {}
    return list(evaluation.get("units") or [])


def opinion_items(content: Content) -> set[str]:
    """The items that the questions without options feed: what people wrote and what became of it."""
    return {
        one.dimension
        for one in (content.questionnaire.questions if content.questionnaire else ())
        if one.dimension and not one.options
    }


def opinions(content: Content, unit: str | None = None) -> dict[str, int] | None:
    """Reasonable opinions and how many were put right in time (社会评议制度 第八条), of one unit or of all.

    Null where the release does not hold the observations, or nobody recorded them.
    """
    values = [
        observation.value
        for sheet in content.sheets
        if unit in (None, sheet["unit"])
        for code in opinion_items(content)
        for line in [sheet["indicators"].get(code)]
        for name in (line["observations"] if line else ())
        if (observation := content.observations.get(name)) is not None and observation.kind == "ratio"
    ]
    if not values:
        return None
    return {"of": sum(int(one["of"]) for one in values), "done": sum(int(one["done"]) for one in values)}
