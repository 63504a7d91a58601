"""The published folder: whole or not at all, never overwritten, readable without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kaoping.foreign.container import read
from kaoping.publication import shelf
from kaoping.publication.bundle.build import build_bundle, bundle_digest
from kaoping.publication.bundle.verify import verify_files
from kaoping.scoring.observations import Observation
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.units import Unit
from kaoping.standards.loading import rulebook_from_files
from tests.campaigns.rulebook import FILES

KEY = OrganisedYear("", 2025)
AT = datetime(2025, 11, 1, 2, 0, tzinfo=UTC)


def _bundle(value: str = "good") -> dict[str, bytes]:
    return build_bundle(
        rulebook=rulebook_from_files(FILES),
        units=[Unit("U1", "样例市教育局", "市教育局", "department", group="市级部门")],
        observations=[
            Observation(f"o{item}", "U1", item, None, "reviewer", AT, AT, "level", value, by="专家甲")
            for item in ("K1.1", "K1.2")
        ],
        year=2025,
        as_of=AT,
        variant="A",
        example=True,
    )


def _facts(files: dict[str, bytes], number: int = 1) -> dict[str, Any]:
    return {
        "organiser": "",
        "main": True,
        "year": 2025,
        "number": number,
        "title": "2025 年度考核",
        "level": "full",
        "example": True,
        "published_at": AT.isoformat(),
        "public_digest": bundle_digest(files),
        "full_digest": bundle_digest(files),
    }


def test_what_is_written_is_read_and_verifies(tmp_path: Path) -> None:
    files = _bundle()
    written = shelf.write_release(tmp_path, _facts(files), files)
    assert written.name == "2025-1"
    found = shelf.latest(tmp_path)
    assert found is not None
    assert shelf.bundle_files(found) == files
    assert read(found.zip_path) == files
    assert verify_files(read(found.zip_path), digest=(found.folder / shelf.DIGEST).read_text()).ok
    assert [unit.name for unit in shelf.units(found)] == ["样例市教育局"]
    assert shelf.results(found)["year"] == 2025
    assert shelf.manifest(found)["example"] is True
    assert shelf.rulebook(found).title == "样例规则集"
    index = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    assert [(one["year"], one["number"], one["withdrawn"]) for one in index["releases"]] == [(2025, 1, None)]


def test_the_same_release_twice_is_one_and_another_is_refused(tmp_path: Path) -> None:
    files = _bundle()
    shelf.write_release(tmp_path, _facts(files), files)
    shelf.write_release(tmp_path, _facts(files), files)
    assert len(shelf.releases(tmp_path)) == 1
    other = _bundle("none")
    with pytest.raises(shelf.ShelfError, match="不能覆盖"):
        shelf.write_release(tmp_path, _facts(other), other)
    with pytest.raises(shelf.ShelfError, match="不一致"):
        shelf.write_release(tmp_path, _facts(files, 2), other)


def test_a_correction_comes_first_and_a_withdrawn_release_no_longer_counts(tmp_path: Path) -> None:
    first, second = _bundle(), _bundle("none")
    shelf.write_release(tmp_path, _facts(first, 1), first)
    shelf.write_release(tmp_path, _facts(second, 2), second)
    assert [one.number for one in shelf.releases(tmp_path)] == [2, 1]
    shelf.mark_withdrawn(tmp_path, KEY, 2, reason="数据有误", at=AT.isoformat())
    latest = shelf.latest(tmp_path, KEY)
    assert latest is not None
    assert latest.number == 1
    withdrawn = shelf.read_release(tmp_path, KEY, 2)
    assert withdrawn is not None
    assert withdrawn.withdrawn == {"reason": "数据有误", "at": AT.isoformat()}
    with pytest.raises(shelf.ShelfError, match="没有"):
        shelf.mark_withdrawn(tmp_path, KEY, 3, reason="x", at="y")


def test_a_half_written_release_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = _bundle()

    def broken(*_args: object) -> None:
        raise OSError("磁盘满")

    monkeypatch.setattr(shelf, "zip_bytes", broken)
    with pytest.raises(OSError, match="磁盘满"):
        shelf.write_release(tmp_path, _facts(files), files)
    assert shelf.releases(tmp_path) == []
    assert list((tmp_path / "releases").iterdir()) == []


def test_an_empty_shelf_has_nothing(tmp_path: Path) -> None:
    assert shelf.releases(tmp_path) == []
    assert shelf.latest(tmp_path) is None
    (tmp_path / "releases" / "2025-1").mkdir(parents=True)
    assert shelf.releases(tmp_path) == []


def test_a_release_of_before_there_were_organisers_is_the_main_one_s_as_soon_as_one_says_who_that_is(
    tmp_path: Path,
) -> None:
    first, second = _bundle(), _bundle("none")
    shelf.write_release(tmp_path, _facts(first, 1), first)
    assert [one.key for one in shelf.releases(tmp_path)] == [KEY]
    shelf.write_release(tmp_path, {**_facts(second, 2), "organiser": "CZ0"}, second)
    mine = OrganisedYear("CZ0", 2025)
    assert [(one.key, one.folder.name) for one in shelf.releases(tmp_path)] == [
        (mine, "CZ0-2025-2"),
        (mine, "2025-1"),
    ]
    # Written once more, as after a crash, the old one stays the one it was.
    shelf.write_release(tmp_path, {**_facts(first, 1), "organiser": "CZ0"}, first)
    assert len(shelf.releases(tmp_path)) == 2
    other = {**_facts(second, 1), "organiser": "CZQ03", "main": False}
    shelf.write_release(tmp_path, other, second)
    assert sorted(one.folder.name for one in shelf.releases(tmp_path)) == [
        "2025-1",
        "CZ0-2025-2",
        "CZQ03-2025-1",
    ]
    shelf.mark_withdrawn(tmp_path, mine, 1, reason="有误", at=AT.isoformat())
    assert [one.folder.name for one in shelf.releases(tmp_path) if one.withdrawn] == ["2025-1"]
