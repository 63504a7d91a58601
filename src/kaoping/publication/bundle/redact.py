"""Redaction for publication: names, words and addresses become salted digests; values that move a point never change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.scoring.targets import of_address

# Whose words may hold what concerns persons or what the unit did not release for publication.
REASON_HIDDEN: Final = ("self", "reviewer")
ADDRESS_HIDDEN: Final = ("self", "reviewer", "office", "register", "visit", "draw")
MARK: Final = "redacted:"
# What may be withheld from a single observation beyond the rule of its source.
REASON, ADDRESS, BYTES = "reason", "address", "bytes"
WITHHELD: Final = (REASON, ADDRESS, BYTES)


def digest_of(salt: bytes, text: str) -> str:
    """What stands for ``text``: equal texts stay equal inside one bundle, and nobody without the salt can guess them."""
    return MARK + hashlib.sha256(salt + b"\n" + text.encode()).hexdigest()[:32]


def redacted(
    observations: Iterable[Observation],
    aliases: Mapping[str, str],
    salt: bytes,
    withheld: Mapping[str, Collection[str]] | None = None,
) -> list[Observation]:
    """Observations fit for publication, in their order.

    ``aliases`` maps names of reviewers to aliases; a reviewer whom it lacks becomes 评审 and a number that follows no order
    of names. ``withheld`` hides more of single observations (by id): reason, address, bytes (the artefact's own digest,
    which would let a short leaked text be guessed). An already redacted text stays as it is. One target is shown or hidden
    alike on all lines, and an address that names a fault as its target does: hiding it on one line only would make two
    faults of one.
    Raises ``ValueError`` for two reviewers under one alias and for an unknown part.
    """
    lines = list(observations)
    known = _aliases(lines, aliases, salt)
    more = withheld or {}
    unknown = sorted({part for parts in more.values() for part in parts} - set(WITHHELD))
    if unknown:
        raise ValueError(f"不能遮蔽 {unknown[0]}；可用：{'、'.join(WITHHELD)}")

    shown = _shown_addresses(lines, more)

    def hide(text: str | None) -> str | None:
        return text if text is None or text.startswith(MARK) else digest_of(salt, text)

    def placed(text: str | None) -> str | None:
        return text if text is None or of_address(text) in shown else hide(of_address(text))

    def one(line: Observation) -> Observation:
        parts = more.get(line.id, ())
        no_reason = line.source in REASON_HIDDEN or REASON in parts
        by = known.get(line.by or "") if line.source == "reviewer" else None
        return replace(
            line,
            by=by or hide(line.by),
            reason=hide(line.reason) if no_reason else line.reason,
            artefacts=tuple(
                ArtefactRef(
                    hide(ref.sha256) if BYTES in parts else ref.sha256,
                    placed(ref.url),
                )
                for ref in line.artefacts
            ),
            target=placed(line.target),
        )

    return [one(line) for line in lines]


def _shown_addresses(lines: Iterable[Observation], more: Mapping[str, Collection[str]]) -> set[str]:
    """Targets and addresses, as targets, that a source of public pages names on some line and that are withheld on none."""
    public: set[str] = set()
    secret: set[str] = set()
    for line in lines:
        named = [ref.url for ref in line.artefacts] + [line.target]
        addresses = {of_address(one) for one in named if one}
        if ADDRESS in more.get(line.id, ()):
            secret |= addresses
        elif line.source not in ADDRESS_HIDDEN:
            public |= addresses
    return public - secret


def _aliases(lines: Iterable[Observation], given: Mapping[str, str], salt: bytes) -> dict[str, str]:
    names = {line.by for line in lines if line.source == "reviewer" and line.by}
    known = {name: given[name] for name in names if name in given}
    if len(set(known.values())) < len(known):
        raise ValueError("两名评审人员用了同一个化名")
    taken, number = set(known.values()), 0
    for name in sorted(names - set(known), key=lambda name: digest_of(salt, name)):
        if name.startswith(MARK):
            continue
        number += 1
        while f"评审 {number}" in taken:
            number += 1
        known[name] = f"评审 {number}"
    return known
