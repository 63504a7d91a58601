"""An act over many things leaves a line for each, so that a search for one of them finds it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kaoping.accounts.queries import audit_entries
from kaoping.rectification.services import order
from kaoping.rectification.services.overdue import record_overdue
from tests.cast import Cast
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db


def test_every_order_of_a_large_batch_is_found_in_the_log(units: Any, cast: Cast, now: datetime) -> None:
    office = cast("office_handler")
    numbers = [drafted(now, target=f"http://u1.kaoping.test/{place}").number for place in range(24)]
    order.serve(actor=office, numbers=numbers, now=now)
    for number in numbers:
        assert audit_entries(verb="serve_cases", words=number).count() == 1
        assert audit_entries(verb="serve_cases", thing_id=number).count() == 1
    record_overdue(actor=office, on=date(2026, 2, 2), now=datetime(2026, 2, 3, 2, tzinfo=UTC))
    for number in numbers:
        assert audit_entries(verb="record_overdue", words=number).count() == 1
