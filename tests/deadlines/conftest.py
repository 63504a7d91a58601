"""December 2026 with two units, an order served, and an opinion that arrived."""

from datetime import datetime

import pytest

from kaoping.beijing import BEIJING
from kaoping.rectification.services import order
from kaoping.support import clock
from tests.rectification.making import drafted


@pytest.fixture
def december(now, monkeypatch):
    """Monday 14 December 2026, 9:00; the clock's door says the same."""
    at = datetime(2026, 12, 14, 9, 0, tzinfo=BEIJING)
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


@pytest.fixture
def office(cast):
    return cast("office_handler", name="陈静")


@pytest.fixture
def served(units, december, office):
    """An order of fifteen working days: until 5 January 2027, counted provisionally."""
    [case] = order.serve(actor=office, numbers=[drafted(december).number], now=december)
    return case
