"""Observations: the only thing that a score is made of.

One observation says that somebody (``source``) looked at one thing (``item`` of a rulebook, or a ``check``) of one unit
and found a value of one of a small closed set of kinds. The file form is one JSON object a line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

SOURCES: Final = ("monitor", "retest", "visit", "draw", "ballot", "self", "reviewer", "register", "office")
KINDS: Final = ("verdict", "count", "ratio", "level", "points", "tally", "withdrawn")
VERDICTS: Final = ("met", "not_met", "undecided", "not_applicable")
FIELDS: Final = (
    "id",
    "unit",
    "item",
    "check",
    "source",
    "observed_at",
    "recorded_at",
    "kind",
    "value",
    "reason",
    "artefacts",
    "by",
    "supersedes",
)


class ObservationError(ValueError):
    """A line that is not an observation. ``field`` names the key, the message says what to write instead."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(f"{field_name}：{message}")
        self.field = field_name


@dataclass(frozen=True, slots=True)
class ArtefactRef:
    """What proves an observation: the digest of stored bytes (or null) and where they were seen (or null)."""

    sha256: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """One line of the ledger. ``value`` has the shape of its ``kind`` (see ``check_value``)."""

    id: str
    unit: str
    item: str | None
    check: str | None
    source: str
    observed_at: datetime
    recorded_at: datetime
    kind: str
    value: Any
    reason: str | None = None
    artefacts: tuple[ArtefactRef, ...] = field(default=())
    by: str | None = None
    supersedes: str | None = None


def check_value(kind: str, value: Any) -> Any:
    """Return ``value`` in its canonical shape for ``kind``; raise ``ObservationError`` with the remedy otherwise.

    verdict: one of ``VERDICTS`` · count: integer >= 0 · ratio: {"done", "of"} integers, 0 <= done <= of ·
    level: text · points: decimal as text (a number is accepted and turned into text) ·
    tally: {"question", "options": {code: integer >= 0}} · withdrawn: null.
    """
    checker = _CHECKERS.get(kind)
    if checker is None:
        raise ObservationError("kind", f"没有“{kind}”这种取值；可用：{'、'.join(KINDS)}")
    return checker(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _verdict(value: Any) -> str:
    if value not in VERDICTS:
        raise ObservationError("value", f"应为 {'、'.join(VERDICTS)} 之一")
    return str(value)


def _count(value: Any) -> int:
    if not _is_count(value):
        raise ObservationError("value", "应为不小于 0 的整数")
    return int(value)


def _ratio(value: Any) -> dict[str, int]:
    if (
        not isinstance(value, dict)
        or set(value) != {"done", "of"}
        or not all(_is_count(part) for part in value.values())
        or value["done"] > value["of"]
    ):
        raise ObservationError("value", '应为 {"done": 整数, "of": 整数}，且 done 不大于 of')
    return {"done": value["done"], "of": value["of"]}


def _level(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ObservationError("value", "应为档次代码")
    return value


def _points(value: Any) -> str:
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        points = Decimal("NaN")
    # 1e999999999 is ten characters that would fill the memory once written out.
    size = points.as_tuple().exponent
    if isinstance(value, bool) or not isinstance(size, int) or points.adjusted() > 15 or size < -30:
        raise ObservationError("value", '应为小数，写成文本，如 "3.5"')
    return format(points, "f")


def _tally(value: Any) -> dict[str, Any]:
    options = value.get("options") if isinstance(value, dict) else None
    if (
        not isinstance(options, dict)
        or set(value) != {"question", "options"}
        or not isinstance(value["question"], str)
        or not all(isinstance(code, str) and _is_count(count) for code, count in options.items())
    ):
        raise ObservationError("value", '应为 {"question": 题号, "options": {选项: 份数}}')
    return {"question": value["question"], "options": dict(options)}


def _withdrawn(value: Any) -> None:
    if value is not None:
        raise ObservationError("value", "撤回没有取值，应为 null")


_CHECKERS: Final = {
    "verdict": _verdict,
    "count": _count,
    "ratio": _ratio,
    "level": _level,
    "points": _points,
    "tally": _tally,
    "withdrawn": _withdrawn,
}


def observation_from_json(line: dict[str, Any]) -> Observation:
    """Read one line; absent optional keys count as null. Raises ``ObservationError``."""
    for name in ("id", "unit", "source", "observed_at", "recorded_at", "kind"):
        if not isinstance(line.get(name), str) or not line[name]:
            raise ObservationError(name, "不能空")
    unknown = sorted(set(line) - set(FIELDS))
    if unknown:
        raise ObservationError(unknown[0], "不认识的字段，请删去")
    if not line.get("item") and not line.get("check"):
        raise ObservationError("item", "item 与 check 至少写一个")
    if line["source"] not in SOURCES:
        raise ObservationError("source", f"应为 {'、'.join(SOURCES)} 之一")
    if line["kind"] == "withdrawn" and not line.get("supersedes"):
        raise ObservationError("supersedes", "撤回必须写明撤回哪一条")
    return Observation(
        id=line["id"],
        unit=line["unit"],
        item=_text(line, "item"),
        check=_text(line, "check"),
        source=line["source"],
        observed_at=_instant(line, "observed_at"),
        recorded_at=_instant(line, "recorded_at"),
        kind=line["kind"],
        value=check_value(line["kind"], line.get("value")),
        reason=_text(line, "reason"),
        artefacts=_artefacts(line.get("artefacts")),
        by=_text(line, "by"),
        supersedes=_text(line, "supersedes"),
    )


def _artefacts(value: Any) -> tuple[ArtefactRef, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ObservationError("artefacts", '应为数组，元素形如 {"sha256": …, "url": …}')
    return tuple(ArtefactRef(_text(one, "sha256"), _text(one, "url")) for one in value)


def observation_to_json(observation: Observation) -> dict[str, Any]:
    """The file form, every key present."""
    return {
        "id": observation.id,
        "unit": observation.unit,
        "item": observation.item,
        "check": observation.check,
        "source": observation.source,
        "observed_at": observation.observed_at.isoformat(),
        "recorded_at": observation.recorded_at.isoformat(),
        "kind": observation.kind,
        "value": observation.value,
        "reason": observation.reason,
        "artefacts": [{"sha256": one.sha256, "url": one.url} for one in observation.artefacts],
        "by": observation.by,
        "supersedes": observation.supersedes,
    }


def _text(line: dict[str, Any], name: str) -> str | None:
    value = line.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ObservationError(name, "应为文本")
    return value


def _instant(line: dict[str, Any], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(line[name])
    except ValueError:
        raise ObservationError(name, "应为带时区的时间，如 2025-03-01T09:00:00+08:00") from None
    if instant.tzinfo is None:
        raise ObservationError(name, "时间缺时区，如 +08:00")
    # At the ends of the calendar no zone can be changed and no day added.
    if not MINYEAR < instant.year < MAXYEAR:
        raise ObservationError(name, f"年份 {instant.year} 不合理，请核对")
    return instant
