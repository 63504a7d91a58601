"""Every version's golden bundle keeps verifying, whatever rulebooks and scorers come later."""

from pathlib import Path

import pytest

from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.container import read
from kaoping.publication.bundle.scorers import SCORERS
from kaoping.publication.bundle.verify import FORMATS, verify_files
from kaoping.standards import loading

GOLDEN = Path(__file__).parents[2] / "golden"
FOLDERS = sorted(path for path in GOLDEN.iterdir() if path.is_dir())


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
