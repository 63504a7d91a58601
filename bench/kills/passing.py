"""Time passes by the one door of the clock: a demonstration folder's simulated time, moved forward by whoever walks the years."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bench.small_disk import when_there_is_room

from kaoping.beijing import BEIJING
from kaoping.support import clock


class Passing:
    """The simulated time of ``folder``. It only moves forward; between two moves it stands.

    It does not move while somebody waits for the answer to a form: a form that is sent again after a hang is sent again
    within the minute, not two simulated weeks later.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._change = threading.Condition()
        self._waiting, self._moving = 0, 0

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """No time passes in this block; who wants to move the time goes first."""
        with self._change:
            self._change.wait_for(lambda: not self._moving)
            self._waiting += 1
        try:
            yield
        finally:
            with self._change:
                self._waiting -= 1
                self._change.notify_all()

    @property
    def now(self) -> datetime:
        """This instant."""
        found = clock.simulated(self.folder)
        assert found is not None
        return found

    @property
    def today(self) -> date:
        """This day in Asia/Shanghai."""
        return self.now.astimezone(BEIJING).date()

    def at(self, day: date, hour: int = 9) -> None:
        """Move on to an hour of a day."""
        self._move(datetime.combine(day, time(hour, 30), tzinfo=BEIJING))

    def days(self, number: int) -> None:
        """Move on by some days."""
        self._move(self.now + timedelta(days=number))

    def _move(self, instant: datetime) -> None:
        with self._change:
            self._moving += 1
            try:
                self._change.wait_for(lambda: not self._waiting)
                when_there_is_room(lambda: clock.set_simulated(self.folder, max(instant, self.now)))
            finally:
                self._moving -= 1
                self._change.notify_all()
