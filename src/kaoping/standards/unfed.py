"""Which of the program's checks count for nothing in a year, because its rulebook takes them nowhere. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kaoping.checks import all_checks
from kaoping.scoring.observations import FEEDS
from kaoping.standards.earlier import item_for
from kaoping.standards.loading import Rulebook

# The feed (``observations.FEEDS``) that says which units have orders that are overdue.
OVERDUE: Final = "cases_overdue"
REMEDY: Final = "方案签批以前，改选列明这些检查项的规则集；已经签批的，查到的只用来督促整改"


def unfed(rulebook: Rulebook, *, signed: bool) -> tuple[str, ...]:
    """Checks, and the feed of overdue orders, that no item takes, in order; empty when all count.

    While no plan with the rulebook is ``signed``, what checks named of old (``earlier``) is not recorded yet.
    """
    listed = rulebook.rubric.checks()
    known = [*sorted(check.id for check in all_checks()), OVERDUE]
    return tuple(one for one in known if one not in listed and not (signed and item_for(rulebook, one)))


def words(found: Sequence[str]) -> str:
    """What is told of them, one sentence without its stop; '' when there are none."""
    if not found:
        return ""
    checks = "、".join(one for one in found if one != OVERDUE)
    parts = [f"检查项 {checks} 没有一项指标收，查到的不计分"] if checks else []
    parts += [f"“{FEEDS[OVERDUE][0]}”没有一项指标收，登记的不计分"] if OVERDUE in found else []
    return "；".join(parts)
