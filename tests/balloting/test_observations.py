"""Tallies as observations of the ledger."""

from datetime import UTC, datetime

from kaoping.balloting import tally, tally_as_observations
from kaoping.scoring.observations import observation_from_json
from tests.balloting.examples import ballots, questionnaire

AT = datetime(2025, 11, 17, 1, tzinfo=UTC)


def observed(cast):
    return tally_as_observations(tally(questionnaire(), cast), observed_at=AT, recorded_at=AT)


def test_questions_with_a_dimension_feed_their_item():
    lines = observed(ballots({"q1": "s", "q2": "b", "q3": ["site"], "q4": "x"}, {"q1": "d"}))
    assert [line["item"] for line in lines] == ["S5.1", "S5.2"]
    first = observation_from_json(lines[0])
    assert (first.source, first.kind) == ("ballot", "tally")
    assert first.value == {"question": "q1", "options": {"vs": 0, "s": 1, "b": 0, "d": 1, "k": 0}}


def test_unanswered_question_gives_none_and_ids_are_stable():
    cast = ballots({"q1": "s"})
    assert [line["item"] for line in observed(cast)] == ["S5.1"]
    assert observed(cast) == observed(cast)
