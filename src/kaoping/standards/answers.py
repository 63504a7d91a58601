"""How the questionnaire's options count for the items of the public evaluation (社会评议制度 第五条、第七条). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaoping.balloting import Questionnaire, QuestionnaireError, questionnaire_from_dict
from kaoping.patterns import linear
from kaoping.scoring.rounding import exact
from kaoping.standards.reader import Lines, Path, Reader

_STEPS = linear(r"[^.\[\]]+")


def read_questionnaire(data: Mapping[str, Any], lines: Lines, file: str) -> Questionnaire:
    """The checked questionnaire. Raises ``RulebookError``."""
    try:
        return questionnaire_from_dict(data)
    except QuestionnaireError as error:
        raise Reader(lines, file).fail(_path(error.field), error.message) from None


def answers_of(questionnaire: Questionnaire | None) -> dict[str, dict[str, Any]]:
    """For each item that a question feeds: the weight of each option that takes a stand, and the least number of answers."""
    if questionnaire is None or questionnaire.satisfaction is None:
        return {}
    weights = questionnaire.satisfaction.weights
    return {
        question.dimension: {
            "weights": {
                option.code: exact(weights[option.counts_as])
                for option in question.options
                if option.counts_as is not None
            },
            "min_n": questionnaire.min_n or 1,
        }
        for question in questionnaire.questions
        if question.dimension is not None and any(option.counts_as for option in question.options)
    }


def _path(field: str) -> Path:
    """``questions[0].options[1]`` as a path of keys."""
    return tuple(int(part) if part.isdigit() else part for part in _STEPS.findall(field))
