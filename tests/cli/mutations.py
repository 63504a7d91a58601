"""Sound files, changed at random from a seed, to every tool: none may end with 3, hang, or send a sign that steers.

    .venv/bin/python -m tests.cli.mutations [--seconds 60] [--seed 1]

prints what went wrong with the seed of that try, and how many were tried; ``tests/cli/test_mutations.py`` runs a few.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from kaoping.cli import main as cli
from tests.cli.hostile import Year, in_time

STEERS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# What each command reads.
READ: Final[dict[str, Sequence[str]]] = {
    "check-rulebook": ("book/about.yaml", "book/rubric.yaml", "book/timetable.yaml", "book/cases/one.yaml", "book/questionnaire.yaml"),
    "show-rulebook": ("book/about.yaml", "book/rubric.yaml", "book/questionnaire.yaml"),
    "score": ("o.jsonl", "units.csv", "book/rubric.yaml"),
    "bundle": ("o.jsonl", "units.csv", "book/rubric.yaml"),
    "tally": ("b.jsonl", "q.yaml"),
    "facts": ("page.html",),
    "verify": (),
    "check": (),
}  # fmt: skip
# Pieces that have broken readers.
PIECES: Final = (
    b"\x00", b"\x1b[31m", b"\r", b"\n", b"\xff", b"\xef\xbb\xbf", "\u2028".encode(), "\u202e".encode(), b'"', b"'", b",", b":", b"- ",
    b"[", b"]", b"{", b"}", b"&a ", b"*a ", b"!!python/name:os ", b"!", b"? ", b"<<: ", b"|", b">", b"#", b"%", b"---\n", b"...",
    b"null", b"true", b"no", b"NaN", b"-Infinity", b"1e999", b"1e-999999999", b"-1", b"0", b"0x1f", b"1_0", b"9" * 4400, b"9007199254740993",
    b"[" * 1200, b'{"a":' * 1200, b"\\ud800", b"\\u0000", b"\\U00110000", b"9999-12-31", b"0001-01-01", b"2025-02-30",
    b"9999-12-31T23:59:59-12:00", "０２".encode(), "²".encode(), b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<script>", b"charset=undefined",
    b"../x", b"/etc", b"x" * 140_000, b"1/0", b"e" * 50,
)  # fmt: skip
VALUES: Final[Sequence[Any]] = (
    None, True, False, 0, -1, 1.5, 10**30, 2**53, "", " ", "x", "9" * 5000, "\ud800", "\x1b[0m", [], [[]], {}, {"": {}}, [None], "0001-01-01",
    "9999-12-31T23:59:59-12:00", "2025-03-01", "1e999999999", "NaN", "-5", "４０", {"done": 1, "of": 0}, {"question": "q", "options": {"a": -1}},
)  # fmt: skip

SCALARS: Final = (
    "1/3",
    "100",
    "200",
    "-0",
    "0.0001",
    "year-02-29",
    "after-13-01",
    "S-02",
    "A1",
    "B",
    "U",
    "department",
)


class Wrong(Exception):
    """A tool ended as none may."""


def one_try(base: Path, seed: int) -> tuple[str, int]:
    """One command over one change; its name and exit code. Raises ``Wrong``."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "year"
        shutil.copytree(base, folder)
        year = Year.__new__(Year)
        year.folder = folder
        command = chance.choice(list(READ))
        names = READ[command] or tuple(
            path.relative_to(folder).as_posix()
            for path in sorted((folder / ("out" if command == "verify" else "crawl")).rglob("*"))
            if path.is_file()
        )
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            path = folder / chance.choice(names)
            path.write_bytes(_changed(path.read_bytes(), path.name, chance))
        words = year.command(command)
        if command == "verify":
            words[-1] = str(_maybe_zipped(folder / "out", chance))
        if command == "check" and chance.random() < 0.3:
            words.append("--reread")
        if chance.random() < 0.5 and command != "verify":
            words.append("--json")
        return command, _ran(words, f"seed {seed}: kaoping {' '.join(words)}")


def _ran(words: list[str], name: str) -> int:
    out, err = io.StringIO(), io.StringIO()
    failure = ""
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), in_time(40):
            code = cli.main(words)
    except SystemExit as left:
        code = int(left.code or 0)
    except BaseException:
        code, failure = 3, traceback.format_exc()
    said = out.getvalue() + err.getvalue()
    if failure or code not in (0, 1, 2) or "Traceback" in said:
        raise Wrong(f"{name}\nended {code}: {(failure or err.getvalue())[-1500:]}")
    if STEERS.search(said):
        raise Wrong(f"{name}\nsteers: {STEERS.findall(said)!r}")
    if code == 2 and "办法：" not in err.getvalue():
        raise Wrong(f"{name}\nno remedy: {err.getvalue()[-500:]}")
    if code != 2 and "--json" in words and words[0] != "check":
        json.loads(out.getvalue())
    return code


