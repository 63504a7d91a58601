"""What the worker promises to do again and again: the job and how often it is due (seconds)."""

from __future__ import annotations

from typing import Final

RECURRING: Final[dict[str, int]] = {
    "kaoping.evaluation.jobs:collect_opinions": 60,
    "kaoping.evaluation.jobs:seal_closed_polls": 300,
    "kaoping.monitoring.jobs:schedule_runs": 3600,
    "kaoping.rectification.jobs:read_ledger": 60,
}
