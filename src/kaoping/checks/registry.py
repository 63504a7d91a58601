"""Finds every rule under ``rules``: a new file is a new check, nothing else is edited."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from kaoping.checks import rules
from kaoping.checks.model import Check, Level


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check in the order of ids. A file without exactly one check, or an id used twice, is refused."""
    found: dict[str, Check] = {}
    for module_info in pkgutil.iter_modules(rules.__path__):
        module = importlib.import_module(f"{rules.__name__}.{module_info.name}")
        checks = [value for value in vars(module).values() if isinstance(value, Check)]
        if len(checks) != 1:
            raise ValueError(f"{module_info.name}: a rule file holds exactly one check, found {len(checks)}")
        if checks[0].id in found:
            raise ValueError(f"two checks are named {checks[0].id}")
        found[checks[0].id] = checks[0]
    return tuple(found[id] for id in sorted(found))


def check_by_id(id: str) -> Check:
    """The check with this id; ``KeyError`` when there is none."""
    for check in all_checks():
        if check.id == id:
            return check
    raise KeyError(id)


def page_checks() -> tuple[Check, ...]:
    """Checks that see one page."""
    return _of(Level.PAGE)


def site_checks() -> tuple[Check, ...]:
    """Checks that see a site's columns."""
    return _of(Level.SITE)


def report_checks() -> tuple[Check, ...]:
    """Checks that see an annual report."""
    return _of(Level.REPORT)


def _of(level: Level) -> tuple[Check, ...]:
    return tuple(check for check in all_checks() if check.level is level)
