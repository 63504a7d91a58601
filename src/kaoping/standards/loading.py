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
from kaoping.standards.derivation import derived
from kaoping.standards.parsing import RulebookError, read_rubric
from kaoping.standards.timetable import Timetable, read_timetable
from kaoping.standards.yaml_lines import YamlError, parse

SHIPPED: Final = Path(__file__).parent.parent / "rulebooks"
ABOUT, RUBRIC, QUESTIONNAIRE, TIMETABLE = "about.yaml", "rubric.yaml", "questionnaire.yaml", "timetable.yaml"
MAX_BYTES: Final = 2 * 1024 * 1024

__all__ = ["Rulebook", "RulebookError", "load_rulebook", "rulebook_from_files", "shipped"]


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
    folder = Path(ref)
    if not folder.is_dir():
        folder = SHIPPED / str(ref)
        if "/" in str(ref) or not folder.is_dir():
            raise RulebookError(
                ABOUT, 0, "id", f"没有规则集 {ref}；自带的有 {'、'.join(shipped())}，也可写文件夹路径"
            )
    files = _read(folder)
    parent = _data(files, ABOUT)[0].get("extends") if ABOUT in files else None
    if parent:
        base = folder.parent / str(parent)
        files |= {
            f"extends/{name}": text
            for name, text in load_rulebook(base if base.is_dir() else str(parent)).files.items()
        }
    return rulebook_from_files(files)


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
    """A rulebook from its texts by relative path. Raises ``RulebookError``."""
    for name in (ABOUT, RUBRIC, TIMETABLE):
        if name not in files:
            raise RulebookError(name, 0, "", f"缺 {name}")
    about, lines = _data(files, ABOUT)
    for key in ("id", "version", "title", "issuer"):
        if not about.get(key):
            raise RulebookError(ABOUT, lines.get((), 1), key, "不能空")
    rubric_data, rubric_lines = _data(files, RUBRIC)
    if about.get("extends"):
        inherited = {
            name.removeprefix("extends/"): text for name, text in files.items() if name.startswith("extends/")
        }
        if not inherited:
            raise RulebookError(
                ABOUT, lines.get(("extends",), 1), "extends", f"没有找到上级规则集 {about['extends']}"
            )
        rulebook_from_files(inherited)
        rubric_data = derived(_data(inherited, RUBRIC)[0], rubric_data, RUBRIC)
        rubric_lines = {}
    questionnaire = _data(files, QUESTIONNAIRE)[0] if QUESTIONNAIRE in files else None
    return Rulebook(
        id=str(about["id"]),
        version=str(about["version"]),
        title=str(about["title"]),
        issuer=str(about["issuer"]),
        files=dict(files),
        digest=hashlib.sha256(rfc8785.dumps(dict(files))).hexdigest(),
        about=about,
        rubric=read_rubric(rubric_data, rubric_lines, str(about["id"]), str(about["version"]), RUBRIC),
        questionnaire=questionnaire,
        timetable=read_timetable(*_data(files, TIMETABLE), TIMETABLE),
    )


def _data(files: Mapping[str, str], name: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    try:
        data, lines = parse(files[name])
    except YamlError as error:
        raise RulebookError(name, error.line, "", error.message) from None
    if not isinstance(data, dict):
        raise RulebookError(name, 1, "", "应为“字段: 值”的结构")
    return data, lines
