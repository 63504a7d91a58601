"""The published folder: written by the inside, read by the outside face and by nobody's database. No Django.

``releases/<organiser>-<year>-<number>/`` (of earlier releases without the organiser) holds ``release.json``, ``bundle/``, ``bundle.zip``, ``full-digest.txt`` and, once withdrawn,
``withdrawn.json``; ``index.json`` lists them. A release appears whole or not at all (a rename), and is never overwritten.
Where the two faces have no route between them, this folder is what is carried across.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kaoping.foreign.container import read, write_folder, zip_bytes
from kaoping.patterns import linear
from kaoping.publication.bundle.build import MANIFEST, bundle_digest
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.units import Unit, read_units_csv
from kaoping.standards.loading import Rulebook, rulebook_from_files
from kaoping.support.files import write_durably

RELEASES: Final = "releases"
DRAWS: Final = "draws"
INDEX: Final = "index.json"
RELEASE: Final = "release.json"
BUNDLE: Final = "bundle"
ZIP: Final = "bundle.zip"
DIGEST: Final = "full-digest.txt"
WITHDRAWN: Final = "withdrawn.json"
_NAME: Final = linear(r"(?:([0-9A-Za-z][0-9A-Za-z.\-]{0,39})-)?([0-9]{4})-([0-9]{1,3})")


class ShelfError(RuntimeError):
    """What lies on the shelf is not what was to be written; the message says what."""


@dataclass(frozen=True, slots=True)
class ShelfRelease:
    """One release on the shelf. ``facts`` is ``release.json``; ``withdrawn`` is null while it stands.

    ``organiser`` is empty where nothing on the shelf says for whom the installation was set up.
    """

    organiser: str
    year: int
    number: int
    folder: Path
    facts: Mapping[str, Any]
    withdrawn: Mapping[str, Any] | None

    @property
    def key(self) -> OrganisedYear:
        """Whose year it is."""
        return OrganisedYear(self.organiser, self.year)

    @property
    def name(self) -> str:
        """``2025-1``, as people call it."""
        return f"{self.year}-{self.number}"

    @property
    def zip_path(self) -> Path:
        """The public bundle as one file."""
        return self.folder / ZIP


def write_release(shelf: Path, facts: Mapping[str, Any], files: Mapping[str, bytes]) -> ShelfRelease:
    """Put a release on the shelf. The same release twice is one; another under the same name is refused.

    ``facts`` must name ``organiser`` ('' before there were organisers), ``main`` (whether it is the one for whom the installation was
    set up), ``year``, ``number``, ``public_digest`` and ``full_digest``. Raises ``ShelfError``.
    """
    organiser, number = str(facts["organiser"]), int(facts["number"])
    key = OrganisedYear(organiser, int(facts["year"]))
    if bundle_digest(files) != facts["public_digest"]:
        raise ShelfError("数据包的校验值与发布记录不一致")
    target = shelf / RELEASES / (f"{key}-{number}" if organiser else f"{key.year}-{number}")
    there = read_release(shelf, key, number)
    if there is None and facts["main"] is True:
        there = read_release(shelf, OrganisedYear("", key.year), number)  # from before there were organisers
    if there is not None or target.exists():
        if there is None or there.facts.get("public_digest") != facts["public_digest"]:
            raise ShelfError(f"{target.name} 已经公开过别的内容，不能覆盖")
    else:
        _write_whole(target, facts, files)
    write_index(shelf)
    found = there or read_release(shelf, key, number)
    if found is None:
        raise ShelfError(f"{target.name} 没有写成")
    return found


def _write_whole(target: Path, facts: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        temporary.mkdir()
        write_folder(files, temporary / BUNDLE)
        zip_bytes(files, temporary / ZIP)
        (temporary / DIGEST).write_text(f"{facts['full_digest']}\n", encoding="ascii")
        _write_json(temporary / RELEASE, facts)
        _sync(temporary)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def mark_withdrawn(shelf: Path, key: OrganisedYear, number: int, *, reason: str, at: str) -> None:
    """Say on the shelf that a release is withdrawn: the outside face shows when and why in its place; the files stay."""
    found = read_release(shelf, key, number) or read_release(shelf, OrganisedYear("", key.year), number)
    if found is None:
        raise ShelfError(f"没有 {key}-{number} 这次发布")
    _write_json(found.folder / WITHDRAWN, {"reason": reason, "at": at})
    write_index(shelf)


def write_index(shelf: Path) -> None:
    """Rewrite ``index.json`` from what lies there."""
    lines = [
        {
            "organiser": one.organiser,
            "year": one.year,
            "number": one.number,
            "title": one.facts.get("title"),
            "level": one.facts.get("level"),
            "example": one.facts.get("example") is True,
            "published_at": one.facts.get("published_at"),
            "public_digest": one.facts.get("public_digest"),
            "full_digest": one.facts.get("full_digest"),
            "withdrawn": dict(one.withdrawn) if one.withdrawn else None,
        }
        for one in releases(shelf)
    ]
    shelf.mkdir(parents=True, exist_ok=True)
    _write_json(shelf / INDEX, {"releases": lines})


def releases(shelf: Path) -> list[ShelfRelease]:
    """Every release, newest year first, newest correction first; half-written folders do not count.

    Those that name no organiser are of the one for whom the installation was set up, as soon as a later one names it.
    """
    found = []
    folder = shelf / RELEASES
    if not folder.is_dir():
        return []
    for path in folder.iterdir():
        name = _NAME.fullmatch(path.name)
        facts = _read_json(path / RELEASE) if name else None
        if name and facts is not None:
            gone = _read_json(path / WITHDRAWN)
            found.append(ShelfRelease(name[1] or "", int(name[2]), int(name[3]), path, facts, gone))
    main = main_organiser(found)
    found = [one if one.organiser else replace(one, organiser=main) for one in found]
    return sorted(found, key=lambda one: (one.year, one.number, one.organiser), reverse=True)


def main_organiser(found: Sequence[ShelfRelease]) -> str:
    """For whom the installation was set up, '' where no release says it."""
    return next((one.organiser for one in found if one.facts.get("main") is True), "")


def read_release(shelf: Path, key: OrganisedYear, number: int) -> ShelfRelease | None:
    """One release, withdrawn or not."""
    return next((one for one in releases(shelf) if (one.key, one.number) == (key, number)), None)


def latest(shelf: Path, key: OrganisedYear | None = None) -> ShelfRelease | None:
    """The newest release that stands, of an organiser's year when given."""
    standing = (one for one in releases(shelf) if one.withdrawn is None)
    return next((one for one in standing if key is None or one.key == key), None)


