"""How guessing is slowed without shutting anybody out. Pure.

Failures are counted by name and address for a quarter of an hour. Who has signed in before in this browser is never
shut out by what strangers do elsewhere: the browser has a count of its own. From an address from which the person has
signed in before – an office behind one proxy has only one – guessing is slowed later, so that a colleague's or an attacker's
failures there do not keep the right person out of a new browser.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=15)
FROM_STRANGERS: Final = 8
FROM_KNOWN_ADDRESS: Final = 100
# Failures of a known browser, and wrong codes of a second proof, after which this one waits.
IN_A_ROW: Final = 8
# Failures of one name from everywhere together, after which addresses that nobody knows wait.
OF_ONE_NAME: Final = 60
# How long a browser and an address stay known after the last sign-in.
KNOWN_FOR: Final = timedelta(days=180)


def limit(*, known_address: bool, everywhere: int) -> int:
    """Failures from one address after which it waits; 0 shuts it at once, when the name is guessed at from many places."""
    if known_address:
        return FROM_KNOWN_ADDRESS
    return 0 if everywhere >= OF_ONE_NAME else FROM_STRANGERS


def failed(failures: int, since: datetime | None, now: datetime) -> tuple[int, datetime]:
    """A count of its own after one more failure: a quarter of an hour later it begins anew."""
    if since is None or not timedelta(0) <= now - since < WINDOW:
        return 1, now
    return failures + 1, since


def waits(failures: int, since: datetime | None, now: datetime) -> bool:
    """Whether who has such a count waits: too many failed a moment ago."""
    return failures >= IN_A_ROW and since is not None and timedelta(0) <= now - since < WINDOW
