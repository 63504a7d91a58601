"""Reading rulebooks: what is there, and every refusal with file, line and field."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.balloting import questionnaire_from_dict
from kaoping.scoring import Period
from kaoping.standards.answers import opinion_items
from kaoping.standards.loading import (
    Rulebook,
    RulebookError,
    load_rulebook,
    parent_of,
    rulebook_from_files,
    shipped,
)
from kaoping.standards.slips import refuse_slips
from tests.standards.making import ABOUT, RUBRIC, TIMETABLE, district, files


def refusal(texts):
    with pytest.raises(RulebookError) as refused:
        rulebook_from_files(texts)
    return refused.value


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_a_rulebook_is_read_whole():
    rulebook = rulebook_from_files(files())
    assert (rulebook.id, rulebook.version, rulebook.title) == ("small", "1", "小规则集")
    assert [leaf.code for leaf in rulebook.rubric.leaves()] == ["A1", "A2", "B"]
    assert rulebook.rubric.find("A").max == 60
    assert rulebook.rubric.find("A1").settings == {"each": "0.5"}
    assert rulebook.period(2025) == Period(date(2024, 12, 1), date(2025, 11, 30))
    assert rulebook.period(2025, "B") == Period(date(2025, 1, 1), date(2025, 12, 31))
    assert rulebook.timetable.stages(2025) == {"plan": (date(2025, 1, 6), date(2025, 3, 31))}


def test_the_digest_changes_with_any_text_and_only_then():
    assert rulebook_from_files(files()).digest == rulebook_from_files(files()).digest
    other = rulebook_from_files(files(rubric=RUBRIC + "# 一行注释\n"))
    assert other.digest != rulebook_from_files(files()).digest


@pytest.mark.parametrize(
    ("old", "new", "part", "field"),
    [
        ('max: "20"', 'max: "many"', 'max: "many"', "indicators.0.children.1.max"),
        *(
            ('max: "20"', f'max: "{typed}"', f'max: "{typed}"', "indicators.0.children.1.max")
            for typed in ("２０", "2_0", "2e1", "1" + "0" * 60)
        ),
        ('{each: "0.5"}', '{each: "０.5"}', "each", "indicators.0.children.0.settings.each"),
        ('max: "20"', 'max: "-20"', 'max: "-20"', "indicators.0.children.1.max"),
        ("method: ratio", "method: guess", "method: guess", "indicators.0.children.1.method"),
        ("{register: [ratio]}", "{rumour: [ratio]}", "rumour", "indicators.0.children.1.sources.rumour"),
        ("{monitor: [verdict]}", "{monitor: [guess]}", "guess", "indicators.0.children.0.sources.monitor"),
        ('{each: "0.5"}', '{eech: "0.5"}', "eech", "indicators.0.children.0.settings.eech"),
        ('{each: "0.5"}', '{restores: "2"}', "restores", "indicators.0.children.0.settings.restores"),
        ('{each: "0.5"}', "3", "settings: 3", "indicators.0.children.0.settings"),
        ("code: A2", "code: A1  # again", "# again", "indicators.0.children.1.code"),
        ("name: 乙", "nome: 乙", "nome: 乙", "indicators.1.nome"),
        ("component: routine", "component: rotine", "component: rotine", "indicators.0.children.0.component"),
        ('points: "60"}', 'points: "50"}', 'points: "50"', "components.1"),
        ('total: "100"', 'total: "90"', "total", "total"),
        ('from: "60"', 'from: "0"', "bands", "grades.bands"),
        ("name: 乙", "name: 乙\n    role: gate", None, "total"),
    ],
)
def test_a_mistake_in_the_rubric_is_named_with_its_line(old, new, part, field):
    text = RUBRIC.replace(old, new, 1)
    error = refusal(files(rubric=text))
    assert (error.file, error.field) == ("rubric.yaml", field)
    if part is not None:
        assert error.line == line_of(text, part)


def test_a_fork_and_a_doubled_key_are_not_yaml_for_us():
    assert refusal(files(rubric="a: [1\nb: 2")).line == 2
    assert "写了两次" in refusal(files(rubric="total: '1'\ntotal: '2'\n")).message
    assert refusal(files(rubric="- 1\n")).message == "应为“字段: 值”的结构"


@pytest.mark.parametrize("name", ["about.yaml", "rubric.yaml", "timetable.yaml"])
def test_a_missing_file_is_named(name):
    texts = files()
    del texts[name]
    assert (refusal(texts).file, refusal(texts).message) == (
        name,
        f"缺 {name}。办法：新建，见 docs/reference/rulebook.md",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default: A", "default: C"),
        ("before-12-01", "2024-12-01"),
        ("year-11-30", "year-11-31"),
        ("{plan:", "{foo:"),
        ("[before-12-01, year-11-30]", "before-12-01"),
        ("[before-12-01, year-11-30]", "[year-11-30, before-12-01]"),
    ],
)
def test_a_mistake_in_the_timetable_is_named(old, new):
    error = refusal(files(timetable=TIMETABLE.replace(old, new, 1)))
    assert error.file == "timetable.yaml"
    assert error.line


QUESTIONNAIRE = """\
id: q
version: '1'
min_n: 30
questions:
  - id: q1
    dimension: B
    kind: single
    options:
      - {code: great, label: 好, counts_as: satisfied}
      - {code: fine, label: 还行, counts_as: basic}
      - {code: bad, label: 差, counts_as: dissatisfied}
      - {code: unclear, label: 说不清, counts_as: null}
satisfaction:
  questions: [q1]
  weights: {satisfied: "1", basic: "0.6", dissatisfied: "0"}
  lines: {satisfied: "80", basic: "60"}
