"""Rulebooks of earlier releases that list no checks: which item a check named then, so that their years go on counting.

A check named the item itself once, and the rulebook listed none; today the rulebook lists its checks (``Indicator.checks``).
For the versions that were shipped before, the names stand in ``rulebooks/earlier-checks.yaml``. Pure but for that file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from kaoping.foreign.opening import read_text
from kaoping.standards.loading import MAX_BYTES, SHIPPED, Rulebook
from kaoping.standards.texts import ABOUT, inherited_texts, text_data

NAMES: Final = "earlier-checks.yaml"


@dataclass(frozen=True, slots=True)
class Named:
    """What an automatic line names beside its check. ``source`` is what such a line came from then, '' where as today."""

    item: str
    source: str = ""


def named(rulebook: Rulebook, check: str) -> Named | None:
    """What a line of ``check`` names under this rulebook; null where the rulebook lists the check, or never counted it.

    A rulebook derived from one of the versions inherits the names, as far as it has their items.
    """
    if rulebook.rubric.fed_by(check) is not None:
        return None
    known = _names()
    found = (known[line][check] for line in _line_of(rulebook.files) if check in known.get(line, {}))
    codes = {leaf.code for leaf in rulebook.rubric.leaves()}
    return next((one for one in found if one.item in codes), None)


def item_for(rulebook: Rulebook, check: str) -> str:
    """The code of the item that a line of ``check`` counts for under this rulebook, '' where for none."""
    fed, then = rulebook.rubric.fed_by(check), named(rulebook, check)
    return fed.code if fed else then.item if then else ""


def _line_of(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Id and version of a rulebook, then of what it extends, and so on."""
    while files:
        about, _lines = text_data(files, ABOUT)
        yield str(about["id"]), str(about["version"])
        files = inherited_texts(files)


@cache
def _names() -> Mapping[tuple[str, str], Mapping[str, Named]]:
    data, _lines = text_data({NAMES: read_text(SHIPPED / NAMES, most=MAX_BYTES)}, NAMES)
    return {
        (rulebook, version): {check: Named(**said) for check, said in checks.items()}
        for rulebook, versions in data.items()
        for version, checks in versions.items()
    }
