"""A small made-up year for the tests of scorer and bundle: three units, a few items of every method."""

from datetime import UTC, date, datetime

from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.scoring.selection import Period
from kaoping.scoring.units import Unit

AS_OF = datetime(2026, 1, 10, tzinfo=UTC)
PERIOD = Period(date(2024, 12, 1), date(2025, 11, 30))
UNITS = [
    Unit("E", "教育局", "教育局", "department", group="市级部门"),
    Unit("H", "卫健委", "卫健委", "department", group="市级部门"),
    Unit("Q", "某区", "某区", "district_government", group="辖市、区"),
]


def observed(number, unit, item, source, kind, value, **more):
    """One observation of June 2025; ``number`` makes the id and the minute."""
    at = more.pop("at", datetime(2025, 6, 1, 1, number % 60, tzinfo=UTC))
    url = more.pop("url", None)
    return Observation(
        id=more.pop("id", f"o{number:05d}"),
        unit=unit,
        item=item,
        check=more.pop("check", None),
        source=source,
        observed_at=at,
        recorded_at=more.pop("recorded_at", at),
        kind=kind,
        value=value,
        artefacts=(ArtefactRef(None, url),) if url else (),
        **more,
    )


def complete_year(rubric, units=UNITS, level="good"):
    """Observations that leave no item of any unit unscored."""
    lines = []
    for unit in units:
        for leaf in rubric.leaves():
            if leaf.role != "item" or (leaf.applies_to and unit.kind not in leaf.applies_to):
                continue
            number = len(lines)
            if leaf.method == "judged":
                lines += [
                    observed(
                        number + k,
                        unit.code,
                        leaf.code,
                        "reviewer",
                        "level",
                        level,
                        by=f"评审{k}",
                        reason="评语",
                    )
                    for k in range(2)
                ]
            elif leaf.method == "ratio":
                lines.append(
                    observed(number, unit.code, leaf.code, "register", "ratio", {"done": 9, "of": 10})
                )
            elif leaf.method == "satisfaction":
                options = {"satisfied": 30, "basic": 10, "dissatisfied": 5, "unclear": 5}
                lines.append(
                    observed(
                        number, unit.code, leaf.code, "ballot", "tally", {"question": "q", "options": options}
                    )
                )
    return lines
