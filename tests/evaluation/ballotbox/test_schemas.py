"""The documented schemas of poll, draw and calendar agree with the code."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from kaoping.balloting import questionnaire_from_dict
from kaoping.calendars import seed_table, table_to_json
from kaoping.drawing import protocol
from tests.evaluation.ballotbox.examples import poll_data

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("poll", poll_data()),
        ("draw", protocol({"部门": ["A", "B"]}, {"部门": 1}, "sixteen characters")),
        ("calendar", table_to_json(seed_table())),
    ],
)
def test_schema_holds(name, data):
    schema = json.loads((REFERENCE / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)


def test_example_of_the_manual_is_a_questionnaire():
    text = (REFERENCE / "ballots.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    read = questionnaire_from_dict(yaml.safe_load(example))
    assert read.notes == ()
    assert read.satisfaction.questions == ("q1",)
