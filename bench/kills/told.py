"""What the writers were told: every acknowledgement by verb, and how many forms were cut off or met nobody."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from bench.kills.browsing import Browser, GaveUp
from bench.kills.passing import Passing


class Stopped(Exception):
    """The bench is over; the act in hand was finished, no further one is begun."""


class Told:
    """``acknowledged[verb]`` maps a key to what the writer knows of it; ``acts[verb]`` counts the acknowledged forms."""

    def __init__(self, port: int, passing: Passing, loses: Callable[[], bool]) -> None:
        self.port, self.passing, self.loses = port, passing, loses
        self.stop = threading.Event()
        self.last_round = (
            threading.Event()
        )  # the kills are over; who has spoken leaves the machine to who has not
        self.acknowledged: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.acts: Counter[str] = Counter()
        # Of a form whose first answer got lost and whose second sending was refused in words: what was said. It was taken or
        # it was not; the person was told no success.
        self.turned_away: dict[str, dict[Any, str]] = defaultdict(dict)
        self.unanswered: Counter[str] = Counter()
        self.lost_answers: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.error_pages: list[str] = []
        self.troubles: list[str] = []
        self.entrance = threading.Lock()
        self.sessions: dict[str, dict[str, str]] = {}  # sign-in name to the cookies of the first browser
        self.destroyer = 0  # the process that destroys files, to be killed
        self._lock = threading.Lock()

    def work(self, name: str, write: Callable[[Told], None]) -> None:
        """Run one writer to its end; whatever goes wrong is kept for the report."""
        try:
            write(self)
        except Stopped:
            return
        except GaveUp as error:
            self.troubles.append(f"{name}: not taken for a minute: {error}")
        except Exception as error:
            self.troubles.append(f"{name}: {type(error).__name__}: {error}")

    def go_on(self) -> None:
        """Raise ``Stopped`` when no further act is to be begun."""
        if self.stop.is_set():
            raise Stopped

    def rest(self, seconds: float) -> None:
        """A pause between two acts."""
        self.stop.wait(seconds * (6 if self.last_round.is_set() else 1))
        self.go_on()

    def at_the_desk(self) -> int:
        """How many forms were acknowledged by the inside face."""
        return self.acts.total() - self.acts["cast_ballot"] - self.acts["job"]

    def keep(self, verb: str, key: Any, value: Any = None, browser: Browser | None = None) -> None:
        """Note one acknowledged form, and how many times it had to be sent again."""
        with self._lock:
            self.acknowledged[verb][key] = value
            self.acts[verb] += 1
            if browser is not None:
                self._count(verb, browser)

    def also(self, verb: str, key: Any, value: Any = None) -> None:
        """Note a further effect of a form that was kept already."""
        with self._lock:
            self.acknowledged[verb][key] = value

    def count(self, verb: str, browser: Browser) -> None:
        """Note sendings that came to nothing: the form was refused in words."""
        with self._lock:
            self._count(verb, browser)

    def _count(self, verb: str, browser: Browser) -> None:
        self.unanswered[verb] += browser.unanswered
        self.lost_answers[verb] += browser.lost
        self.refused[verb] += browser.refused
        self.error_pages += browser.error_pages
        browser.unanswered = browser.lost = browser.refused = 0
        browser.error_pages = []
