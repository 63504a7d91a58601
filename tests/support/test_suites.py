"""A later set of algorithms comes without a new version of any format: proven with golden files and with what is written."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from kaoping.accounts.chain import AnchorError, anchors_of
from kaoping.evaluation.ballotbox.crypto import PollKeyError, unlock_share
from kaoping.publication import log_heads
from kaoping.publication.bundle.canonical import dumps, loads
from kaoping.publication.bundle.manifest import MANIFEST
from kaoping.publication.bundle.verify import verify_files
from kaoping.support import archive, suites
from tests.evaluation.ballotbox.examples import FIRST, KEY

GOLDEN = Path(__file__).parents[1] / "golden"
BUNDLES = ("v1", "v2", "v3", "v3-first-level")
GM = {"suite": "gm"}


def files_of(name: str) -> dict[str, bytes]:
    folder = GOLDEN / name
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def naming(files: dict[str, bytes], suite: object) -> dict[str, bytes]:
    return {**files, MANIFEST: dumps({**loads(files[MANIFEST]), "suite": suite})}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_golden_bundle_may_name_the_suite_it_always_had(name: str) -> None:
    files = files_of(name)
    assert "suite" not in loads(files[MANIFEST])
    assert verify_files(files).ok
    assert verify_files(naming(files, "intl")).ok


@pytest.mark.parametrize("name", BUNDLES)
@pytest.mark.parametrize(
    ("suite", "words"),
    [("gm", "国密算法套件"), ("xy", "不认识算法套件“xy”"), (None, "不认识"), (["intl"], "不认识")],
)
def test_another_suite_is_refused_in_words_and_not_taken_for_damage(
    name: str, suite: object, words: str
) -> None:
    verdict = verify_files(naming(files_of(name), suite))
    assert not verdict.ok
    assert len(verdict.problems) == 1 and words in verdict.problems[0]


def test_heads_of_the_log_name_it(tmp_path: Path) -> None:
    log_heads.add(tmp_path, [(date(2026, 1, 1), 1, "a" * 64)])
    path = tmp_path / "log" / "heads.json"
    content = json.loads(path.read_text())
    assert content["suite"] == "intl" and anchors_of(content, "x")
    assert anchors_of({name: one for name, one in content.items() if name != "suite"}, "x"), (
        "files from before"
    )
    with pytest.raises(AnchorError, match="国密"):
        anchors_of(content | GM, "x")
    path.write_text(json.dumps(content | GM))
    with pytest.raises(ValueError, match="国密"):
        log_heads.read(tmp_path)


def test_backups_name_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    path = tmp_path / "b.zip"
    archive.write(
        path, [("a", tmp_path / "a")], made_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"), facts={}
    )
    with zipfile.ZipFile(path) as opened:
        manifest = archive.read_manifest(opened)
    assert manifest["suite"] == "intl"
    other = tmp_path / "gm.zip"
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("a", "a")
        made.writestr("manifest.json", json.dumps(manifest | GM))
    with zipfile.ZipFile(other) as opened, pytest.raises(archive.ArchiveError, match="国密"):
        archive.read_manifest(opened)
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as made:
        made.writestr("a", "a")
        made.writestr("manifest.json", json.dumps({k: v for k, v in manifest.items() if k != "suite"}))
    with zipfile.ZipFile(tmp_path / "old.zip") as opened:
        assert archive.read_manifest(opened)


def test_shares_of_a_poll_s_key_name_it() -> None:
    share = json.loads(KEY.locked[0])
    assert share["suite"] == "intl"
    before = json.dumps({name: one for name, one in share.items() if name != "suite"})
    assert unlock_share(before, FIRST) == unlock_share(KEY.locked[0], FIRST)
    with pytest.raises(PollKeyError, match="国密"):
        unlock_share(json.dumps(share | GM), FIRST)


def test_only_what_is_built_is_known() -> None:
    assert list(suites.KNOWN) == ["intl"]
