"""Worked examples that an office can read: ``cases/*.yaml`` of a rulebook, run by its check and by the tests. Pure.

A case names units (code and kind), observations in the file form with short dates, and what it expects:
``expect: {unit: {total, grade, rank, vetoes, items: {code: points}, status: {code: status}}}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kaoping.foreign.days import strict_instant
from kaoping.scoring import score
from kaoping.scoring.observations import Observation, ObservationError, observation_from_json
from kaoping.scoring.units import KINDS as UNIT_KINDS
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook, RulebookError
from kaoping.standards.reader import Path, Reader
from kaoping.standards.yaml_lines import YamlError, parse

_KNOWN: Final = frozenset({"year", "as_of", "units", "observations", "expect", "note"})
_EXPECTED: Final = frozenset({"total", "grade", "rank", "vetoes", "items", "status"})


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
        data, lines = parse(text)
    except YamlError as error:
        raise RulebookError(name, error.line, "", error.message) from None
    reader = Reader(lines, name)
    try:
        return tuple(_differences(rulebook, reader.mapping(data, ()), reader))
    except RulebookError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulebookError(name, 0, "", f"算例写法不对：{error}") from None


def _differences(rulebook: Rulebook, case: Mapping[str, Any], reader: Reader) -> list[str]:
    reader.no_others(case, _KNOWN, ())
    year = _year(reader, case)
    units = [_unit(reader, row, number) for number, row in enumerate(reader.rows(case, "units", ()))]
    observations = [
        _observation(reader, row, number) for number, row in enumerate(reader.rows(case, "observations", ()))
    ]
    _refuse_empty(rulebook, reader, case, units, observations)
    results = score(
        rulebook.rubric,
        units,
        observations,
        year=year,
        period=rulebook.period(year),
        as_of=_instant(reader, case),
        period_of=rulebook.period_of(year),
    ).as_json()
    found = {unit["unit"]: unit for unit in results["units"]}
    differences: list[str] = []
    for code, value in reader.mapping(case.get("expect"), ("expect",)).items():
        at: Path = ("expect", code)
        if code not in found:
            raise reader.fail(at, f"算例的单位里没有 {code}，或者它不参评")
        expected, unit = reader.mapping(value, at), found[code]
        reader.no_others(expected, _EXPECTED, at)
        for key in ("total", "grade", "rank", "vetoes"):
            if key in expected and not _same(expected[key], unit[key]):
                differences.append(f"{code} {key} 应为 {_said(expected[key])}，算得 {_said(unit[key])}")
        for part, field in (("items", "points"), ("status", "status")):
            asked = reader.mapping(expected.get(part) or {}, (*at, part))
            for item, wanted in asked.items():
                if item not in unit["indicators"]:
                    raise reader.fail((*at, part, item), "规则集没有这项指标")
                got = unit["indicators"][item][field]
                if not _same(wanted, got):
                    differences.append(f"{code} {item} 应为 {_said(wanted)}，算得 {_said(got)}")
    return differences


def _refuse_empty(
    rulebook: Rulebook,
    reader: Reader,
    case: Mapping[str, Any],
    units: Sequence[Unit],
    observations: Sequence[Observation],
) -> None:
    """A case that asks nothing always agrees; a line of nobody, or of no item, is a slip of the pen."""
    if not units:
        raise reader.fail(("units",), "算例没有单位，什么也没有验算")
    expected = reader.mapping(case.get("expect"), ("expect",))
    if not expected:
        raise reader.fail(("expect",), "算例没有写应得的结果，什么也没有验算")
    for code, value in expected.items():
        if not reader.mapping(value, ("expect", code)):
            raise reader.fail(("expect", code), "没有写应得的结果")
    codes = [unit.code for unit in units]
    for number, code in enumerate(codes):
        if code in codes[:number]:
            raise reader.fail(("units", number, "code"), f"单位 {code} 写了两次")
    leaves = {leaf.code for leaf in rulebook.rubric.leaves()}
    for number, one in enumerate(observations):
        if one.unit not in codes:
            raise reader.fail(("observations", number, "unit"), f"算例的单位里没有 {one.unit}")
        if one.item is not None and one.item not in leaves:
            raise reader.fail(("observations", number, "item"), f"规则集没有末级指标 {one.item}")


def _same(expected: Any, found: Any) -> bool:
    """Equal, or the same number: "58" is "58.00"."""
    if expected == found:
        return True
    if isinstance(expected, bool) or isinstance(found, bool) or not isinstance(expected, str | int):
        return False
    try:
        return isinstance(found, str | int) and Decimal(expected) == Decimal(found)
    except InvalidOperation:
        return False


def _said(value: Any) -> str:
    return "未定（null）" if value is None else str(value)


def _year(reader: Reader, case: Mapping[str, Any]) -> int:
    year = case.get("year")
    if (
        isinstance(year, bool)
        or len(str(year)) != len("2025")
        or not str(year).isdecimal()
        or not 1900 <= int(str(year)) <= 9000
    ):
        raise reader.fail(("year",), "应为年份，如 2025")
    return int(str(year))


def _instant(reader: Reader, case: Mapping[str, Any]) -> datetime:
    instant = strict_instant(str(case.get("as_of")))
    if instant is None or not MINYEAR < instant.year < MAXYEAR:
        raise reader.fail(("as_of",), '应为带时区的时间，如 "2026-01-10T00:00:00+08:00"')
    return instant


def _unit(reader: Reader, row: Mapping[str, Any], number: int) -> Unit:
    at: Path = ("units", number)
    reader.no_others(row, frozenset({"code", "kind", "group"}), at)
    code = reader.text(row, "code", at)
    kind = reader.one_of(row.get("kind"), UNIT_KINDS, (*at, "kind"))
    return Unit(code, code, code, kind, group=row.get("group"))


def _observation(reader: Reader, row: Mapping[str, Any], number: int) -> Observation:
    line = {"id": f"case-{number + 1}", "recorded_at": row.get("observed_at"), **row}
    try:
        return observation_from_json(line)
    except ObservationError as error:
        message = str(error).partition("：")[2]
        raise reader.fail(("observations", number, error.field), message) from None