"""
ASKED = RUBRIC.replace("method: points", "method: satisfaction").replace("[points]", "[tally]")


def test_the_questionnaire_says_how_answers_count():
    rulebook = rulebook_from_files(files(rubric=ASKED, questionnaire=QUESTIONNAIRE))
    found = rulebook.rubric.find("B").settings
    assert {code: Fraction(text) for code, text in found["weights"].items()} == {
        "great": 1,
        "fine": Fraction(3, 5),
        "bad": 0,
    }
    assert found["min_n"] == 30


def test_an_item_of_the_evaluation_without_a_question_is_refused():
    assert "questionnaire.yaml 里没有" in refusal(files(rubric=ASKED)).message


def test_a_mistake_in_the_questionnaire_is_named_with_its_line():
    text = QUESTIONNAIRE.replace("counts_as: basic", "counts_as: so-so")
    error = refusal(files(rubric=ASKED, questionnaire=text))
    assert (error.file, error.line) == ("questionnaire.yaml", line_of(text, "so-so"))


def test_a_district_inherits_questionnaire_and_timetable():
    texts = district("drop: [A2]\nchange:\n  B: {max: '60'}\n")
    rulebook = rulebook_from_files(texts)
    assert rulebook.id == "district"
    assert [(leaf.code, leaf.max) for leaf in rulebook.rubric.leaves()] == [("A1", 40), ("B", 60)]
    assert rulebook.period(2025).end == date(2025, 11, 30)
    assert parent_of(rulebook).id == "small"
    assert parent_of(rulebook_from_files(files())) is None


def write(folder, texts):
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_folders_extend_the_folder_beside_them_over_two_generations(tmp_path):
    write(tmp_path / "small", files())
    write(
        tmp_path / "district", {"about.yaml": district("")["about.yaml"], "rubric.yaml": "note: 与上级相同\n"}
    )
    about = "id: town\nversion: '1'\nextends: district\ntitle: 某镇\nissuer: 某镇\n"
    write(tmp_path / "town", {"about.yaml": about, "rubric.yaml": "change:\n  B: {name: 改名}\n"})
    rulebook = load_rulebook(tmp_path / "town")
    assert rulebook.rubric.find("B").name == "改名"
    assert parent_of(rulebook).id == "district"
    assert rulebook_from_files(rulebook.files).digest == rulebook.digest


def test_a_circle_of_rulebooks_is_refused(tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        about = f"id: {one}\nversion: '1'\nextends: {other}\ntitle: x\nissuer: x\n"
        write(tmp_path / one, {"about.yaml": about})
    with pytest.raises(RulebookError, match="成了圈"):
        load_rulebook(tmp_path / "a")


def test_an_unknown_parent_is_named_where_it_is_written(tmp_path):
    about = district("")["about.yaml"].replace("extends: small", "extends: changzhou-2019")
    write(tmp_path / "district", {"about.yaml": about})
    with pytest.raises(RulebookError, match="没有规则集 changzhou-2019") as refused:
        load_rulebook(tmp_path / "district")
    assert (refused.value.file, refused.value.line, refused.value.field) == ("about.yaml", 3, "extends")


def test_a_slash_behind_the_id_is_no_other_rulebook(tmp_path):
    assert load_rulebook("changzhou-2020/").id == "changzhou-2020"
    about = district("")["about.yaml"].replace("extends: small", "extends: changzhou-2020/")
    write(tmp_path / "district", {"about.yaml": about})
    assert parent_of(load_rulebook(tmp_path / "district")).id == "changzhou-2020"


def test_a_code_that_yaml_takes_for_a_truth_value_is_to_be_quoted():
    error = refusal(files(rubric=RUBRIC.replace("code: B", "code: no")))
    assert "要加引号" in error.message


def test_points_that_do_not_add_up_are_decimals():
    error = refusal(files(rubric=RUBRIC.replace('max: "20"', 'max: "17.5"')))
    assert "97.5" in error.message


def test_an_unknown_id_lists_what_there_is():
    with pytest.raises(RulebookError, match="changzhou-2020"):
        load_rulebook("nowhere")
    assert "changzhou-2020" in shipped()


SCRAPS = st.sampled_from(
    ["3", "x", "[]", "{}", "[1]", "null", "true", "'1'", "-1", "[a, b]", "{a: b}", "1/0"]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["rubric.yaml", "timetable.yaml", "about.yaml", "questionnaire.yaml"]), st.data())
def test_whatever_stands_in_a_field_the_answer_is_a_rulebook_or_a_refusal(name, data):
    texts = files(rubric=ASKED, questionnaire=QUESTIONNAIRE)
    lines = texts[name].splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    before, colon, _after = lines[number].partition(": ")
    lines[number] = before.rstrip(":") + ": " + data.draw(SCRAPS)
    texts[name] = "\n".join(lines)
    try:
        assert isinstance(rulebook_from_files(texts), Rulebook)
    except RulebookError as error:
        assert error.file in texts


@pytest.mark.parametrize("ref", shipped())
def test_what_is_shipped_has_no_slip_of_the_pen(ref):
    refuse_slips(load_rulebook(ref).files)


def test_what_was_adopted_before_is_read_as_it_was():
    """A frozen text may say what nobody may write today."""
    old = files(about=ABOUT + "extend: x\n", rubric=RUBRIC.replace("code: A2", "code: 'A 2'"))
    assert rulebook_from_files(old).rubric.find("A 2").name == "甲二"
    with pytest.raises(RulebookError):
        refuse_slips(old)


def test_what_people_write_in_their_own_words_scores_nothing_yet():
    asked = load_rulebook("changzhou-2020").questionnaire
    assert asked is not None
    assert opinion_items(questionnaire_from_dict(asked)) == {"S5.5"}
