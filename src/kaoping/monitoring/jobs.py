"""Background entry points of monitoring."""

from __future__ import annotations

from datetime import datetime

from kaoping.monitoring.services import retest as retest_verbs
from kaoping.monitoring.services import runs as run_verbs


def schedule_runs(*, now: datetime) -> str:
    """Queue the sites whose turn has come."""
    return f"排入 {run_verbs.schedule_runs(now=now)} 个网站"


def perform_run(*, run_id: int, now: datetime) -> str:
    """One queued look at one site."""
    run = run_verbs.perform_run(run_id=run_id, now=now)
    return f"{run.state}，{run.pages} 页" + (f"，{run.cause}" if run.cause else "")


def look_on_word(*, organisation_code: str, check: str, target: str, now: datetime) -> str:
    """A unit says that it mended a fault: its second look is queued at once."""
    return retest_verbs.look_on_word(organisation_code=organisation_code, check=check, target=target, now=now)


def retest(*, run_id: int, finding_id: int, now: datetime) -> str:
    """One queued second look at one fault."""
    return retest_verbs.perform_retest(run_id=run_id, finding_id=finding_id, now=now)
