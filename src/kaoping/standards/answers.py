"""How the questionnaire's options count for the items of the public evaluation (社会评议制度 第五条、第七条). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaoping.arithmetic import ratio
from kaoping.balloting import Questionnaire, QuestionnaireError, questionnaire_from_dict
from kaoping.patterns import linear
from kaoping.scoring.rubric import Rubric
from kaoping.standards.reader import Lines, Path, Reader

_PARTS: Final = linear(r"[^.\[\]]+")
OPINIONS: Final = "opinions_closed"  # the feed (``observations.FEEDS``)
OPINIONS_UNSCORED: Final = "单位在本平台还不能查看和答复对自己的意见，这一项不计分"


def read_questionnaire(data: Mapping[str, Any], lines: Lines, file: str) -> Questionnaire:
    """The checked questionnaire. Raises ``RulebookError``."""
    try:
        return questionnaire_from_dict(data)
    except QuestionnaireError as error:
        raise Reader(lines, file).fail(key_path(error.field), error.message) from None


def opinion_items(questionnaire: Questionnaire) -> frozenset[str]:
    """Items that what people write in their own words belongs to (社会评议制度 第五条（五）): none scores before the units can
    see and answer it here, so that none may lose by it.
    """
    return frozenset(
        one.dimension for one in questionnaire.questions if one.dimension is not None and not one.options
    )


def unscored_opinion_items(questionnaire: Questionnaire | None, rubric: Rubric | None) -> frozenset[str]:
    """Those of them that do not score: all, but what the rulebook feeds with ``opinions_closed``, by its own decision."""
    items = opinion_items(questionnaire) if questionnaire else frozenset()
    fed = {leaf.code for leaf in rubric.leaves() if OPINIONS in leaf.checks} if rubric else frozenset()
    return items - fed


def answers_of(questionnaire: Questionnaire | None) -> dict[str, dict[str, Any]]:
    """For each item that a question feeds: the weight of each option that takes a stand, and the least number of answers."""
    if questionnaire is None or questionnaire.satisfaction is None:
        return {}
    weights = questionnaire.satisfaction.weights
    return {
        question.dimension: {
            "weights": {
                option.code: ratio(weights[option.counts_as])
                for option in question.options
                if option.counts_as is not None
            },
            "min_n": questionnaire.min_n or 1,
        }
        for question in questionnaire.questions
        if question.dimension is not None and any(option.counts_as for option in question.options)
    }


def nearest(lines: Lines, field: str) -> int | None:
    """The line of the key that ``questions[0].options[1]`` names, or of the nearest above it; null when none is known."""
    path = key_path(field)
    cuts = (path[:cut] for cut in range(len(path), -1, -1))
    return next((lines[cut] for cut in cuts if cut in lines), None)


def key_path(field: str) -> Path:
    """``questions[0].options[1]`` as a path of keys."""
    return tuple(
        int(part) if part.isascii() and part.isdecimal() and len(part) < 6 else part
        for part in _PARTS.findall(field)
    )
