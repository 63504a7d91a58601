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
from kaoping.foreign.opening import Unreadable, read_text
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.selection import Period
from kaoping.standards.answers import answers_of, read_questionnaire
from kaoping.standards.derivation import derived
from kaoping.standards.parsing import read_rubric
from kaoping.standards.reader import Lines, Reader, RulebookError
from kaoping.standards.slips import refuse_slips
from kaoping.standards.timetable import Timetable, read_timetable
from kaoping.standards.yaml_lines import YamlError, parse

SHIPPED: Final = Path(__file__).parent.parent / "rulebooks"
ABOUT, RUBRIC, QUESTIONNAIRE, TIMETABLE = "about.yaml", "rubric.yaml", "questionnaire.yaml", "timetable.yaml"
EXTENDS: Final = "extends/"
MAX_BYTES: Final = 2 * 1024 * 1024
MAX_FILES, MAX_ENTRIES, MAX_DEPTH = 500, 5_000, 6

__all__ = ["Rulebook", "RulebookError", "load_rulebook", "parent_of", "rulebook_from_files", "shipped"]


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
    """A rulebook by id (of those shipped) or by folder. Raises ``RulebookError``.

    What somebody writes today is read more strictly than what was adopted or published before, which stays as it is.
    """
    folder = _folder(ref)
    files = _gather(folder, ())
    if folder.parent != SHIPPED:  # ours are looked through by a test
        refuse_slips(files)
    return rulebook_from_files(files)


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
    about, lines = _data(files, ABOUT) if ABOUT in files else ({}, {})
    parent = about.get("extends")
    if parent:
        fault = rulebook_id_fault(str(parent).rstrip("/"))
        if fault is not None:
            raise Reader(lines, ABOUT).fail(("extends",), f"上级规则集的 id {fault}")
        beside = folder.parent / str(parent)
        try:
            base = beside if beside.is_dir() else _folder(str(parent))
        except RulebookError as error:
            raise Reader(lines, ABOUT).fail(("extends",), error.message) from None
        inherited = _gather(base, (*above, folder.resolve()))
        files |= {f"{EXTENDS}{name}": text for name, text in inherited.items()}
    return files


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
    about, lines = _data(files, ABOUT)
    reader = Reader(lines, ABOUT)
    names = {key: reader.text(about, key, ()) for key in ("id", "version", "title", "issuer")}
    chosen = _whole(files)
    asked = _data(chosen, QUESTIONNAIRE) if QUESTIONNAIRE in chosen else None
    questionnaire = read_questionnaire(*asked, QUESTIONNAIRE) if asked else None
    rubric, rubric_lines = _rubric(files)
    schedule, schedule_lines = _data(chosen, TIMETABLE)
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
    )


def parent_of(rulebook: Rulebook) -> Rulebook | None:
    """The rulebook that this one extends, from the texts that it carries; null when it stands alone."""
    inherited = _inherited(rulebook.files)
    return rulebook_from_files(inherited) if inherited else None


def _inherited(files: Mapping[str, str]) -> dict[str, str]:
    about, lines = _data(files, ABOUT)
    if not about.get("extends"):
        return {}
    found = {name.removeprefix(EXTENDS): text for name, text in files.items() if name.startswith(EXTENDS)}
    if not found:
        raise Reader(lines, ABOUT).fail(("extends",), f"没有找到上级规则集 {about['extends']}")
    return found


def _whole(files: Mapping[str, str]) -> dict[str, str]:
    """The files that count: the own ones over the inherited ones."""
    inherited = _inherited(files)
    own = {name: text for name, text in files.items() if not name.startswith(EXTENDS)}
    return {**_whole(inherited), **own} if inherited else own


def _rubric(files: Mapping[str, str]) -> tuple[dict[str, Any], Lines]:
    """The data of the rubric with everything inherited, and the lines that errors refer to."""
    inherited = _inherited(files)
    if not inherited:
        return _data(files, RUBRIC)
    rulebook_from_files(inherited)
    own, lines = _data(files, RUBRIC) if RUBRIC in files else ({}, {})
    return derived(_rubric(inherited)[0], own, Reader(lines, RUBRIC))


def _data(files: Mapping[str, str], name: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    if name not in files:
        raise RulebookError(name, 0, "", f"缺 {name}。办法：新建，见 docs/reference/rulebook.md")
    try:
        data, lines = parse(files[name])
    except YamlError as error:
        raise RulebookError(name, error.line, "", error.message) from None
    if not isinstance(data, dict):
        raise RulebookError(name, 1, "", "应为“字段: 值”的结构")
    return data, lines
