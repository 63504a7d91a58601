"""Scoring methods: one file and one function each, found by name. A method answers with a share of the item's points."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from kaoping.scoring.methods.outcome import Outcome
from kaoping.scoring.observations import Observation
from kaoping.scoring.rubric import Indicator

Method = Callable[[Indicator, Sequence[Observation]], Outcome]


@cache
def methods() -> Mapping[str, Method]:
    """Every method by name: the module's name is the name, its function is ``score``."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.name != "outcome"]
    return {name: importlib.import_module(f"{__name__}.{name}").score for name in names}
