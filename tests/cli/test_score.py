"""The command ``kaoping score``."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from kaoping.cli.main import main
from kaoping.scoring.observations import observation_from_json, observation_to_json
from kaoping.standards.loading import load_rulebook
from tests.cli.following import SCHEMAS, follows
from tests.scoring.examples import complete_year, observed

RUBRIC = load_rulebook("changzhou-2020").rubric
UNITS = "code,name,kind,group\nE,教育局,department,市级部门\nH,卫健委,department,市级部门\n"


@pytest.fixture
def year(tmp_path):
    """Observations and units on disk; ``more`` appends lines."""

    def write(*more, units=UNITS):
        lines = [one for one in complete_year(RUBRIC) if one.unit in "EH"]
        rows = [json.dumps(observation_to_json(one), ensure_ascii=False) for one in lines]
        (tmp_path / "o.jsonl").write_text("\ufeff" + "\n".join([*rows, *more]) + "\n\n", encoding="utf-8")
        (tmp_path / "u.csv").write_text("\ufeff" + units, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def call(capsys):
    def run(folder, *args, as_of="2026-01-10"):
        code = main(
            ["score", "changzhou-2020", str(folder / "o.jsonl"), "--units", str(folder / "u.csv")]
            + ["--year", "2025", "--as-of", as_of, *args]
        )
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_json_is_the_documented_shape_and_nothing_else(year, call):
    code, out, err = call(year(), "--json")
    assert (code, err) == (0, "")
    results = json.loads(out)
    follows("results", results)
    assert (results["rulebook"], results["year"]) == ("changzhou-2020", 2025)
    assert results["period"] == ["2024-12-01", "2025-11-30"]
    assert results["as_of"] == "2026-01-10T23:59:59.999999+08:00" or results["as_of"].startswith("2026-01-1")
    assert [one["unit"] for one in results["units"]] == ["E", "H"]
    assert {one["grade"] for one in results["units"]} <= {"excellent", "good"}


def test_the_input_follows_its_schema(year):
    for line in (year() / "o.jsonl").read_text(encoding="utf-8-sig").splitlines():
        if line:
            follows("observation", json.loads(line))


def test_the_period_follows_the_variant(year, call):
    _code, out, _err = call(year(), "--json", "--variant", "B")
    assert json.loads(out)["period"] == ["2025-01-01", "2025-12-31"]
    code, _out, err = call(year(), "--variant", "Z")
    assert code == 2
    assert "A、B" in err


def test_explain_prints_the_tree_with_a_reason_for_every_item(year, call):
    code, out, _err = call(year(), "--explain", "E")
    assert code == 0
    for node in RUBRIC.walk():
        assert f"{node.code} {node.name}" in out
    assert "平时考核" in out
    assert "2 人评审：好、好，取中位数" in out
    code, _out, err = call(year(), "--explain", "nobody")
    assert code == 2
    assert "nobody" in err


def test_explain_says_the_full_marks_of_a_group_where_something_does_not_apply(year, call):
    assert "折算后满分" not in call(year(), "--explain", "E")[1]
    leaf = next(one for one in RUBRIC.leaves() if one.role == "item" and one.component and one.max)
    said = json.dumps(
        observation_to_json(observed(9007, "E", leaf.code, "office", "verdict", "not_applicable"))
    )
    out = call(year(said), "--explain", "E")[1]
    groups = re.findall(r"^  \S+ ([\d.]+)（满分 ([\d.]+)，因有不涉及项，本单位折算后满分 ([\d.]+)", out, re.M)
    assert groups, out[:400]
    assert all(float(points) <= float(own) != float(full) for points, full, own in groups)


def test_the_table_and_the_csv_say_the_same(year, call):
    folder = year()
    code, out, _err = call(folder, "--csv", str(folder / "t.csv"))
    assert code == 0
    content = (folder / "t.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "优秀" in out
    assert "优秀" in content.decode("utf-8-sig")
    assert call(folder, "--csv", str(folder / "no" / "t.csv"))[0] == 2


def test_lines_that_no_score_can_use_are_named(year, call):
    stray = [
        observed(9000, "Z", "K5", "reviewer", "level", "good"),
        observed(9001, "E", "K99", "reviewer", "level", "good"),
        observed(9002, "E", None, "monitor", "verdict", "not_met", check="P-99"),
        observed(9003, "E", "K5", "reviewer", "level", "splendid"),
        observed(9004, "E", "K3.2", "monitor", "verdict", "met"),
        observed(9005, "E", "K3.2", "monitor", "verdict", "met"),
        observed(9006, "E", "K3.2", "self", "verdict", "not_applicable"),
        replace(observed(9007, "E", "K3.2", "register", "ratio", {"done": 1, "of": 1}), supersedes="nothing"),
    ]
    folder = year(*(json.dumps(observation_to_json(one)) for one in stray))
    code, _out, err = call(folder, "--json")
    assert code == 0
    assert "单位 Z" in err
    assert "指标 K99" in err
    assert "只写了检查项" in err
    first = (folder / "o.jsonl").read_text(encoding="utf-8-sig").count("\n") - 1 - len(stray)
    assert f"第 {first + 4} 行：指标 K5 没有档次 splendid" in err
    assert f"第 {first + 5}、{first + 6} 行：指标 K3.2 不收来源 monitor 的取值 verdict" in err
    assert f"第 {first + 8} 行：o09007 不能更正 nothing：没有编号为 nothing 的记录，没有计入" in err
    assert len(err.splitlines()) == 6


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "不是 JSON"),
        ("[1]", "不是 JSON 对象"),
        (
            json.dumps({**observation_to_json(observed(1, "E", "K5", "self", "level", "x")), "kind": "mood"}),
            "kind",
        ),
        (json.dumps(observation_to_json(observed(0, "E", "K5", "self", "level", "x"))), "出现了两次"),
    ],
)
def test_bad_input_names_file_and_line(year, call, line, words):
    folder = year(line)
    code, out, err = call(folder, "--json")
    assert (code, out) == (2, "")
    assert words in err
    assert "o.jsonl" in err
    assert "行" in err


def test_bad_units_and_bad_dates_are_bad_input(year, call):
    code, _out, err = call(year(units="name\n甲\n"))
    assert code == 2
    assert "u.csv" in err and "code" in err
    assert call(year(), as_of="soon")[0] == 2
    assert call(year(), as_of="2026-01-10T00:00:00")[0] == 2


def test_the_line_of_the_reference_is_an_observation():
    text = (SCHEMAS.parent / "rulebook.md").read_text(encoding="utf-8")
    line = json.loads(re.search(r"## 观察记录.*?```json\n(.*?)```", text, re.DOTALL)[1])
    follows("observation", line)
    assert observation_to_json(observation_from_json(line)) == line


@pytest.mark.parametrize("value", ["400", "4000", "-5", "１０", "3_0", "1e3", "1" + "0" * 30])
def test_points_that_would_be_cut_are_bad_input_named_by_line_and_field(year, call, value):
    one = observation_to_json(observed(9000, "E", "K1.1", "office", "points", "1"))
    folder = year(json.dumps({**one, "value": value}))
    code, out, err = call(folder, "--json")
    assert (code, out) == (2, "")
    assert "value" in err
    assert "行" in err


@pytest.mark.parametrize("value", ["4000", "-5", "１０", "3_0", "1e3", -5, 10**12, 1.5])
def test_a_count_that_is_none_is_bad_input(year, call, value):
    one = observation_to_json(observed(9000, "E", "S5.4", "register", "count", 1))
    code, out, err = call(year(json.dumps({**one, "value": value})), "--json")
    assert (code, out) == (2, "")
    assert "value" in err
    assert "行" in err


def test_the_first_scorer_can_be_asked_for(year, call):
    midnight = "2025-12-01T00:00:00+08:00"
    one = observation_to_json(observed(9000, "E", "K1.1", "office", "points", "1"))
    one = {name: value for name, value in one.items() if name not in ("target", "act")}
    folder = year(json.dumps({**one, "observed_at": midnight, "recorded_at": midnight}))

    def points(*args):
        [unit] = [one for one in json.loads(call(folder, "--json", *args)[1])["units"] if one["unit"] == "E"]
        return unit["indicators"]["K1.1"]["points"]

    assert points() != "1.00"
    # Every other line of the file is of format 3, which the first scorer did not know.
    lines = [
        json.loads(text) for text in (folder / "o.jsonl").read_text(encoding="utf-8-sig").splitlines() if text
    ]
    old = [{name: value for name, value in one.items() if name not in ("target", "act")} for one in lines]
    (folder / "o.jsonl").write_text("\n".join(map(json.dumps, old)), encoding="utf-8")
    assert points("--scorer", "1") == "1.00"


GOLDEN = Path(__file__).parents[1] / "golden"


def explained(capsys, folder):
    manifest = json.loads((GOLDEN / "v3" / "manifest.json").read_text(encoding="utf-8"))
    unit = json.loads((GOLDEN / "v3" / "results.json").read_text(encoding="utf-8"))["units"][0]["unit"]
    words = ["score", str(folder / "rulebook"), str(folder / "observations.jsonl")]
    words += ["--units", str(folder / "units.csv"), "--year", str(manifest["year"])]
    words += ["--as-of", manifest["as_of"], "--scorer", str(manifest["scorer_version"])]
    assert main([*words, "--explain", unit]) == 0
    tree = capsys.readouterr().out
    assert main(words) == 0
    return tree, capsys.readouterr().out


def test_an_approved_plan_is_known_from_the_manifest_beside_the_observations(tmp_path, capsys):
    tree, table = explained(capsys, GOLDEN / "v3")
    assert "待核" not in tree + table and "本级审定（方案 2025年3月3日批准）" in tree
    for name in ("observations.jsonl", "units.csv"):
        (tmp_path / name).write_bytes((GOLDEN / "v3" / name).read_bytes())
    (tmp_path / "rulebook").symlink_to(GOLDEN / "v3" / "rulebook")
    alone, _table = explained(capsys, tmp_path)
    assert "待核" in alone and "本级审定" not in alone
    for text in ("{", '{"adopted": null}', '{"adopted": {"by": 1, "on": "x"}}'):
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
        assert "待核" in explained(capsys, tmp_path)[0]
