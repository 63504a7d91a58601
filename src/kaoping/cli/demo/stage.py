"""The stage on which the demonstration plays: the folder, the people as actors, the simulated clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.queries import person_by_username
from kaoping.accounts.services import create_person
from kaoping.beijing import BEIJING
from kaoping.cli.demo.cast import ADMINISTRATORS, OFFICE, PASSWORD, Member, liaisons
from kaoping.registry.queries.acting import actor_for
from kaoping.registry.services import appoint
from kaoping.support import clock

BEGINNING: Final = date(2023, 11, 1)


@dataclass
class Stage:
    """Acts happen one after another: ``at`` sets the day, ``tick`` moves a minute on."""

    folder: Path
    now: datetime = field(default=datetime.combine(BEGINNING, time(9), tzinfo=BEIJING))
    _actors: dict[str, Actor] = field(default_factory=dict)

    def at(self, day: date, hour: int = 9) -> datetime:
        """Move on to a day (never back) and return the instant."""
        wanted = datetime.combine(day, time(hour), tzinfo=BEIJING)
        self.now = max(self.now + timedelta(seconds=1), wanted)
        clock.set_simulated(self.folder, self.now)
        return self.now

    def tick(self, seconds: int = 20) -> datetime:
        """The next act, a little later."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def settle(self) -> None:
        """The clock stands where the acts ended, so that none of them lies ahead of whoever looks."""
        clock.set_simulated(self.folder, self.tick())

    def hire(self) -> None:
        """Make everybody and give each the role of the cast."""
        self.at(BEGINNING)
        for member in _everybody():
            made = create_person(
                actor=SYSTEM,
                username=member.username,
                name=member.name,
                password=PASSWORD,
                now=self.tick(),
                must_change=False,
            )
            appoint(
                actor=SYSTEM,
                person=made,
                role=member.role,
                organisation=member.organisation or None,
                valid_from=BEGINNING,
                now=self.now,
            )

    def person(self, username: str) -> Any:
        """A member of the cast."""
        found = person_by_username(username)
        assert found is not None, username
        return found

    def actor(self, username: str) -> Actor:
        """A member of the cast as an actor."""
        if username not in self._actors:
            self._actors[username] = actor_for(self.person(username), on=self.now.date())
        return self._actors[username]


def _everybody() -> Iterable[Member]:
    yield from ADMINISTRATORS
    yield from OFFICE
    yield from liaisons()
