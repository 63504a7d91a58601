"""The line of the ledger as a file: its two formats, its closed lists, values that are refused where they enter."""

import json
from pathlib import Path

import jsonschema
import pytest

from kaoping.scoring.observations import (
    FEEDS,
    FIELDS,
    KINDS,
    MAX_COUNT,
    SOURCES,
    ObservationError,
    check_value,
    observation_from_json,
    observation_to_json,
)
from tests.scoring.test_scorer import scored

DOCS = Path(__file__).parents[2] / "docs" / "reference"
SCHEMA = json.loads((DOCS / "schemas" / "observation.schema.json").read_text(encoding="utf-8"))
LINE = {
    "id": "a", "unit": "E", "item": "K1", "check": None, "target": None, "source": "register",
    "observed_at": "2025-06-01T09:00:00+08:00", "recorded_at": "2025-06-01T09:00:00+08:00", "kind": "count",
    "value": 1, "reason": None, "artefacts": [], "by": None, "act": None, "supersedes": None,
}  # fmt: skip
LOOKS = {"n": 4, "first": "2025-06-02", "last": "2025-06-29", "found": 1}


def fits(line):
    try:
        jsonschema.validate(line, SCHEMA)
    except jsonschema.ValidationError:
        return False
    return True


def test_a_line_of_format_3_has_every_key_and_one_of_format_2_none_of_the_new_ones():
    one = observation_from_json({**LINE, "target": "page:https://e.kaoping.test/1", "act": "batch:1"})
    assert tuple(observation_to_json(one)) == FIELDS
    assert fits(observation_to_json(one))
    assert set(FIELDS) - set(observation_to_json(one, 2)) == {"target", "act"}


@pytest.mark.parametrize(
    "change",
    [
        {"target": None},
        {"act": "ruling:1"},
        {"source": "clock", "check": "cases_overdue"},
        {"kind": "looks", "value": LOOKS},
    ],
)
def test_what_is_new_in_format_3_is_unknown_to_format_2(change):
    old = {name: value for name, value in LINE.items() if name not in ("target", "act")}
    observation_from_json(old, 2)
    observation_from_json({**LINE, **change})
    with pytest.raises(ObservationError):
        observation_from_json({**old, **change}, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"target": "https://e.kaoping.test/1"},
        {"target": "page:ftp://e.kaoping.test"},
        {"target": "page:https://e.kaoping.test/1#top"},
        {"target": "row:requests"},
        {"target": "redacted:xyz"},
        {"act": "FH-2025-0001"},
        {"act": "appeal:"},
        {"act": "claim:1"},
        {"act": "ruling:a b"},
        {"source": "clock"},
        {"source": "clock", "check": "P-01"},
        {"kind": "looks", "value": {**LOOKS, "found": 5}},
        {"kind": "looks", "value": {**LOOKS, "first": "2025-6-2"}},
        {"kind": "looks", "value": {**LOOKS, "last": "2025-06-01"}},
        {"kind": "looks", "value": {**LOOKS, "n": 0, "found": 0}},
        {"kind": "looks", "value": {**LOOKS, "first": None}},
        {"value": MAX_COUNT + 1},
        {"kind": "ratio", "value": {"done": 1, "of": 10**30}},
        {"kind": "tally", "value": {"question": "q", "options": {"yes": 10**12}}},
        {"kind": "points", "value": "-5"},
        {"kind": "points", "value": "３５"},
        {"kind": "points", "value": "3_0"},
        {"kind": "points", "value": "1e3"},
        {"kind": "points", "value": " 3"},
    ],
)
def test_what_is_not_of_the_closed_form_is_refused_with_a_remedy(change):
    with pytest.raises(ObservationError) as refused:
        observation_from_json({**LINE, **change})
    assert len(str(refused.value)) > 10


@pytest.mark.parametrize(
    "target",
    ["page:https://e.kaoping.test/1?a=b", "site:e.kaoping.test", "place:12", "document:常政办发〔2025〕1号", "row:requests:17",
     "account:weixin:gh_12", "redacted:" + "0" * 32],
)  # fmt: skip
def test_every_form_of_a_target_is_read_and_fits_the_schema(target):
    assert observation_from_json({**LINE, "target": target}).target == target
    assert fits({**LINE, "target": target})


@pytest.mark.parametrize("feed", FEEDS)
def test_a_clock_names_a_feed_of_the_list_and_the_reference_names_them_all(feed):
    line = {**LINE, "source": "clock", "item": None, "check": feed}
    assert observation_from_json(line).check == feed
    assert fits(line)
    page = (DOCS / "rulebook.md").read_text(encoding="utf-8")
    assert f"`{feed}`" in page
    assert FEEDS[feed][0] in page


def test_the_schema_knows_the_same_sources_and_kinds():
    assert SCHEMA["properties"]["source"]["enum"] == list(SOURCES)
    assert SCHEMA["properties"]["kind"]["enum"] == list(KINDS)
    assert sorted(SCHEMA["required"]) == sorted(FIELDS)


def test_looks_move_no_point_of_any_method():
    one = observation_from_json(
        {**LINE, "item": "K3.3.p", "source": "monitor", "kind": "looks", "value": LOOKS}
    )
    assert scored([one]).as_json()["units"] == scored([]).as_json()["units"]


def test_earlier_formats_keep_what_they_took():
    assert check_value("points", "-5", 2) == "-5"
    assert check_value("count", 10**12, 2) == 10**12
