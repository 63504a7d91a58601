"""The command ``kaoping tally``."""

import json

import pytest
import yaml

from kaoping.cli.main import main
from kaoping.scoring.observations import observation_from_json
from tests.balloting.examples import questionnaire_data
from tests.cli.following import follows


@pytest.fixture
def files(tmp_path):
    ballots, questionnaire = tmp_path / "ballots.jsonl", tmp_path / "q.yaml"
    lines = [
        {"id": f"b{number}", "unit": "U1", "stratum": "public", "answers": {"q1": "s" if number else "d"}}
        for number in range(3)
    ]
    ballots.write_text("\ufeff" + "\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    questionnaire.write_text(yaml.safe_dump(questionnaire_data(), allow_unicode=True), encoding="utf-8")
    return ballots, questionnaire


def call(capsys, *args):
    code = main(["tally", *map(str, args)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_json_has_the_shape_of_the_contract(files, capsys):
    ballots, questionnaire = files
    code, out, err = call(capsys, ballots, "--questionnaire", questionnaire, "--places", 1, "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert set(result) == {"questionnaire", "version", "units", "warnings"}
    (unit,) = result["units"]
    assert set(unit) == {"unit", "n", "questions", "satisfaction", "grade", "grade_reason", "strata"}
    assert unit["questions"]["q1"]["options"]["s"] == {"count": 2, "share": "2/3", "percent": "66.7"}
    assert set(unit["satisfaction"]) == {"value", "rule", "interval", "method"}
    assert set(unit["strata"]["public"]) == set(unit) - {"unit", "strata"}


def test_documented_schemas_hold(files, capsys):
    ballots, questionnaire = files
    _, out, _ = call(capsys, ballots, "--questionnaire", questionnaire, "--json")
    follows("tally", json.loads(out))
    follows("questionnaire", questionnaire_data())
    for line in ballots.read_text(encoding="utf-8-sig").splitlines():
        follows("ballot", json.loads(line))


def test_questionnaire_may_be_json(files, capsys):
    ballots, questionnaire = files
    questionnaire.write_text(json.dumps(questionnaire_data()), encoding="utf-8")
    assert call(capsys, ballots, "--questionnaire", questionnaire, "--json")[0] == 0


def test_as_observations(files, capsys):
    ballots, questionnaire = files
    arguments = [
        ballots,
        "--questionnaire",
        questionnaire,
        "--as-observations",
        "--at",
        "2025-11-16",
        "--json",
    ]
    code, out, _ = call(capsys, *arguments)
    (line,) = out.splitlines()
    observation = observation_from_json(json.loads(line))
    assert code == 0
    assert observation.observed_at.isoformat() == "2025-11-16T23:59:59.999999+08:00"


def test_for_people(files, capsys):
    ballots, questionnaire = files
    _, out, _ = call(capsys, ballots, "--questionnaire", questionnaire)
    assert "单位 U1：有效问卷 3 份" in out
    assert "满意：2（66.67%）" in out
    assert "其中其他来源：3 份" in out


@pytest.mark.parametrize(
    ("text", "place"),
    [("{}\nx", "字段 id"), ('{"id": "b", "unit": "U", "answers": {}}\nx', "第 2 行"), ("[]", "第 1 行")],
)
def test_bad_ballot_names_its_line(files, capsys, text, place):
    ballots, questionnaire = files
    ballots.write_text(text, encoding="utf-8")
    code, out, err = call(capsys, ballots, "--questionnaire", questionnaire, "--json")
    assert (code, out) == (2, "")
    assert place in err


@pytest.mark.parametrize(
    ("text", "place"), [("a: [", "YAML"), ("id: q", "questions"), ("[1]", "questionnaire")]
)
def test_bad_questionnaire_names_its_field(files, capsys, text, place):
    ballots, questionnaire = files
    questionnaire.write_text(text, encoding="utf-8")
    code, _, err = call(capsys, ballots, "--questionnaire", questionnaire)
    assert code == 2
    assert place in err


def test_missing_file_and_bad_encoding(files, capsys, tmp_path):
    ballots, questionnaire = files
    assert call(capsys, tmp_path / "none", "--questionnaire", questionnaire)[0] == 2
    ballots.write_bytes("满意".encode("gbk"))
    assert "UTF-8" in call(capsys, ballots, "--questionnaire", questionnaire)[2]


@pytest.mark.parametrize("at", ["昨天", "2025-11-16T10:00:00"])
def test_bad_time(files, capsys, at):
    ballots, questionnaire = files
    code, _, err = call(capsys, ballots, "--questionnaire", questionnaire, "--as-observations", "--at", at)
    assert code == 2
    assert "--at" in err


def test_a_key_of_another_system_is_named_and_a_misspelt_one_refused(files, capsys):
    ballots, questionnaire = files
    whole = questionnaire.read_text(encoding="utf-8")
    questionnaire.write_text(whole + "opens_at: 2025-11-01\n", encoding="utf-8")
    code, out, err = call(capsys, ballots, "--questionnaire", questionnaire, "--json")
    assert code == 0 and json.loads(out) and "注意：" in err and "opens_at" in err
    questionnaire.write_text(whole + "Min_N: 3\n", encoding="utf-8")
    code, out, err = call(capsys, ballots, "--questionnaire", questionnaire, "--json")
    assert (code, out) == (2, "") and "是不是 min_n" in err


def test_units_and_strata_are_called_by_their_names(tmp_path, capsys):
    data = questionnaire_data()
    first = data["questions"][0]
    first["label"] = "过去一年，|您和{unit}|打过交道吗？"
    option = first["options"][0]
    line = {"id": "b1", "unit": "U1", "stratum": option["code"], "answers": {first["id"]: option["code"]}}
    (tmp_path / "q.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps(line), encoding="utf-8")
    _, out, _ = call(capsys, tmp_path / "b.jsonl", "--questionnaire", tmp_path / "q.yaml")
    assert "过去一年，您和U1打过交道吗？" in out and "{unit}" not in out and "|" not in out
    assert f"其中{option['label']}：1 份" in out and "分层" not in out


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_without_a_ballot_is_said(files, capsys, text):
    ballots, questionnaire = files
    ballots.write_text(text, encoding="utf-8")
    _, out, _ = call(capsys, ballots, "--questionnaire", questionnaire)
    assert "一份问卷也没有" in out
    _, out, _ = call(capsys, ballots, "--questionnaire", questionnaire, "--json")
    assert any("一份问卷也没有" in one for one in json.loads(out)["warnings"])
    code, out, err = call(capsys, ballots, "--questionnaire", questionnaire, "--as-observations")
    assert (code, out) == (0, "") and "没有一份问卷" in err
