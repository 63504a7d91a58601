"""What verification found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

MOST_NAMED: Final = 50


@dataclass(slots=True)
class Verdict:
    """``problems`` name files and forms, ``differences`` name values that recomputation contradicts.

    ``complete``: whether the level of publication lets an outsider recompute every point. ``full_digest`` is the digest of
    the whole bundle that the office keeps, null when this is the whole bundle. ``corrects``: the release that this one
    corrects, by name and digests, null when it is no correction.
    """

    digest: str | None = None
    level: str | None = None
    complete: bool = False
    example: bool = False
    year: int | None = None
    full_digest: str | None = None
    corrects: dict[str, str] | None = None
    provable: tuple[str, ...] = ()
    not_provable: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing wrong within what the level lets one prove."""
        return not self.problems and not self.differences

    def as_json(self) -> dict[str, Any]:
        """The shape of ``kaoping verify --json``."""
        return {
            "ok": self.ok,
            "complete": self.complete,
            "level": self.level,
            "year": self.year,
            "example": self.example,
            "digest": self.digest,
            "full_digest": self.full_digest,
            "corrects": self.corrects,
            "provable": list(self.provable),
            "not_provable": list(self.not_provable),
            "problems": self.problems,
            "differences": {
                "count": len(self.differences),
                "first": self.differences[0] if self.differences else None,
                "named": self.differences[:MOST_NAMED],
            },
        }
