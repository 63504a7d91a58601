"""Balloting: what ballots of the public evaluation say (社会评议制度 articles 5 and 7).

Nouns: questionnaire, ballot, stratum, tally, satisfaction score with its interval, grade 满意,
基本满意 or 不满意.
Verbs: read a questionnaire, sort a ballot's answers, count, turn tallies into observations. Pure and exact.
It neither collects nor opens ballots (``evaluation`` does) and never drops a stratum silently.
"""

from kaoping.balloting.ballots import Ballot, BallotError, ReadBallot, ballot_from_json, read_answers
from kaoping.balloting.counting import GOVERNMENT_STRATUM, Count, Tally, UnitTally, tally
from kaoping.balloting.grading import GRADE_NAMES, Satisfaction, grade, rule_text, satisfaction, wilson
from kaoping.balloting.observations import tally_as_observations
from kaoping.balloting.questionnaire import (
    BASIC,
    DISSATISFIED,
    SATISFIED,
    Option,
    Question,
    Questionnaire,
    QuestionnaireError,
    SatisfactionRule,
    questionnaire_from_dict,
    questionnaire_slips,
)
from kaoping.balloting.suppression import (
    Shown,
    public_result,
    public_unit,
    shown,
    shown_tally,
    stands,
    sum_is_shown,
)

__all__ = [
    "BASIC",
    "DISSATISFIED",
    "GOVERNMENT_STRATUM",
    "GRADE_NAMES",
    "SATISFIED",
    "Ballot",
    "BallotError",
    "Count",
    "Option",
    "Question",
    "Questionnaire",
    "QuestionnaireError",
    "ReadBallot",
    "Satisfaction",
    "SatisfactionRule",
    "Shown",
    "Tally",
    "UnitTally",
    "ballot_from_json",
    "grade",
    "public_result",
    "public_unit",
    "questionnaire_from_dict",
    "questionnaire_slips",
    "read_answers",
    "rule_text",
    "satisfaction",
    "shown",
    "shown_tally",
    "stands",
    "sum_is_shown",
    "tally",
    "tally_as_observations",
    "wilson",
]
