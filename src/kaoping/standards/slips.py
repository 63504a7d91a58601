"""Slips of the pen in a rulebook's texts that were passed over in silence once: a misspelt field, a code that only looks
like one, a tag. What is written today is refused for them; what was adopted or published before is read as it was. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaoping.balloting import questionnaire_slips
from kaoping.foreign.codes import code_fault, rulebook_id_fault
from kaoping.standards.answers import key_path
from kaoping.standards.reader import Path, Reader, RulebookError
from kaoping.standards.yaml_lines import YamlError, parse

_ABOUT: Final = frozenset({"id", "version", "extends", "title", "issuer", "legal_basis", "note"})


def refuse_slips(files: Mapping[str, str]) -> None:
    """Refuse the first slip in the texts of a rulebook, inherited ones included. Raises ``RulebookError``."""
    for name, text in files.items():
        try:
            data, lines = parse(text, strict=True)
        except YamlError as error:
            raise RulebookError(name, error.line, "", error.message) from None
        reader = Reader(lines, name)
        base = name.rpartition("extends/")[2]
        for path, message in _slips(base, data):
            raise reader.fail(path, message)


def _slips(name: str, data: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(data, Mapping):
        return
    if name == "about.yaml":
        for key in data:
            if key not in _ABOUT:
                yield (key,), f"不认识的字段；可用：{'、'.join(sorted(_ABOUT))}"
        fault = rulebook_id_fault(str(data["id"])) if isinstance(data.get("id"), str | int) else None
        if fault and data["id"] != "":
            yield ("id",), fault
    elif name == "questionnaire.yaml":
        for slip in questionnaire_slips(data):
            yield key_path(slip.field), slip.message
    elif name == "rubric.yaml":
        yield from _rubric(data, ())


def _rubric(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Codes and locks wherever they stand, also in what a derived rubric changes and adds."""
    if isinstance(value, Mapping):
        code = value.get("code")
        fault = code_fault(code) if isinstance(code, str) and code else None
        if fault:
            yield (*path, "code"), f"代码{fault}"
        if not isinstance(value.get("locked", False), bool):
            yield (*path, "locked"), "应为 true 或 false，不加引号"
        for key, child in value.items():
            yield from _rubric(child, (*path, key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _rubric(child, (*path, number))
