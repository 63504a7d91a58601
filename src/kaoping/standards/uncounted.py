"""Values that an item says it takes and that its scoring method never counts: surely a slip of the pen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaoping.scoring.rubric import Rubric

# A method that is not named here is not judged.
_COUNTED: Final = {
    "deduction": ("verdict", "count"),
    "ratio": ("ratio",),
    "boolean": ("verdict",),
    "levels": ("level",),
    "judged": ("level",),
    "points": ("points",),
    "satisfaction": ("tally",),
    "occurrences": ("verdict", "count", "points"),
}
# The office's 不涉及 and points count whatever the method is; what a unit says is kept beside the score.
_DECISIONS: Final = ("verdict", "points")


def uncounted(rubric: Rubric) -> Iterator[tuple[str, str, str]]:
    """Item, source and kind of value that can never count, in the order of the rubric."""
    for leaf in rubric.leaves():
        counted = _COUNTED.get(leaf.method or "")
        for source, kinds in leaf.sources.items() if counted else ():
            for kind in kinds:
                decided = source == "office" and kind in _DECISIONS
                if kind not in (*(counted or ()), "withdrawn") and not decided and source != "self":
                    yield leaf.code, source, kind
