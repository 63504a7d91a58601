"""What the worker does again and again, what goes beside what, and which rows are proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings

from kaoping.support import jobs, watch

RECURRING: Final[dict[str, int]] = {
    "kaoping.evaluation.jobs:collect_opinions": 60,
    "kaoping.evaluation.jobs:seal_closed_polls": 300,
    "kaoping.monitoring.jobs:schedule_runs": 3600,
    "kaoping.rectification.jobs:read_ledger": 60,
    "kaoping.accounts.jobs:note_closed_hours": 900,
    "kaoping.publication.jobs:publish_log_heads": 3600,
    "kaoping.config.schedule:prune": 3600,
}
"""The job and how often it is due (seconds)."""

_ROUTINE: Final = frozenset({"kaoping.monitoring.jobs:perform_run"})
_LOOKS: Final = _ROUTINE | {"kaoping.monitoring.jobs:retest"}

LANES: Final = (
    jobs.Lane(without=_LOOKS),
    *[jobs.Lane(only=_LOOKS, last=_ROUTINE)] * settings.KAOPING_LOOKS,
)
"""A look at a site is mostly waiting, for minutes: one request a second. Several sites are looked at at a time, and the
rest does not wait for them; a re-test that somebody asked for goes first."""

PROOFS: Final = frozenset({"kaoping.rectification.jobs:remind"})
"""Promised reminders: the row proves that the reminder ran when it was promised, and stays."""


def prune(*, now: datetime) -> str:
    """Remove what is finished and past its time; not while the clock is doubted, because it cannot be undone."""
    words = watch.refusal()
    if words:
        return words
    return f"清去 {jobs.prune(now=now, ticking=RECURRING.keys(), proofs=PROOFS)} 条办完的任务"
