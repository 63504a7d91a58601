"""``kaoping bundle`` from files: the same input gives the same bytes, and what it writes is what ``score`` prints."""

import json

import pytest

from kaoping.cli.main import main
from kaoping.scoring.observations import observation_to_json
from kaoping.scoring.units import write_units_csv
from tests.publication.bundle.examples import RULEBOOK, UNITS, year

INSTANT = "2026-01-11T00:00:00+08:00"


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "in"
    (folder / "small").mkdir(parents=True)
    for name, text in RULEBOOK.files.items():
        (folder / "small" / name).write_text(text, encoding="utf-8")
    (folder / "units.csv").write_text(write_units_csv(UNITS), encoding="utf-8-sig")
    lines = [json.dumps(observation_to_json(one), ensure_ascii=False) for one in year().lines]
    (folder / "observations.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def bundle(inputs, *more, out="out"):
    return main(
        [
            "bundle", str(inputs / "small"), str(inputs / "observations.jsonl"),
            "--units", str(inputs / "units.csv"), "--year", "2025", "--as-of", "2026-01-10",
            "--salt-file", str(inputs / "salt"), "--example", "--out", str(inputs / out), *more,
        ]
    )  # fmt: skip


def test_the_same_input_gives_the_same_folder_and_the_same_zip(inputs, capsys):
    assert bundle(inputs, out="a") == bundle(inputs, out="b") == 0
    first, second = capsys.readouterr().out.split()
    assert first == second
    assert bundle(inputs, out="a.zip") == bundle(inputs, out="b.zip") == 0
    assert (inputs / "a.zip").read_bytes() == (inputs / "b.zip").read_bytes()
    assert capsys.readouterr().out.split() == [first, first]


def test_what_it_writes_verifies_against_what_it_printed(inputs, capsys):
    bundle(inputs, out="a.zip")
    digest = capsys.readouterr().out.strip()
    assert main(["verify", str(inputs / "a.zip"), "--digest", digest, "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["ok"], verdict["complete"], verdict["example"]) == (True, True, True)


def test_results_are_the_object_that_score_prints(inputs, capsys):
    bundle(inputs)
    capsys.readouterr()
    out = inputs / "out"
    code = main(
        [
            "score", str(out / "rulebook"), str(out / "observations.jsonl"), "--units", str(out / "units.csv"),
            "--year", "2025", "--as-of", INSTANT, "--json",
        ]
    )  # fmt: skip
    assert code == 0
    assert json.loads(capsys.readouterr().out) == json.loads((out / "results.json").read_bytes())


def test_units_carry_the_mark_that_spreadsheets_need(inputs):
    bundle(inputs)
    assert (inputs / "out" / "units.csv").read_bytes().startswith(b"\xef\xbb\xbfcode,")


def test_a_new_salt_is_told(inputs, capsys):
    assert bundle(inputs, out="first") == 0
    assert "新建了密钥" in capsys.readouterr().err
    assert bundle(inputs, out="second") == 0
    assert "新建了密钥" not in capsys.readouterr().err


def test_the_salt_is_kept_for_the_office_alone(inputs):
    bundle(inputs)
    assert (inputs / "salt").stat().st_mode & 0o077 == 0
    assert not list((inputs / "out").rglob("salt"))


def test_a_lower_level_needs_a_place_for_the_whole(inputs, capsys):
    assert bundle(inputs, "--level", "grades") == 2
    assert "--full-out" in capsys.readouterr().err
    assert not (inputs / "out").exists()
    assert bundle(inputs, "--level", "grades", "--full-out", str(inputs / "whole.zip"), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["complete"] is False
    assert main(["verify", str(inputs / "whole.zip"), "--digest", printed["full_digest"]]) == 0
    assert main(["verify", str(inputs / "out"), "--digest", printed["digest"], "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert verdict["complete"] is False
    assert verdict["not_provable"]


@pytest.mark.parametrize("option", ["--units", "--year", "--as-of"])
def test_a_missing_option_is_named(inputs, capsys, option):
    given = {"--units": str(inputs / "units.csv"), "--year": "2025", "--as-of": "2026-01-10"}
    del given[option]
    rest = [part for pair in given.items() for part in pair]
    code = main(
        [
            "bundle",
            str(inputs / "small"),
            str(inputs / "observations.jsonl"),
            *rest,
            "--out",
            str(inputs / "x"),
        ]
    )
    assert code == 2
    assert option in capsys.readouterr().err


def test_a_bundle_never_overwrites(inputs, capsys):
    bundle(inputs)
    assert bundle(inputs) == 2
    assert "从不覆盖" in capsys.readouterr().err


def test_an_unknown_variant_is_bad_input(inputs, capsys):
    assert bundle(inputs, "--variant", "Z") == 2
    assert "--variant" in capsys.readouterr().err


def rewritten(inputs, change):
    """The observations with their lines changed by ``change``, as files of the inputs."""
    path = inputs / "observations.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in change(lines)), encoding="utf-8")
    return lines


def test_a_line_that_breaks_the_rule_of_succession_is_refused_with_its_line(inputs, capsys):
    def claim(lines):
        seen = next(one for one in lines if one["source"] == "monitor")
        return [
            *lines,
            {
                **seen,
                "id": "claim",
                "source": "self",
                "kind": "withdrawn",
                "value": None,
                "supersedes": seen["id"],
            },
        ]

    lines = rewritten(inputs, claim)
    assert bundle(inputs) == 2
    err = capsys.readouterr().err
    assert "在线监测的记录不能由部门自查更正或撤回" in err
    assert f"第 {len(lines) + 1} 行" in err
    assert not (inputs / "out").exists()


def test_acts_are_told_in_a_file_of_their_own(inputs, capsys):
    def appeal(lines):
        seen = next(one for one in lines if one["source"] == "monitor")
        gone = {
            **seen,
            "id": "gone",
            "source": "office",
            "kind": "withdrawn",
            "value": None,
            "supersedes": seen["id"],
        }
        return [*lines, {**gone, "act": "appeal:FH-1"}]

    rewritten(inputs, appeal)
    assert bundle(inputs) == 2
    assert "--acts" in capsys.readouterr().err
    acts = inputs / "acts.json"
    for content, words in (
        ("null", "不是 JSON 对象"),
        ('{"appeal:FH-1": {"date": "2026-1-6", "signers": 2}}', "date"),
        ('{"appeal:FH-1": {"date": "2025-01-06", "signers": 1}}', "须两人办理"),
        ('{"appeal:FH-2": {"date": "2025-01-06", "signers": 2}}', "不在 acts.json 里"),
    ):
        acts.write_text(content, encoding="utf-8")
        assert bundle(inputs, "--acts", str(acts)) == 2, content
        assert words in capsys.readouterr().err
    acts.write_text('{"appeal:FH-1": {"date": "2025-01-06", "signers": 2}}', encoding="utf-8")
    assert bundle(inputs, "--acts", str(acts)) == 0
    assert main(["verify", str(inputs / "out")]) == 0


def test_points_over_the_maximum_are_bad_input(inputs, capsys):
    def much(lines):
        given = next(one for one in lines if one["kind"] == "points" and one["source"] == "register")
        given["value"] = "400"
        return lines

    rewritten(inputs, much)
    assert bundle(inputs) == 2
    assert "不能登记 400 分" in capsys.readouterr().err
