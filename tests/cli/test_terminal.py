"""What stands in files never steers the terminal: every command that echoes input, in words and in JSON."""

import json
import re
import sys

import pytest

from kaoping.cli import main as cli
from kaoping.cli.main import main
from tests.cli.hostile import BALLOT, CASE, LINE, QUESTIONNAIRE, UNITS, Year
from tests.standards.making import ABOUT, RUBRIC

EVIL = "\x1b[31m红\x1b]0;t\x07\x9b2J\u202e倒\r盖\u2028行"
FORGED = "甲\n✓ 核对一致\n\t乙"
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def quoted(text):
    return json.dumps(text)[1:-1]


@pytest.fixture
def year(tmp_path):
    """A year whose every free text steers."""
    made = Year(tmp_path)
    made.put(
        "book/about.yaml",
        ABOUT.replace("title: 小规则集", f'title: "{quoted(EVIL)}"').replace("某办公室", "某"),
    )
    made.put("book/rubric.yaml", RUBRIC.replace("name: 乙", f'name: "{quoted(FORGED + EVIL)}"'))
    made.put("units.csv", UNITS + f'V,"{FORGED}{EVIL}",department,,,,,\n')
    lines = [
        {**LINE, "reason": EVIL + FORGED},
        {**LINE, "id": "o2", "unit": "W"},
        {**LINE, "id": "o3", "item": "乙丙"},
    ]
    lines += [{**LINE, "id": "o4", "observed_at": "2025-03-02T09:00:00+08:00", "by": EVIL}]
    made.put("o.jsonl", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines))
    made.put("q.yaml", QUESTIONNAIRE.replace("label: 好", f'label: "{quoted(EVIL + FORGED)}"'))
    ballots = [
        BALLOT,
        {**BALLOT, "id": "b2", "unit": "W", "answers": {"q1": EVIL}},
    ]
    ballots += [{**BALLOT, "id": "b3", "unit": "X"}]
    made.put("b.jsonl", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in ballots))
    made.put(
        "page.html",
        f"<html><head><title>{EVIL}</title><meta name='SiteName' content='{EVIL}'></head><body>{EVIL}</body></html>",
    )
    return made


def shown(capsys):
    captured = capsys.readouterr()
    for text in (captured.out, captured.err):
        assert not STEERS.search(text), repr(text)
        assert "\n✓ 核对一致" not in text
    return captured


ECHOING = ["check-rulebook", "show-rulebook", "diff-rulebook", "score", "bundle", "tally", "facts"]


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("command", ECHOING)
def test_no_text_of_a_file_steers(year, capsys, command, more):
    assert main(year.command(command, *more)) == 0
    captured = shown(capsys)
    if command in ("show-rulebook", "diff-rulebook", "tally"):
        assert "\\u001b" in captured.out + captured.err
    if more:
        assert json.loads(captured.out)


@pytest.mark.parametrize("field", ["id", "unit", "item"])
@pytest.mark.parametrize("command", ["score", "bundle"])
def test_a_code_with_signs_that_nobody_sees_is_refused_and_does_not_steer(year, capsys, command, field):
    year.put("o.jsonl", json.dumps({**LINE, field: EVIL + FORGED}, ensure_ascii=False) + "\n")
    assert main(year.command(command)) == 2
    assert "看不见的字符" in shown(capsys).err


@pytest.mark.parametrize("field", ["id", "unit"])
def test_a_ballot_with_such_a_code_neither(year, capsys, field):
    year.put("b.jsonl", json.dumps({**BALLOT, field: EVIL + FORGED}, ensure_ascii=False) + "\n")
    assert main(year.command("tally")) == 2
    assert "看不见的字符" in shown(capsys).err


def test_json_says_the_same_texts(year, capsys):
    main(year.command("show-rulebook", "--json"))
    assert json.loads(shown(capsys).out)[1]["name"] == FORGED + EVIL


def test_observations_out_of_ballots_stay_json_lines(year, capsys):
    assert main(year.command("tally", "--as-observations", "--at", "2025-11-30")) == 0
    for line in shown(capsys).out.splitlines():
        assert json.loads(line)["source"] == "ballot"


def test_an_explanation_does_not_steer(year, capsys):
    assert main(year.command("score", "--explain", "U")) == 0
    assert not STEERS.search(capsys.readouterr().out)


@pytest.mark.parametrize(
    "words",
    [
        ["rulebook", "check", EVIL + FORGED],
        ["score", EVIL, EVIL, "--units", EVIL, "--year", "2025", "--as-of", EVIL],
        ["score", "changzhou-2020", EVIL, "--units", EVIL, "--year", EVIL, "--as-of", "2025-01-01"],
        ["tally", EVIL, "--questionnaire", FORGED],
        ["tally", "x", "--questionnaire", "y", "--places", EVIL],
        ["facts", EVIL, "--url", "http://a/"],
        ["facts", "x", "--url", EVIL],
        ["crawl", EVIL, "--out", "x"],
        ["crawl", "http://a/", "--out", "x", "--rate", EVIL],
        ["crawl", "http://a/", "--out", "x", "--allow", EVIL],
        ["check", EVIL, "--as-of", "2025-01-01"],
        ["verify", EVIL],
        ["verify", ".", "--digest", EVIL],
        ["bundle", EVIL, "--out", EVIL],
        ["backup", "--data", EVIL, "--out", "x"],
        ["restore", EVIL, "--data", "/none/x"],
        ["doctor", "--data", EVIL],
        ["demo", "--stage", EVIL],
        [EVIL + FORGED],
        ["score", f"--{EVIL}"],
    ],
)  # fmt: skip
def test_no_argument_steers(capsys, monkeypatch, tmp_path, words):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(words)
    except SystemExit as left:
        code = left.code
    assert code in (1, 2)
    shown(capsys)


def test_a_bundle_that_a_stranger_wrote_does_not_steer(year, capsys, tmp_path):
    words = year.command("bundle")
    assert main([*words[:-1], str(tmp_path / "out")]) == 0
    for name in ("results.json", "units.csv", "observations.jsonl"):
        path = tmp_path / "out" / name
        path.write_bytes(
            path.read_bytes().replace("甲".encode(), EVIL.encode()).replace(b'"U"', b'"\\u001b[31m"')
        )
    (tmp_path / "out" / "x\u202ey").write_text(EVIL)
    assert main(["verify", str(tmp_path / "out")]) == 1
    shown(capsys)


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_a_terminal_of_another_encoding_gets_what_it_can_show(year, monkeypatch, encoding, tmp_path):
    with (tmp_path / "out").open("w", encoding=encoding) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(year.command("score", "--json")) == 0
    assert json.loads((tmp_path / "out").read_text(encoding=encoding))["rulebook"] == "small"


def test_the_streams_are_given_back(capsys):
    before = (sys.stdout, sys.stderr)
    assert main(["rulebook", "show", "changzhou-2020"]) == 0
    assert (sys.stdout, sys.stderr) == before
    assert "常州市" in capsys.readouterr().out


def test_a_fault_of_ours_is_shown_harmless(capsys, monkeypatch):
    def broken(_argv):
        raise RuntimeError(EVIL + FORGED)

    monkeypatch.setattr(cli, "_parser", broken)
    assert main([]) == 3
    shown(capsys)


def test_a_case_that_fails_names_its_texts_harmlessly(year, capsys):
    year.put("book/cases/one.yaml", CASE.replace('B: "30"', f'B: "{quoted(EVIL + FORGED)}"'))
    assert main(year.command("check-rulebook")) == 1
    shown(capsys)