def _changed(content: bytes, name: str, chance: random.Random) -> bytes:
    if name.endswith((".jsonl", ".json")) and chance.random() < 0.6:
        return _other_values(content, chance)
    if name.endswith(".yaml") and chance.random() < 0.7:
        return _other_scalar(content, chance)
    if name.endswith(".csv") and chance.random() < 0.6:
        return _other_cell(content, chance)
    at, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    piece = chance.choice(PIECES)
    ways: Sequence[Callable[[], bytes]] = (
        lambda: content[:at] + piece + content[at:],
        lambda: content[:at] + piece + content[end:],
        lambda: content[:at] + content[end:],
        lambda: content[:end] + content[at:end] * chance.choice((1, 3)) + content[end:],
        lambda: content[:at],
        lambda: content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
        lambda: content.replace(*chance.choice(((b"\n", b"\r\n"), (b'"', b""), (b"  ", b"\t"), (b": ", b":"), (b"2025", b"9999")))),
        lambda: content.decode("utf-8", "replace").encode("utf-16"),
        lambda: piece,
        lambda: b"",
    )  # fmt: skip
    return chance.choice(ways)()


def _other_scalar(content: bytes, chance: random.Random) -> bytes:
    """One value of a YAML text is another, or one key."""
    text = content.decode("utf-8", "replace")
    places = list(re.finditer(r"(?<=: )[^,{}\[\]\n]+|[a-z_]+(?=: )", text))
    if not places:
        return content
    place = chance.choice(places)
    value = chance.choice([chance.choice(places)[0], json.dumps(chance.choice((*VALUES, *SCALARS)))])
    return (text[: place.start()] + value + text[place.end() :]).encode("utf-8", "replace")


def _other_cell(content: bytes, chance: random.Random) -> bytes:
    """One cell of a table is another."""
    rows = [line.split(b",") for line in content.split(b"\n")]
    row = chance.choice(rows)
    cells = (
        b"",
        b"U",
        b"A,B",
        b'"A,B"',
        b"no",
        b"9999-12-31",
        b"0001-01-01",
        b"2025-13-01",
        "甲".encode(),
        b"department",
        b"\x00",
        b"=1+1",
        b"-1",
    )
    row[chance.randrange(len(row))] = chance.choice(cells)
    return b"\n".join(b",".join(row) for row in rows)


def _other_values(content: bytes, chance: random.Random) -> bytes:
    """One line whose one value is another, still JSON."""
    lines = content.split(b"\n")
    number = chance.randrange(len(lines))
    try:
        data = json.loads(lines[number])
    except ValueError:
        return content + chance.choice(PIECES)
    places: list[tuple[Any, Any]] = []
    level = [data]
    while level:
        node = level.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        places += [(node, key) for key in keys]
        level += [node[key] for key in keys]
    if not places:
        return content
    node, key = chance.choice(places)
    if isinstance(node, dict) and chance.random() < 0.3:
        node[str(chance.choice(VALUES))[:200]] = node.pop(key)
    else:
        node[key] = chance.choice(VALUES)
    lines[number] = json.dumps(data, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _maybe_zipped(folder: Path, chance: random.Random) -> Path:
    if chance.random() < 0.5:
        return folder
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    if chance.random() < 0.5:
        target.write_bytes(_changed(target.read_bytes(), target.name, chance))
    return target


def base(folder: Path) -> Path:
    """A sound year with its bundle beside it."""
    year = Year(folder)
    year.put("book/questionnaire.yaml", (folder / "q.yaml").read_bytes())
    year.put(
        "crawl/run.json",
        json.dumps(
            {"root": "http://a.example/", "started_at": "2025-11-01T00:00:00+08:00", "complete": True}
        ),
    )
    year.put("crawl/pages-00001.warc.gz", b"")
    words = year.command("bundle")
    if _ran([*words[:-1], str(folder / "out")], "the sound year") != 0:
        raise Wrong("the sound year has no bundle")
    return folder


def run(
    folder: Path, seeds: Sequence[int] | range, *, until: float | None = None
) -> tuple[int, dict[tuple[str, int], int], list[str]]:
    """Tries made, how many ended how, and what went wrong."""
    sound = base(folder)
    ends: dict[tuple[str, int], int] = {}
    wrong: list[str] = []
    tried = 0
    for seed in seeds:
        if until is not None and time.monotonic() > until:
            break
        tried += 1
        try:
            end = one_try(sound, seed)
        except Wrong as error:
            wrong.append(str(error))
        else:
            ends[end] = ends.get(end, 0) + 1
    return tried, ends, wrong


def main() -> int:
    """1 when a tool ended as none may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        begin = args.seed * 10_000_000
        tried, ends, wrong = run(
            Path(place), range(begin, begin + 10_000_000), until=time.monotonic() + args.seconds
        )
    for text in wrong:
        print(text)
    for (command, code), count in sorted(ends.items()):
        print(f"{command} ended {code}: {count}")
    print(f"{tried} tries, {len(wrong)} wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
