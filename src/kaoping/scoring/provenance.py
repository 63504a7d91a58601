"""Where a number of the rules comes from, and what that is called.

The regulations set no points, lines or shares; a city sets them in its yearly plan (考核办法 第七条（三）). Until the plan is
approved such a number is a proposal and is marked 待核 wherever it is printed; from then on it is the city's own rule,
本级审定. The name of an indicator may stand in the law while its points do not: a branch's points are a sum, so they are as
sure as the least sure number below.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from kaoping.scoring.rubric import Indicator

LAW, PUBLISHED, ADOPTED, DERIVED, PROPOSED = "law", "published", "adopted", "derived", "proposed"
# From the surest to the least sure.
CONFIDENCES: Final = (LAW, PUBLISHED, ADOPTED, DERIVED, PROPOSED)
# A rulebook's file may say these; ``adopted`` is said by the program alone, of an approved plan.
WRITTEN: Final = (LAW, PUBLISHED, DERIVED, PROPOSED)
_WORDS: Final = {
    LAW: "条文规定",
    PUBLISHED: "公开发布",
    ADOPTED: "本级审定",
    DERIVED: "推得，待核",
    PROPOSED: "建议值，待核",
}


@dataclass(frozen=True, slots=True)
class Adoption:
    """The approval of the plan that carries the numbers: by which office, on which day, its 文号 ('' until it is given)."""

    by: str
    on: date
    document_no: str = ""

    def __str__(self) -> str:
        return self.document_no or f"方案 {self.on.year}年{self.on.month}月{self.on.day}日批准"


def of_number(node: Indicator) -> str:
    """Where the node's points come from: its own word for a leaf, the least sure below for a branch."""
    return max((leaf.confidence for leaf in node.leaves()), key=CONFIDENCES.index)


def standing(confidence: str, adoption: Adoption | None) -> str:
    """``confidence`` as it stands once the plan is approved: what was open is then adopted."""
    return ADOPTED if adoption and confidence in (DERIVED, PROPOSED) else confidence


def is_open(confidence: str, adoption: Adoption | None = None) -> bool:
    """Whether the number still has no source and is marked 待核."""
    return standing(confidence, adoption) in (DERIVED, PROPOSED)


def words(confidence: str, adoption: Adoption | None = None) -> str:
    """The source in words for people, with the paper that adopted it."""
    found = standing(confidence, adoption)
    return f"{_WORDS[ADOPTED]}（{adoption}）" if found == ADOPTED and adoption else _WORDS[found]


def standing_mark(adoption: Adoption | None) -> str:
    """What stands over numbers that no text gives: open, or the city's own."""
    return f"（{_WORDS[ADOPTED]}）" if adoption else "（待核）"


def mark(confidence: str, adoption: Adoption | None = None) -> str:
    """What stands behind a printed number that nobody decided yet; nothing behind any other."""
    return "（待核）" if is_open(confidence, adoption) else ""
