"""People of the tests, by role."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.services import create_person
from kaoping.registry.queries import acting
from kaoping.registry.services import appoint
from tests.conftest import PASSWORD


class Cast:
    """``cast("liaison", "U1")``: a stored person who holds the role from 2025-01-01, as an actor.

    ``count`` people were cast so far; the next one is told from them by its number.
    """

    def __init__(self, now: datetime) -> None:
        self.count = 0
        self._now = now

    def __call__(
        self, role: str, organisation: str | None = None, *, name: str = "", username: str = ""
    ) -> Actor:
        """A person who is not there yet."""
        self.count += 1
        person = create_person(
            actor=SYSTEM,
            username=username or f"{role.replace('_', '-')}-{self.count}",
            name=name or f"人员{self.count}",
            password=PASSWORD,
            now=self._now,
            must_change=False,
        )
        appoint(
            actor=SYSTEM,
            person=person,
            role=role,
            organisation=organisation,
            valid_from=date(2025, 1, 1),
            now=datetime(2025, 1, 1, 1, 30, tzinfo=UTC),
        )
        return acting.actor_for(person, on=date(2025, 1, 1))
