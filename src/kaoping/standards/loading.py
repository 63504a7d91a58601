"""Rulebooks as folders of YAML: read, check, inherit. No Django, no clock; the only I/O is reading the folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rfc8785

from kaoping.foreign.codes import rulebook_id_fault
from kaoping.foreign.failures import in_words
from kaoping.foreign.opening import Unreadable, read_bytes, read_text
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.selection import Period
from kaoping.standards.answers import answers_of, read_questionnaire
from kaoping.standards.limits import STANDARD, Limits, read_limits
from kaoping.standards.pack import MAX_PACK, unpack
from kaoping.standards.parsing import read_rubric
from kaoping.standards.reader import Reader, RulebookError
from kaoping.standards.slips import refuse_slips
from kaoping.standards.strictness import refuse_lessening
from kaoping.standards.texts import (
    ABOUT,
    EXTENDS,
    MAX_BYTES,
    MAX_FILES,
    QUESTIONNAIRE,
    RUBRIC,
    TIMETABLE,
    inherited_texts,
    rubric_data,
    text_data,
    whole_texts,
)
from kaoping.standards.timetable import Timetable, read_timetable

SHIPPED: Final = Path(__file__).parent.parent / "rulebooks"
MAX_ENTRIES, MAX_DEPTH = 5_000, 6

__all__ = [
    "MAX_BYTES",
    "Rulebook",
    "RulebookError",
    "load_rulebook",
    "parent_of",
    "rulebook_as_written",
    "rulebook_from_files",
    "shipped",
]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One set of rules. ``files`` is its whole text (its parent's beside it when it extends one)."""

    id: str
    version: str
    title: str
    issuer: str
    files: Mapping[str, str]
    digest: str
    about: Mapping[str, Any]
    rubric: Rubric
    questionnaire: Mapping[str, Any] | None
    timetable: Timetable
    limits: Limits = STANDARD

    def period(self, year: int, variant: str = "") -> Period:
        """The days a year's assessment looks at."""
        return self.timetable.period(year, variant)

    def period_of(self, year: int, variant: str = "") -> Callable[[Indicator], Period]:
        """The period of each item: K3.6 judges the report on the year before, published in the year itself."""

        def of(item: Indicator) -> Period:
            return self.timetable.period(year, variant, item.period)

        return of


def shipped() -> list[str]:
    """Ids of the rulebooks that come with the program."""
    return sorted(path.name for path in SHIPPED.iterdir() if (path / ABOUT).is_file())


def load_rulebook(ref: str | Path) -> Rulebook:
    """A rulebook by id (of those shipped), by folder or by ZIP. Raises ``RulebookError``."""
    if _is_file(ref):
        return rulebook_as_written(_from_pack(Path(ref)))
    folder = _folder(ref)
    files = _gather(folder, ())
    # Ours are looked through by a test.
    return rulebook_from_files(files) if folder.parent == SHIPPED else rulebook_as_written(files)


def rulebook_as_written(files: Mapping[str, str]) -> Rulebook:
    """A rulebook that somebody wrote today. Raises ``RulebookError``.

    It is read more strictly than what was adopted or published before, which stays as it is: no slip of the pen is passed
    over, and what extends another does not lessen it.
    """
    refuse_slips(files)
    refuse_lessening(files)
    return rulebook_from_files(files)


def _is_file(ref: str | Path) -> bool:
    try:
        return Path(ref).is_file()
    except ValueError:
        return False


def _from_pack(path: Path) -> dict[str, str]:
    """The texts in a ZIP; a parent that it does not carry is looked for beside it, then among those shipped."""
    try:
        files = unpack(read_bytes(path, most=MAX_PACK))
    except Unreadable as error:
        raise RulebookError(path.name, 0, "", str(error)) from None
    if any(name.startswith(EXTENDS) for name in files):
        return files
    return files | _parent_beside(files, path.parent, ())


def _folder(ref: str | Path) -> Path:
    folder = Path(ref)
    try:
        if folder.is_dir():
            return folder
    except ValueError:
        pass  # a zero byte: no folder has that name
    name = str(ref).rstrip("/")
    shelf = SHIPPED / name
    if not name or "/" in name or name.startswith(".") or not shelf.is_dir():
        raise RulebookError(
            ABOUT, 0, "id", f"没有规则集 {ref}；自带的有 {'、'.join(shipped())}，也可写文件夹路径"
        )
    return shelf


