"""What the worker does again and again, what goes beside what, and which rows are proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings

from kaoping.accounts import services as people
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import period
from kaoping.monitoring.services import ageing as archives
from kaoping.support import clock, jobs, prunings, watch

RECURRING: Final[dict[str, int]] = {
    "kaoping.evaluation.jobs:collect_opinions": 60,
    "kaoping.evaluation.jobs:seal_closed_polls": 300,
    "kaoping.monitoring.jobs:schedule_runs": 3600,
    "kaoping.publication.jobs:publish_draws": 3600,
    "kaoping.rectification.jobs:read_ledger": 60,
    "kaoping.accounts.jobs:note_closed_hours": 900,
    "kaoping.publication.jobs:publish_log_heads": 3600,
    "kaoping.config.schedule:prune": 3600,
}
"""The job and how often it is due (seconds)."""

_ROUTINE: Final = frozenset({"kaoping.monitoring.jobs:perform_run"})
_LOOKS: Final = _ROUTINE | {
    "kaoping.monitoring.jobs:retest",
    "kaoping.campaigns.jobs:capture_link",
    "kaoping.campaigns.jobs:capture_appeal_link",
    "kaoping.rectification.jobs:capture_link",
}

LANES: Final = (
    jobs.Lane(without=_LOOKS),
    *[jobs.Lane(only=_LOOKS, last=_ROUTINE)] * settings.KAOPING_LOOKS,
)
"""A look at a site is mostly waiting, for minutes: one request a second. Several sites are looked at at a time, and the
rest does not wait for them; a re-test that somebody asked for goes first."""

PROOFS: Final = frozenset({"kaoping.rectification.jobs:remind"})
"""Promised reminders: the row proves that the reminder ran when it was promised, and stays."""


def prune(*, now: datetime) -> str:
    """Remove what is finished and past its time; not while the clock is doubted, because it cannot be undone.

    While a correction is under way only what no correction can need goes: done jobs, ended sessions, browsers long
    not used. What a year that is
    not published looks at stays until it is.
    """
    words = watch.refusal()
    if words:
        return words
    done = jobs.prune(now=now, ticking=RECURRING.keys(), proofs=PROOFS)
    prunings.note(what="办完的任务", rule="办完的任务到期清去，凭据永存", count=done, now=now)
    told = [f"清去 {done} 条办完的任务"]
    # Sessions run out by the machine's clock, which their cookies follow.
    ended = people.forget_ended_sessions(now=clock.machine_now())
    if ended:
        told.append(f"{ended} 个过期会话")
    unused = people.forget_unused_browsers(now=clock.machine_now())
    if unused:
        told.append(f"{unused} 个久未使用的浏览器")
    if corrections.any_under_way():
        return "、".join([*told, "有更正在办，其余不清"])
    signed = people.forget_old_sign_ins(now=now)
    count, freed = archives.free_old_archives(now=now, open_since=period.open_since())
    if signed:
        told.append(f"{signed} 条登录记录")
    if count:
        told.append(f"{count} 份监测存档（{freed // 1024**2:,} MB）")
    return "、".join(told)
