"""The command ``kaoping rulebook``."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from kaoping.cli.main import main
from kaoping.standards.loading import load_rulebook
from kaoping.standards.yaml_lines import parse
from tests.standards.making import RUBRIC, district, files

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"


@pytest.fixture
def call(capsys):
    def run(*args):
        code = main(["rulebook", *map(str, args)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def write(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_rulebook_is_whole(call):
    code, out, _err = call("check", "changzhou-2020", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["digest"] == load_rulebook("changzhou-2020").digest
    assert report["unexplained"] == []
    assert report["uncounted"] == []
    assert len(report["unsettled"]) == report["indicators"]
    assert all(not one["differences"] for one in report["cases"])


def test_a_case_that_does_not_come_out_ends_with_one(call, tmp_path):
    case = """\
year: 2025
as_of: "2026-01-01T00:00:00+08:00"
units:
  - {code: E, kind: department}
observations:
  - {unit: E, item: B, source: register, observed_at: "2025-06-01T00:00:00+08:00", kind: points, value: "30"}
expect:
  E: {items: {B: "31.00"}}
"""
    folder = write(tmp_path / "small", files() | {"cases/one.yaml": case})
    code, out, _err = call("check", folder)
    assert code == 1
    assert "E B 应为 31.00，算得 30.00" in out
    write(folder, {"cases/one.yaml": case.replace("year: 2025\n", "")})
    code, _out, err = call("check", folder)
    assert code == 2
    assert "cases/one.yaml" in err and "year" in err


def test_values_that_can_never_count_are_named(call, tmp_path):
    rubric = RUBRIC.replace("{monitor: [verdict]}", "{monitor: [verdict], visit: [points], office: [points]}")
    folder = write(tmp_path / "small", files(rubric=rubric))
    code, out, _err = call("check", folder)
    assert code == 0
    assert "注意：A1 的 sources 写了 visit: [points]" in out and "office" not in out


CASE = """\
year: 2025
as_of: "2026-01-01T00:00:00+08:00"
units:
  - {code: E, kind: department}
observations:
  - {unit: E, item: B, source: register, observed_at: "2025-06-01T00:00:00+08:00", kind: points, value: "30"}
expect:
  E: {items: {B: "30"}}