def _gather(folder: Path, above: tuple[Path, ...]) -> dict[str, str]:
    """The folder's texts, and those of the rulebook that it extends under ``extends/``."""
    if not (folder / ABOUT).is_file() and not _lies(folder / ABOUT):
        raise RulebookError(ABOUT, 0, "", f"缺 {ABOUT}。办法：新建，见 docs/reference/rulebook.md")
    if folder.resolve() in above:
        raise RulebookError(ABOUT, 0, "extends", "规则集互相继承，成了圈")
    files = _read(folder)
    return files | _parent_beside(files, folder.parent, (*above, folder.resolve()))


def _parent_beside(files: Mapping[str, str], shelf: Path, above: tuple[Path, ...]) -> dict[str, str]:
    """The texts of the rulebook that this one extends, under ``extends/``; none where it stands alone."""
    about, lines = text_data(files, ABOUT) if ABOUT in files else ({}, {})
    parent = about.get("extends")
    if not parent:
        return {}
    fault = rulebook_id_fault(str(parent).rstrip("/"))
    if fault is not None:
        raise Reader(lines, ABOUT).fail(("extends",), f"上级规则集的 id {fault}")
    beside = shelf / str(parent)
    try:
        base = beside if beside.is_dir() else _folder(str(parent))
    except RulebookError as error:
        raise Reader(lines, ABOUT).fail(("extends",), error.message) from None
    inherited = _gather(base, above)
    return {f"{EXTENDS}{name}": text for name, text in inherited.items()}


def _lies(path: Path) -> bool:
    """Whether anything lies there, readable or not."""
    try:
        path.lstat()
    except OSError:
        return False
    return True


def _read(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, path in sorted(_yaml_files(folder, "", 0)):
        if len(found) >= MAX_FILES:
            raise RulebookError(name, 0, "", f"规则集的文件超过 {MAX_FILES} 个。办法：核对是不是选错了文件夹")
        try:
            found[name] = read_text(path, most=MAX_BYTES)
        except Unreadable as error:
            raise RulebookError(name, 0, "", str(error)) from None
    return found


def _yaml_files(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, Path]]:
    """Whatever has the name of a YAML file, in the folder and its folders; links to folders are not followed."""
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number > MAX_ENTRIES or depth > MAX_DEPTH:
                    raise RulebookError(
                        prefix or ABOUT, 0, "", "文件夹过大或过深。办法：核对是不是选错了文件夹"
                    )
                name = f"{prefix}{entry.name}"
                if entry.name.endswith(".yaml"):
                    yield name, folder / entry.name
                elif entry.is_dir(follow_symlinks=False):
                    yield from _yaml_files(folder / entry.name, f"{name}/", depth + 1)
    except OSError as error:
        raise RulebookError(prefix or ABOUT, 0, "", f"读不出（{in_words(error)}）。办法：核对权限") from None


def rulebook_from_files(files: Mapping[str, str]) -> Rulebook:
    """A rulebook from its texts by relative path. Raises ``RulebookError``.

    One that extends another inherits its questionnaire and timetable unless it has its own.
    """
    about, lines = text_data(files, ABOUT)
    reader = Reader(lines, ABOUT)
    names = {key: reader.text(about, key, ()) for key in ("id", "version", "title", "issuer")}
    chosen = whole_texts(files)
    asked = text_data(chosen, QUESTIONNAIRE) if QUESTIONNAIRE in chosen else None
    questionnaire = read_questionnaire(*asked, QUESTIONNAIRE) if asked else None
    if inherited := inherited_texts(files):
        rulebook_from_files(inherited)
    rubric, rubric_lines = rubric_data(files)
    schedule, schedule_lines = text_data(chosen, TIMETABLE)
    return Rulebook(
        **names,
        files=dict(files),
        digest=hashlib.sha256(rfc8785.dumps(dict(files))).hexdigest(),
        about=about,
        rubric=read_rubric(
            rubric, Reader(rubric_lines, RUBRIC), names["id"], names["version"], answers_of(questionnaire)
        ),
        questionnaire=asked[0] if asked else None,
        timetable=read_timetable(schedule, Reader(schedule_lines, TIMETABLE)),
        limits=read_limits(Reader(rubric_lines, RUBRIC), rubric.get("limits")),
    )


def parent_of(rulebook: Rulebook) -> Rulebook | None:
    """The rulebook that this one extends, from the texts that it carries; null when it stands alone."""
    inherited = inherited_texts(rulebook.files)
    return rulebook_from_files(inherited) if inherited else None
