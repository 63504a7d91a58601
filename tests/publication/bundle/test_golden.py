"""Every version's golden bundle keeps verifying, whatever rulebooks and scorers come later."""

from pathlib import Path

import pytest

from kaoping.foreign.container import read
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.scorers import SCORERS
from kaoping.publication.bundle.verify import FORMATS, verify_files
from kaoping.standards import loading

GOLDEN = Path(__file__).parents[2] / "golden"
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/manifest.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_golden_bundle_verifies(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "SHIPPED", tmp_path)
    digest = folder.with_suffix(".digest").read_text(encoding="utf-8")
    verdict = verify_files(read(folder), digest)
    assert verdict.ok, verdict.as_json()
    assert verdict.example
    assert verdict.complete is (verdict.level == "full")


def test_every_version_that_is_understood_has_one():
    manifests = [loads((folder / "manifest.json").read_bytes()) for folder in FOLDERS]
    whole = [one for one in manifests if one["complete"]]
    assert {one["format_version"] for one in whole} == set(FORMATS)
    assert {one["scorer_version"] for one in whole} == set(SCORERS)


def test_the_parts_name_the_digest_of_their_whole():
    digests = {path.read_text(encoding="utf-8").strip() for path in GOLDEN.glob("*.digest")}
    parts = [loads((folder / "manifest.json").read_bytes()) for folder in FOLDERS]
    assert {one["full_digest"] for one in parts if not one["complete"]} <= digests


def edges(unit, item):
    results = loads((GOLDEN / "v2-edges" / "results.json").read_bytes())
    [found] = [one for one in results["units"] if one["unit"] == unit]
    return found["indicators"][item]


def observed(bundle="v2-edges"):
    lines = (GOLDEN / bundle / "observations.jsonl").read_bytes().split(b"\n")[:-1]
    return {one["id"]: one for one in map(loads, lines)}


def test_the_first_scorer_counts_both_midnights_of_the_period():
    lines = observed()
    instants = {lines[name]["observed_at"] for name in edges("E", "A1")["observations"]}
    assert {"2024-11-30T16:00:00+00:00", "2025-11-30T16:00:00+00:00"} <= instants
    assert edges("H", "B3")["points"] == "7.00"


def test_the_first_scorer_lets_any_line_supersede_any_other_and_cuts_points_at_the_maximum():
    lines = observed()
    gone = {one["supersedes"]: one for one in lines.values() if one["supersedes"]}
    claims = [one for one in gone.values() if one["source"] == "self" and one["kind"] == "withdrawn"]
    assert [lines[one["supersedes"]]["source"] for one in claims] == ["monitor"]
    assert not set(gone) & {name for item in ("A1", "A2") for name in edges("Q", item)["observations"]}
    assert (
        edges("E", "B3")["points"],
        [lines[name]["value"] for name in edges("E", "B3")["observations"]],
    ) == (
        "10.00",
        ["12.5"],
    )


def test_an_appeal_stands_in_the_bundle_with_what_it_withdrew():
    lines = observed()
    appeal = [one for one in lines.values() if "FH-2025-0001" in (one["reason"] or "")]
    assert {one["kind"] for one in appeal} == {"withdrawn", "points"}
    assert edges("H", "A2")["points"] == "18.50"
    withdrawn = next(one["supersedes"] for one in appeal if one["supersedes"])
    assert withdrawn not in edges("H", "A1")["observations"]


def test_signatures_are_told_in_beijing_time_from_wording_5_on():
    from kaoping.publication.bundle.dictionary import _signed_at  # noqa: PLC0415

    assert _signed_at("2025-03-16T02:00:00+00:00", 5) == "2025年3月16日 10:00（北京时间）"
    assert _signed_at("2025-12-31T20:30:00Z", 5) == "2026年1月1日 04:30（北京时间）"
    assert _signed_at("2025-03-16T02:00:00+00:00", 4) == "2025-03-16T02:00:00+00:00"
    assert _signed_at("9999-12-31T23:59:59+00:00", 5) == "9999-12-31T23:59:59+00:00"
    assert _signed_at("三月", 5) == "三月"