def write_draw(shelf: Path, facts: Mapping[str, Any]) -> None:
    """Put a draw on the shelf: its commitment, and after the draw the protocol beside it.

    What was published of a draw before does not change: raises ``ShelfError`` for another commitment, source or result.
    """
    path = shelf / DRAWS / f"{int(facts['draw'])}.json"
    there = _read_json(path)
    if there is not None:
        facts = {**facts, "names": there.get("names")}  # as they were called when it was published
        kept = {name: value for name, value in there.items() if value is not None}
        if any(facts.get(name) != value for name, value in kept.items()):
            raise ShelfError(f"第 {facts['draw']} 次抽取已经公布过别的内容，不能覆盖")
        if there == facts:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_json(path, facts)


def draws(shelf: Path) -> list[dict[str, Any]]:
    """Every published draw, newest first."""
    folder = shelf / DRAWS
    names = sorted(
        (int(path.stem) for path in folder.glob("*.json") if path.stem.isascii() and path.stem.isdigit()),
        reverse=True,
    )
    found = (_read_json(folder / f"{name}.json") for name in names)
    return [one for one in found if one is not None]


def bundle_files(release: ShelfRelease) -> dict[str, bytes]:
    """The public bundle's files by name."""
    return read(release.folder / BUNDLE)


def results(release: ShelfRelease) -> dict[str, Any]:
    """``results.json`` of the public bundle; at lower levels what is not published is null or empty."""
    found = _read_json(release.folder / BUNDLE / "results.json")
    if found is None:
        raise ShelfError(f"{release.name} 的 results.json 读不出")
    return dict(found)


def manifest(release: ShelfRelease) -> dict[str, Any]:
    """``manifest.json`` of the public bundle."""
    found = _read_json(release.folder / BUNDLE / MANIFEST)
    if found is None:
        raise ShelfError(f"{release.name} 的 {MANIFEST} 读不出")
    return dict(found)


def units(release: ShelfRelease) -> list[Unit]:
    """The units of the public bundle, in register order."""
    return read_units_csv((release.folder / BUNDLE / "units.csv").read_text(encoding="utf-8-sig"))[0]


def rulebook(release: ShelfRelease) -> Rulebook:
    """The rulebook that the release carries, whatever rulebooks say today."""
    prefix = "rulebook/"
    return rulebook_from_files(
        {
            name.removeprefix(prefix): content.decode("utf-8")
            for name, content in bundle_files(release).items()
            if name.startswith(prefix)
        }
    )


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    write_durably(path, json.dumps(value, ensure_ascii=False, indent=1).encode())


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _sync(folder: Path) -> None:
    """Every byte on the disk before the rename makes them visible."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
