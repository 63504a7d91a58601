"""Scoring methods: one file each, found by name.

A method module holds ``score(item, observations)``, which answers with points of the item's own maximum, and
``scale(item)``, the same rule in words. A new method is one new file here and a table of cases.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import ModuleType

from kaoping.scoring.methods.outcome import Outcome
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator

Method = Callable[[Indicator, Sequence[Observation]], Outcome]


@cache
def _modules() -> Mapping[str, ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "outcome")
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}


@cache
def methods() -> Mapping[str, Method]:
    """Every method by name: the module's name is the name, its function is ``score``."""
    return {name: module.score for name, module in _modules().items()}


def scale_in_words(item: Indicator) -> str:
    """How the item's points come about, in Chinese, made from its settings; empty for a branch."""
    if item.role == "veto":
        return "查实一次即触发单项否决，不看总分"
    if item.role == "gate":
        return "不满足的不能评为最高等次，不影响总分"
    return str(_modules()[item.method].scale(item)) if item.method else ""
