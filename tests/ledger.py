"""The ledger of the organiser for whom the tests' installation was set up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kaoping.accounts.actor import Actor, Organising, Owned
from kaoping.evidence import queries
from kaoping.evidence import services as evidence
from kaoping.evidence.services import Entry
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.observations import Observation


def main() -> str:
    """Its code."""
    return main_year(2025).organiser


def whose() -> Organising:
    """Whose a thing of its is."""
    return Organising(main())


def record(entries: Iterable[Entry], *, actor: Actor, now: datetime, of: Owned | None = None) -> list[str]:
    """Lines of its years, or of another organiser's."""
    return evidence.record(entries, actor=actor, whose=of or whose(), now=now)


def ledger(**narrowed: Any) -> list[Observation]:
    """Its lines, in the order of recording."""
    return queries.ledger(organiser=main(), **narrowed)
