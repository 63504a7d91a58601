"""A background job: one ledger line under a fixed id, and a note that it ran at all."""

from __future__ import annotations

import os
from datetime import datetime

from bench.kills.city import RUNS

from kaoping.accounts.actor import SYSTEM, Organising
from kaoping.beijing import day_of
from kaoping.evidence.services import Entry, record
from kaoping.registry.queries.organisers import main_code
from kaoping.support import clock, environment


def append(*, mark: str, unit: str, item: str, now: datetime) -> str:
    """Leave room for a kill before and after the effect."""
    clock.wait(0.02)
    entry = Entry(
        unit=unit, item=item, source="register", observed_at=now, kind="count", value=1, uid=f"job:{mark}"
    )
    record([entry], actor=SYSTEM, whose=Organising(main_code(on=day_of(now))), now=now)
    handle = os.open(environment.data_folder() / RUNS, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    try:
        os.write(handle, f"{mark}\n".encode())
    finally:
        os.close(handle)
    clock.wait(0.02)
    return mark
