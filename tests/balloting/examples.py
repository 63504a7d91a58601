"""A small questionnaire and ballots for the tests of this package."""

from kaoping.balloting import Ballot, questionnaire_from_dict

FIVE = [
    {"code": "vs", "label": "很满意", "counts_as": "satisfied"},
    {"code": "s", "label": "满意", "counts_as": "satisfied"},
    {"code": "b", "label": "基本满意", "counts_as": "basic"},
    {"code": "d", "label": "不满意", "counts_as": "dissatisfied"},
    {"code": "k", "label": "说不清", "counts_as": None},
]
CHANNELS = [{"code": code, "label": code, "counts_as": None} for code in ("site", "app", "hall")]


def questionnaire_data(**changes):
    return {
        "id": "q",
        "version": "1",
        "questions": [
            {"id": "q1", "dimension": "S5.1", "kind": "single", "options": FIVE},
            {"id": "q2", "dimension": "S5.2", "kind": "single", "options": FIVE},
            {"id": "q3", "dimension": None, "kind": "multi", "options": CHANNELS},
            {"id": "q4", "dimension": "S5.5", "kind": "text", "options": []},
        ],
        "satisfaction": {},
        "min_n": 2,
    } | changes


def questionnaire(**changes):
    return questionnaire_from_dict(questionnaire_data(**changes))


def ballots(*answers, unit="U1", stratum=None):
    return [
        Ballot(f"{unit}-{stratum}-{number}", unit, stratum, answer) for number, answer in enumerate(answers)
    ]
