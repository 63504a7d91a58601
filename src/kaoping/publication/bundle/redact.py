"""Redaction for publication: names, words and addresses become salted digests; values that move a point never change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from kaoping.scoring.observations import ArtefactRef, Observation

# Whose words may hold what concerns persons or what the unit did not release for publication.
REASON_HIDDEN: Final = ("self", "reviewer")
ADDRESS_HIDDEN: Final = ("self", "reviewer", "office", "register", "visit", "draw")
MARK: Final = "redacted:"


def digest_of(salt: bytes, text: str) -> str:
    """What stands for ``text``: equal texts stay equal inside one bundle, and nobody without the salt can guess them."""
    return MARK + hashlib.sha256(salt + b"\n" + text.encode()).hexdigest()[:32]


def redacted(
    observations: Iterable[Observation], aliases: Mapping[str, str], salt: bytes
) -> list[Observation]:
    """Observations fit for publication, in their order. ``aliases`` maps names of reviewers to aliases.

    An already redacted text stays as it is, so that redacting twice changes nothing.
    """

    def hide(text: str | None) -> str | None:
        return text if text is None or text.startswith(MARK) else digest_of(salt, text)

    def one(line: Observation) -> Observation:
        by = aliases.get(line.by or "") if line.source == "reviewer" else None
        return replace(
            line,
            by=by or hide(line.by),
            reason=hide(line.reason) if line.source in REASON_HIDDEN else line.reason,
            artefacts=tuple(
                ArtefactRef(ref.sha256, hide(ref.url) if line.source in ADDRESS_HIDDEN else ref.url)
                for ref in line.artefacts
            ),
        )

    return [one(line) for line in observations]
