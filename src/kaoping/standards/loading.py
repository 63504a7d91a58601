"""Rulebooks as folders of YAML: read, check, inherit. No Django, no clock; the only I/O is reading the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rfc8785

from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.selection import Period
from kaoping.standards.answers import answers_of, read_questionnaire
from kaoping.standards.derivation import derived
from kaoping.standards.parsing import read_rubric
from kaoping.standards.reader import Lines, Reader, RulebookError
from kaoping.standards.timetable import Timetable, read_timetable
from kaoping.standards.yaml_lines import YamlError, parse

SHIPPED: Final = Path(__file__).parent.parent / "rulebooks"
ABOUT, RUBRIC, QUESTIONNAIRE, TIMETABLE = "about.yaml", "rubric.yaml", "questionnaire.yaml", "timetable.yaml"
EXTENDS: Final = "extends/"
MAX_BYTES: Final = 2 * 1024 * 1024

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
    """A rulebook by id (of those shipped) or by folder. Raises ``RulebookError``."""
    return rulebook_from_files(_gather(_folder(ref), ()))


def _folder(ref: str | Path) -> Path:
    folder = Path(ref)
    if folder.is_dir():
        return folder
    name = str(ref).rstrip("/")
    shelf = SHIPPED / name
    if not name or "/" in name or name.startswith(".") or not shelf.is_dir():
        raise RulebookError(
            ABOUT, 0, "id", f"没有规则集 {ref}；自带的有 {'、'.join(shipped())}，也可写文件夹路径"
        )
    return shelf


def _gather(folder: Path, above: tuple[Path, ...]) -> dict[str, str]:
    """The folder's texts, and those of the rulebook that it extends under ``extends/``."""
    if folder.resolve() in above:
        raise RulebookError(ABOUT, 0, "extends", "规则集互相继承，成了圈")
    files = _read(folder)
    about, lines = _data(files, ABOUT) if ABOUT in files else ({}, {})
    parent = about.get("extends")
    if parent:
        beside = folder.parent / str(parent)
        try:
            base = beside if beside.is_dir() else _folder(str(parent))
        except RulebookError as error:
            raise Reader(lines, ABOUT).fail(("extends",), error.message) from None
        inherited = _gather(base, (*above, folder.resolve()))
        files |= {f"{EXTENDS}{name}": text for name, text in inherited.items()}
    return files


def _read(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if path.stat().st_size > MAX_BYTES:
            raise RulebookError(name, 0, "", "文件超过 2 MB")
        try:
            found[name] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise RulebookError(name, 0, "", "不是 UTF-8 文本，请另存为 UTF-8") from None
    return found


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
