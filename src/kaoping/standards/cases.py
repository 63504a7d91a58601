"""Worked examples that an office can read: ``cases/*.yaml`` of a rulebook, run by its check and by the tests. Pure.

A case names units (code and kind), observations in the file form with short dates, and what it expects:
``expect: {unit: {total, grade, rank, vetoes, items: {code: points}, status: {code: status}}}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kaoping.scoring import score
from kaoping.scoring.observations import Observation, ObservationError, observation_from_json
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook, RulebookError
from kaoping.standards.yaml_lines import YamlError, parse


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """One case and where it differs from what it expects."""

    name: str
    differences: tuple[str, ...]


def run_cases(rulebook: Rulebook) -> list[CaseOutcome]:
    """Every case of the rulebook, in order of file name."""
    return [
        CaseOutcome(name, _run(rulebook, name, text))
        for name, text in sorted(rulebook.files.items())
        if name.startswith("cases/")
    ]


def _run(rulebook: Rulebook, name: str, text: str) -> tuple[str, ...]:
    """Raises ``RulebookError`` for a case that cannot be read."""
    try:
        return tuple(_differences(rulebook, parse(text)[0]))
    except YamlError as error:
        raise RulebookError(name, error.line, "", error.message) from None
    except KeyError as error:
        raise RulebookError(name, 0, str(error.args[0]), "算例缺这一项，或写了没有的代码") from None
    except ObservationError as error:
        raise RulebookError(name, 0, error.field, str(error)) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise RulebookError(name, 0, "", f"算例写法不对：{error}") from None


def _differences(rulebook: Rulebook, case: Mapping[str, Any]) -> list[str]:
    year = int(case["year"])
    results = score(
        rulebook.rubric,
        [
            Unit(row["code"], row["code"], row["code"], row["kind"], group=row.get("group"))
            for row in case["units"]
        ],
        [_observation(row, number) for number, row in enumerate(case["observations"], start=1)],
        year=year,
        period=rulebook.period(year),
        as_of=datetime.fromisoformat(str(case["as_of"])),
        period_of=rulebook.period_of(year),
    ).as_json()
    found = {unit["unit"]: unit for unit in results["units"]}
    differences = []
    for code, expected in case["expect"].items():
        unit = found[code]
        for key in ("total", "grade", "rank", "vetoes"):
            if key in expected and expected[key] != unit[key]:
                differences.append(f"{code} {key} 应为 {expected[key]}，算得 {unit[key]}")
        for item, points in (expected.get("items") or {}).items():
            if unit["indicators"][item]["points"] != points:
                differences.append(f"{code} {item} 应为 {points}，算得 {unit['indicators'][item]['points']}")
        for item, status in (expected.get("status") or {}).items():
            if unit["indicators"][item]["status"] != status:
                differences.append(f"{code} {item} 应为 {status}，算得 {unit['indicators'][item]['status']}")
    return differences


def _observation(row: Mapping[str, Any], number: int) -> Observation:
    line = {"id": f"case-{number}", "recorded_at": row.get("observed_at"), **row}
    return observation_from_json(line)
