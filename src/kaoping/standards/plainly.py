"""What the limited child says of a rulebook that somebody handed in: plain words and plain texts. No Django."""

from __future__ import annotations

from collections.abc import Mapping

from kaoping.foreign.visible import visible
from kaoping.standards.loading import rulebook_as_written
from kaoping.standards.pack import unpack
from kaoping.standards.reader import RulebookError


def refusal_of_pack(content: bytes) -> tuple[str, dict[str, str]]:
    """What is wrong with the ZIP, '' where nothing is, and its texts."""
    try:
        return "", unpack(content)
    except RulebookError as error:
        return visible(str(error)), {}


def refusal_of_texts(files: Mapping[str, str]) -> str:
    """What is wrong with the texts, '' where nothing is."""
    try:
        rulebook_as_written(files)
    except RulebookError as error:
        return visible(str(error))
    return ""
