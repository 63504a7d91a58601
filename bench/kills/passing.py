"""Time passes by the one door of the clock: a demonstration folder's simulated time, moved forward by whoever walks the years."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from bench.small_disk import when_there_is_room

from kaoping.support import clock


class Passing:
    """The simulated time of ``folder``. It only moves forward; between two moves it stands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def now(self) -> datetime:
        """This instant."""
        found = clock.simulated(self.folder)
        assert found is not None
        return found

    @property
    def today(self) -> date:
        """This day in Asia/Shanghai."""
        return self.now.astimezone(clock.BEIJING).date()

    def at(self, day: date, hour: int = 9) -> None:
        """Move on to an hour of a day."""
        self._move(datetime.combine(day, time(hour, 30), tzinfo=clock.BEIJING))

    def days(self, number: int) -> None:
        """Move on by some days."""
        self._move(self.now + timedelta(days=number))

    def _move(self, instant: datetime) -> None:
        when_there_is_room(lambda: clock.set_simulated(self.folder, instant))
