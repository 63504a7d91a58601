"""From the scorer's answer to the rows of a stored sheet. Nothing here computes a point."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import rfc8785

from kaoping.arithmetic import ratio
from kaoping.scoring.applicability import exact_maxima
from kaoping.scoring.rubric import Rubric
from kaoping.scoring.sheet import WrittenUnit

OCCASIONS: Final[dict[str, str]] = {
    "provisional": "试算",
    "preview": "预览",
    "appeal": "复核后",
    "final": "签发",
    "correction": "更正",
}


def digest(results: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form (RFC 8785) of ``results.json``."""
    return hashlib.sha256(rfc8785.dumps(dict(results))).hexdigest()


def rows(
    results: Mapping[str, Any], order: Sequence[str], rubric: Rubric
) -> list[tuple[str, int, dict[str, Any], dict[str, Any]]]:
    """(unit, position, summary, detail) in register order, whatever the order of the results."""
    place = {code: number for number, code in enumerate(order)}
    made = [(one["unit"], place[one["unit"]], summary(one, rubric), one) for one in results["units"]]
    return sorted(made, key=lambda row: row[1])


def summary(unit: WrittenUnit, rubric: Rubric) -> dict[str, Any]:
    """What lists show: total, grade, rank, and for each indicator [points, status, max, exact points, exact max].

    What is rounded is for showing, what is exact for comparing: sheets from before hold no exact numbers. ``open`` counts
    leaves not scored.
    """
    indicators = unit["indicators"]
    whole = exact_maxima(rubric, indicators)
    leaves = [leaf.code for leaf in rubric.leaves() if leaf.role == "item"]
    return {
        "total": unit["total"],
        "exact": unit["exact"],
        "grade": unit["grade"],
        "rank": unit["rank"],
        "group": unit["group"],
        "vetoes": unit["vetoes"],
        "components": unit["components"],
        "items": {
            code: [
                one["points"],
                one["status"],
                one["max"],
                one["exact"],
                ratio(whole[code]) if code in whole else one["max"],
            ]
            for code, one in indicators.items()
        },
        "open": sum(
            1 for code in leaves if code in indicators and indicators[code]["status"] == "not_scored"
        ),
    }
