"""Every single change that a forger could plant in a bundle: null, ``[]``, ``{}``, missing and wrong type, everywhere.

Generated from the bundle itself: each file as a whole, each key of each JSON object (and each line of observations), each
key of each YAML mapping, each column and cell of a table. Every digest is mended afterwards.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import yaml

from kaoping.publication.bundle.canonical import dumps, loads, sha256
from kaoping.publication.bundle.manifest import MANIFEST

MISSING = object()
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Plant:
    """One change: in which file, at which place, what was planted; ``forge`` makes the forged bundle."""

    file: str
    place: Path
    what: str
    forge: Callable[[], Mapping[str, bytes]]

    @property
    def files(self) -> Mapping[str, bytes]:
        """The forged bundle, every digest in it right."""
        return self.forge()

    def __str__(self) -> str:
        return f"{self.file}:{'.'.join(map(str, self.place))}={self.what}"


def mended(files: Mapping[str, bytes], *, lines: bool = True) -> dict[str, bytes]:
    """Every digest in the bundle made right again, as a forger would; a manifest beyond mending stays.

    ``lines`` false leaves the list of digests of single lines as it is.
    """
    files = dict(files)
    if lines and "observations.jsonl" in files and "observations.sha256" in files:
        listed = []
        for line in files["observations.jsonl"].split(b"\n")[:-1]:
            try:
                name = json.loads(line)["id"]
            except (ValueError, TypeError, KeyError):
                name = ""
            listed.append(f"{sha256(line)}  {name}\n")
        files["observations.sha256"] = "".join(listed).encode()
    try:
        manifest = loads(files[MANIFEST])
        manifest["files"] = {
            name: {"sha256": sha256(content), "size": len(content)}
            for name, content in sorted(files.items())
            if name != MANIFEST
        }
        files[MANIFEST] = dumps(manifest)
    except (ValueError, TypeError, KeyError):
        pass
    return files


def plants(files: Mapping[str, bytes]) -> Iterator[Plant]:
    """All of them, for one bundle."""
    for name in sorted(files):
        yield from _whole(files, name)
        yield from _writer(name)(files, name)


def _writer(name: str) -> Callable[[Mapping[str, bytes], str], Iterator[Plant]]:
    ends = {".json": _json, ".jsonl": _lines, ".yaml": _yaml, ".csv": _table, ".sha256": _digests}
    return next((made for end, made in ends.items() if name.endswith(end)), lambda _files, _name: iter(()))


def _whole(files: Mapping[str, bytes], name: str) -> Iterator[Plant]:
    # An empty object in the place of an empty object is no forgery.
    for what in sorted({b"null", b"[]", b"{}", b"7", b""} - {files[name]}):
        yield Plant(name, (), what.decode() or "empty", partial(_sealed, files, name, what))
    yield Plant(name, (), "missing", partial(_sealed, files, name, None))


def _sealed(files: Mapping[str, bytes], name: str, content: bytes | None) -> Mapping[str, bytes]:
    """``files`` with this one changed or left out. A forger who writes the manifest writes the digests he likes."""
    left = {other: kept for other, kept in files.items() if other != name}
    forged = left if content is None else {**left, name: content}
    return forged if name == MANIFEST else mended(forged, lines=name != "observations.sha256")


def _json(files: Mapping[str, bytes], name: str) -> Iterator[Plant]:
    data = loads(files[name])

    def forge(place: Path, value: Any) -> Mapping[str, bytes]:
        return _sealed(files, name, dumps(_with(data, place, value)))

    for place, what, value in changes(data):
        yield Plant(name, place, what, partial(forge, place, value))


def _lines(files: Mapping[str, bytes], name: str) -> Iterator[Plant]:
    lines = files[name].split(b"\n")[:-1]

    def forge(number: int, place: Path, value: Any) -> Mapping[str, bytes]:
        forged = dumps(_with(loads(lines[number]), place, value))
        return _sealed(files, name, b"\n".join([*lines[:number], forged, *lines[number + 1 :]]) + b"\n")

    for number, line in enumerate(lines):
        for place, what, value in changes(loads(line)):
            yield Plant(name, (number, *place), what, partial(forge, number, place, value))


def _yaml(files: Mapping[str, bytes], name: str) -> Iterator[Plant]:
    # Read as text everywhere, so that what is not changed is written as it was.
    data = yaml.load(files[name], Loader=yaml.BaseLoader)

    def forge(place: Path, value: Any) -> Mapping[str, bytes]:
        text = yaml.dump(
            _with(data, place, value), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False
        )
        return _sealed(files, name, text.encode())

    for place, what, value in changes(data, wrong_of_text={}):
        yield Plant(name, place, what, partial(forge, place, value))


def _table(files: Mapping[str, bytes], name: str) -> Iterator[Plant]:
    rows = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"))))

    def written(forged: list[list[str]]) -> Mapping[str, bytes]:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(forged)
        return _sealed(files, name, b"\xef\xbb\xbf" + text.getvalue().encode())

    def without(column: int) -> Mapping[str, bytes]:
        return written([row[:column] + row[column + 1 :] for row in rows])

    def with_cell(number: int, column: int, what: str) -> Mapping[str, bytes]:
        forged = copy.deepcopy(rows)
        forged[number][column] = what
        return written(forged)

    for column, heading in enumerate(rows[0]):
        yield Plant(name, (heading,), "missing", partial(without, column))
        for number in range(1, len(rows)):
            for what in ("", "null", "[]", "{}", "7"):
                if rows[number][column] != what:
                    yield Plant(
                        name, (number, heading), what or "empty", partial(with_cell, number, column, what)
                    )


def _digests(files: Mapping[str, bytes], name: str) -> Iterator[Plant]:
    lines = files[name].decode().splitlines()

    def forge(number: int, what: str) -> Mapping[str, bytes]:
        left = [*lines[:number], *([what] if what else []), *lines[number + 1 :]]
        return _sealed(files, name, "".join(f"{line}\n" for line in left).encode())

    for number in range(len(lines)):
        for what in ("", "null", "[]", "{}"):
            yield Plant(name, (number,), what or "missing", partial(forge, number, what))


def changes(data: Any, *, wrong_of_text: Any = 7) -> Iterator[tuple[Path, str, Any]]:
    """Every place of the data with every plant that makes a difference there."""
    for place in places(data):
        old = _at(data, place)
        wrong = "x" if not isinstance(old, str) else wrong_of_text
        for what, new in (("null", None), ("[]", []), ("{}", {}), ("missing", MISSING), ("wrong", wrong)):
            if new is MISSING or type(new) is not type(old) or new != old:
                yield place, what, new


def places(data: Any, at: Path = ()) -> Iterator[Path]:
    """Every key of every object and every element of every list, parents first."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places(value, (*at, key))


def _at(data: Any, place: Path) -> Any:
    for key in place:
        data = data[key]
    return data


def _with(data: Any, place: Path, value: Any) -> Any:
    forged = copy.deepcopy(data)
    inside = _at(forged, place[:-1])
    if value is MISSING:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return forged
