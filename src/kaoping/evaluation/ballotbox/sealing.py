"""The digest that fixes a closed poll: published, so that no ballot can be slipped in, taken out or
exchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from kaoping.evaluation.ballotbox.records import SealedBallot


def seal_lines(ballots: Iterable[SealedBallot]) -> list[str]:
    """One line a ballot in order of receipt: SHA-256 of the receipt code, a blank, SHA-256 of the payload."""
    return sorted(
        f"{ballot.receipt.hex()} {hashlib.sha256(ballot.payload).hexdigest()}\n" for ballot in ballots
    )


def seal_digest(ballots: Iterable[SealedBallot]) -> tuple[str, int]:
    """The SHA-256 over ``seal_lines`` and the number of ballots."""
    lines = seal_lines(ballots)
    return hashlib.sha256("".join(lines).encode()).hexdigest(), len(lines)