"""


@pytest.mark.parametrize("points", ['"30"', "30", '"30.00"', '"30.0"'])
def test_points_of_a_case_are_compared_as_numbers(call, tmp_path, points):
    case = CASE.replace('{B: "30"}', f"{{B: {points}}}")
    folder = write(tmp_path / "small", files() | {"cases/one.yaml": case})
    assert call("check", folder)[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ("year: 2025", "year: abc", 1, "year", "应为年份"),
        ("{code: E, kind: department}", "{code: E}", 4, "units.0.kind", "应为 government、"),
        ("{code: E, kind: department}", "E", 3, "units", "应为列表"),
        ("2026-01-01T00:00:00+08:00", "soon", 2, "as_of", "应为带时区的时间"),
        ("2026-01-01T00:00:00+08:00", "2026-01-01", 2, "as_of", "应为带时区的时间"),
        ("  E: {items", "  Z: {items", 8, "expect.Z", "算例的单位里没有"),
        ("{B: ", "{Q: ", 8, "expect.E.items.Q", "没有这项指标"),
        ("{items:", "{itms:", 8, "expect.E.itms", "不认识的字段"),
        ("kind: points", "kind: mood", 6, "observations.0.kind", "没有“mood”这种取值"),
        ("expect:", "expects:", 7, "expects", "不认识的字段"),
    ],
)
def test_a_mistake_in_a_case_is_named_with_its_line(call, tmp_path, old, new, line, field, words):
    folder = write(tmp_path / "small", files() | {"cases/one.yaml": CASE.replace(old, new, 1)})
    code, _out, err = call("check", folder)
    assert code == 2
    assert f"cases/one.yaml，第 {line} 行，字段 {field}：" in err and words in err


def test_bad_rulebooks_are_bad_input_with_file_line_and_field(call, tmp_path):
    folder = write(tmp_path / "small", files(rubric=RUBRIC.replace("method: ratio", "method: guess")))
    code, _out, err = call("check", folder)
    assert code == 2
    assert "rubric.yaml" in err and "第 " in err and "method" in err
    assert call("show", "no-such-rulebook")[0] == 2


def test_show_prints_every_indicator_with_basis_scale_and_evidence(call):
    code, out, _err = call("show", "changzhou-2020")
    assert code == 0
    for words in (
        "K3.3.p",
        "依据：考核办法 第六条（三）3",
        "怎么计分：满分 6 分，每处问题扣 0.5 分",
        "要什么材料：",
        "待核",
        "锁定",
    ):
        assert words in out
    tree = json.loads(call("show", "changzhou-2020", "--json")[1])
    assert tree[0]["children"][0]["scale"]


def test_diff_names_what_was_added_changed_and_dropped(call, tmp_path):
    before = write(tmp_path / "small", files())
    after = write(
        tmp_path / "new", files(rubric=RUBRIC.replace("code: B", "code: C").replace('"0.5"', '"1"'))
    )
    code, out, _err = call("diff", before, after)
    assert code == 0
    assert "增 C 乙" in out and "删 B 乙" in out and "改 A1 each：0.5（待核） → 1（待核）\n" in out
    assert len(json.loads(call("diff", before, after, "--json")[1])) == 3


def test_diff_of_one_compares_with_what_it_extends(call, tmp_path):
    write(tmp_path / "small", files())
    own = {name: text for name, text in district("change:\n  B: {name: 改名}\n").items() if "/" not in name}
    folder = write(tmp_path / "district", own)
    assert "改 B name：乙 → 改名" in call("diff", folder)[1]
    code, _out, err = call("diff", tmp_path / "small")
    assert code == 2
    assert "没有上级规则集" in err


def example():
    """The derived rubric that the reference shows."""
    text = (SCHEMAS.parent / "rulebook.md").read_text(encoding="utf-8")
    return re.search(r"### 继承.*?```yaml\n(.*?)```", text, re.DOTALL)[1]


def test_the_derived_rulebook_of_the_reference_works(call, tmp_path):
    about = "id: district\nversion: '1'\nextends: changzhou-2020\ntitle: 某区\nissuer: 某区办公室\n"
    folder = write(tmp_path / "district", {"about.yaml": about, "rubric.yaml": example()})
    assert call("check", folder)[0] == 0
    assert "增 K3.11 本区要求" in call("diff", folder)[1]


def test_the_case_of_the_reference_works(call, tmp_path):
    text = (SCHEMAS.parent / "rulebook.md").read_text(encoding="utf-8")
    case = re.search(r"## 算例.*?```yaml\n(.*?)```", text, re.DOTALL)[1]
    files_of = {name: body for name, body in load_rulebook("changzhou-2020").files.items() if "/" not in name}
    folder = write(tmp_path / "copy", files_of | {"cases/one.yaml": case})
    assert call("check", folder)[0] == 0


@pytest.mark.parametrize("source", ["shipped", "small", "derived"])
def test_rubrics_follow_the_documented_schema(source):
    shipped = load_rulebook("changzhou-2020").files["rubric.yaml"]
    text = {"shipped": shipped, "small": RUBRIC, "derived": example()}[source]
    schema = json.loads((SCHEMAS / "rubric.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(parse(text)[0], schema)


@pytest.mark.parametrize(
    ("checks", "code", "said"),
    [
        (("[S-02]", "[S-99]"), 1, "不对：B 没有检查项 S-99"),
        (("[S-02]", "[s-04]"), 1, "是不是 S-04"),
        (("[S-02]", "[S-02]"), 1, "不对：B 检查项 S-02 已经列在 A1"),
        (("[S-02, S-02]", "[S-04]"), 0, "注意：A1 检查项 S-02 写了两次"),
        (("[S-02]", "[S-04]"), 0, ""),
    ],
)
def test_checks_that_do_nothing_or_charge_twice_are_named(call, tmp_path, checks, code, said):
    rubric = RUBRIC.replace('{each: "0.5"}', f'{{each: "0.5"}}\n        checks: {checks[0]}')
    rubric = rubric.replace("method: points", f"method: points\n    checks: {checks[1]}")
    done, out, _err = call("check", write(tmp_path / "small", files(rubric=rubric)))
    assert done == code and said in out and ("不对" in out) == bool(code)


def test_a_question_of_no_item_and_a_way_without_items_are_named(call, tmp_path):
    asked = """\
id: small
version: "1"
questions:
  - id: q1
    dimension: Z
    kind: single
    options: [{code: good, counts_as: satisfied}, {code: bad, counts_as: dissatisfied}]
"""
    rubric = RUBRIC.replace("grades:", '  - {code: empty, name: 空, points: "0"}\ngrades:')
    folder = write(tmp_path / "small", files(rubric=rubric, questionnaire=asked))
    code, out, _err = call("check", folder)
    assert code == 0
    assert "注意：q1 这一题计入 Z" in out and "注意：empty 这种考核方式没有一项指标" in out
    code, out, _err = call("check", folder, "--json")
    assert [one["code"] for one in json.loads(out)["nonsense"]] == ["empty", "q1"]
