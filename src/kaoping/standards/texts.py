"""The texts of a rulebook by relative path: which there are, what a parent gives, the data in each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaoping.standards.derivation import derived
from kaoping.standards.reader import Lines, Reader, RulebookError
from kaoping.standards.yaml_lines import YamlError, parse

ABOUT, RUBRIC, QUESTIONNAIRE, TIMETABLE = "about.yaml", "rubric.yaml", "questionnaire.yaml", "timetable.yaml"
EXTENDS: Final = "extends/"
MAX_BYTES: Final = 2 * 1024 * 1024
MAX_FILES: Final = 500


def inherited_texts(files: Mapping[str, str]) -> dict[str, str]:
    """The texts of the rulebook that this one extends; empty when it stands alone."""
    about, lines = text_data(files, ABOUT)
    if not about.get("extends"):
        return {}
    found = {name.removeprefix(EXTENDS): text for name, text in files.items() if name.startswith(EXTENDS)}
    if not found:
        raise Reader(lines, ABOUT).fail(("extends",), f"没有找到上级规则集 {about['extends']}")
    return found


def whole_texts(files: Mapping[str, str]) -> dict[str, str]:
    """The files that count: the own ones over the inherited ones."""
    inherited = inherited_texts(files)
    own = {name: text for name, text in files.items() if not name.startswith(EXTENDS)}
    return {**whole_texts(inherited), **own} if inherited else own


def rubric_data(files: Mapping[str, str]) -> tuple[dict[str, Any], Lines]:
    """The data of the rubric with everything inherited, and the lines that errors refer to."""
    inherited = inherited_texts(files)
    if not inherited:
        return text_data(files, RUBRIC)
    own, lines = text_data(files, RUBRIC) if RUBRIC in files else ({}, {})
    return derived(rubric_data(inherited)[0], own, Reader(lines, RUBRIC))


def text_data(files: Mapping[str, str], name: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """The data of one text, and the line of every key. Raises ``RulebookError``."""
    if name not in files:
        raise RulebookError(name, 0, "", f"缺 {name}。办法：新建，见 docs/reference/rulebook.md")
    try:
        data, lines = parse(files[name])
    except YamlError as error:
        raise RulebookError(name, error.line, "", error.message) from None
    if not isinstance(data, dict):
        raise RulebookError(name, 1, "", "应为“字段: 值”的结构")
    return data, lines


def own_texts(files: Mapping[str, str]) -> dict[str, str]:
    """The texts without those of the parent."""
    return {name: text for name, text in files.items() if not name.startswith(EXTENDS)}


def with_parent(files: Mapping[str, str], parent: Mapping[str, str]) -> dict[str, str]:
    """The own texts with the parent's whole text beside them."""
    return own_texts(files) | {f"{EXTENDS}{name}": text for name, text in parent.items()}
