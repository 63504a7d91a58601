"""Counting ballots: the only path from ballots to published figures.

Order matters only among ballots that bear one id: the first of them counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from kaoping.arithmetic import half_up, ratio
from kaoping.balloting.ballots import Ballot, read_answers
from kaoping.balloting.grading import METHOD, Satisfaction, grade, rule_text, satisfaction
from kaoping.balloting.questionnaire import TICKS, Question, Questionnaire

GOVERNMENT_STRATUM: Final = "government"
DEFAULT_PLACES: Final = 2
NAMED_FAULTS: Final = 20


@dataclass(slots=True)
class Count:
    """What the ballots of one unit (or one stratum of it) say. ``n`` counts ballots that are not blank."""

    n: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    options: dict[str, Counter[str]] = field(default_factory=dict)
    classes: Counter[str] = field(default_factory=Counter)
    judged: int = 0

    def ticks(self, question: str) -> int:
        """How many marks were made on the options of ``question``."""
        return self.options.get(question, Counter()).total()


@dataclass(frozen=True, slots=True)
class UnitTally:
    """One unit: all its ballots and, beside them, each stratum by name."""

    unit: str
    count: Count
    strata: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Tally:
    """The result for every unit that has at least one ballot that is not blank, in order of unit code."""

    questionnaire: Questionnaire
    places: int
    units: tuple[UnitTally, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The object that ``kaoping tally`` prints (``docs/reference/ballots.md``)."""
        return {
            "questionnaire": self.questionnaire.id,
            "version": self.questionnaire.version,
            "units": [self._unit(unit) for unit in self.units],
            "warnings": list(self.warnings),
        }

    def satisfaction(self, count: Count) -> Satisfaction:
        """Score and interval of one unit or stratum."""
        rule = self.questionnaire.satisfaction
        if rule is None:
            return Satisfaction(0, None, None)
        return satisfaction(rule, count.classes, count.judged)

    def _unit(self, unit: UnitTally) -> dict[str, Any]:
        strata = {name: self._figures(count) for name, count in sorted(unit.strata.items())}
        return {"unit": unit.unit, **self._figures(unit.count), "strata": strata}

    def _figures(self, count: Count) -> dict[str, Any]:
        found = self.satisfaction(count)
        rule = self.questionnaire.satisfaction
        name, reason = grade(rule, self.questionnaire.min_n, found, self.places)
        return {
            "n": count.n,
            "questions": {
                question.id: self._question(question, count) for question in self.questionnaire.questions
            },
            "satisfaction": {
                "value": half_up(found.value, self.places) if found.value is not None else None,
                "rule": rule_text(rule) if rule else None,
                "interval": [half_up(end, self.places) for end in found.interval] if found.interval else None,
                "method": METHOD if found.interval else None,
            },
            "grade": name,
            "grade_reason": reason,
        }

    def _question(self, question: Question, count: Count) -> dict[str, Any]:
        n = count.answered[question.id]
        base = count.ticks(question.id) if question.base_rule == TICKS else n
        marks = count.options.get(question.id, Counter())
        return {
            "n": n,
            "base": base,
            "base_rule": question.base_rule,
            "options": {option.code: self._option(marks[option.code], base) for option in question.options},
        }

    def _option(self, count: int, base: int) -> dict[str, Any]:
        if not base:
            return {"count": count, "share": None, "percent": None}
        share = Fraction(count, base)
        return {"count": count, "share": ratio(share), "percent": half_up(share * 100, self.places)}


def tally(questionnaire: Questionnaire, ballots: Iterable[Ballot], places: int = DEFAULT_PLACES) -> Tally:
    """Count ``ballots``. A second ballot with the same id does not count; what does not count is in
    ``warnings``.

    ``places`` is the number of places of percentages and scores (nought or more); shares stay exact.
    """
    if places < 0:
        raise ValueError("places 应为不小于 0 的整数")
    seen: dict[str, Ballot] = {}
    repeated: Counter[str] = Counter()
    faults: list[str] = []
    blank: Counter[str] = Counter()
    received: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    units: dict[str, Count] = {}
    strata: dict[str, dict[str, Count]] = {}
    for ballot in ballots:
        if ballot.id in seen:
            repeated["同号且内容相同" if seen[ballot.id] == ballot else "同号而内容不同"] += 1
            continue
        seen[ballot.id] = ballot
        read = read_answers(questionnaire, ballot)
        received[ballot.unit] += 1
        given.update(code for code, answer in ballot.answers.items() if answer not in (None, "", []))
        counted.update(list(read.choices))
        faults.extend(f"问卷 {ballot.id}：{fault}，不计" for fault in read.faults)
        if not read.choices:
            blank[ballot.unit] += 1
            continue
        _add(questionnaire, units.setdefault(ballot.unit, Count()), read.choices)
        if ballot.stratum is not None:
            named = strata.setdefault(ballot.unit, {})
            _add(questionnaire, named.setdefault(ballot.stratum, Count()), read.choices)
    done = tuple(UnitTally(unit, units[unit], strata.get(unit, {})) for unit in sorted(units))
    warnings = [
        *questionnaire.notes,
        *([] if seen else ["一份问卷也没有，没有可计的；请核对是不是选错了文件"]),
        *(f"{what} {count} 份，只计先到的一份" for what, count in sorted(repeated.items())),
        *_lost(questionnaire, received, units, given, counted),
        *_shortened(faults),
        *(f"单位 {unit}：空白问卷 {count} 份，不计" for unit, count in sorted(blank.items())),
        *(warning for unit in done for warning in _unit_warnings(questionnaire, unit)),
    ]
    return Tally(questionnaire, places, done, tuple(warnings))


def _add(questionnaire: Questionnaire, count: Count, choices: Mapping[str, tuple[str, ...]]) -> None:
    count.n += 1
    rule = questionnaire.satisfaction
    judged = False
    for code, chosen in choices.items():
        count.answered[code] += 1
        count.options.setdefault(code, Counter()).update(chosen)
        question = questionnaire.question(code)
        if rule is None or question is None or code not in rule.questions:
            continue
        for option in question.options:
            if option.code in chosen and option.counts_as is not None:
                count.classes[option.counts_as] += 1
                judged = True
    count.judged += judged


def _unit_warnings(questionnaire: Questionnaire, unit: UnitTally) -> list[str]:
    found: list[str] = []
    rule = questionnaire.satisfaction
    least = questionnaire.min_n
    if rule is not None and least is not None and unit.count.judged < least:
        found.append(f"单位 {unit.unit}：有效问卷 {unit.count.judged} 份，不足 {least} 份，不给出等次")
    for question in questionnaire.questions:
        answered = unit.count.answered[question.id]
        if question.options and answered < unit.count.n:
            missing = unit.count.n - answered
            found.append(
                f"单位 {unit.unit}：第 {question.id} 题有 {missing} 份未作答，"
                f"百分比以作答的 {answered} 份计，不以全部 {unit.count.n} 份计"
            )
    government = unit.strata.get(GOVERNMENT_STRATUM, Count()).n
    if government * 2 > unit.count.n:
        percent = half_up(Fraction(government * 100, unit.count.n), 1)
        found.append(f"单位 {unit.unit}：政务网络来源 {government} 份，占 {percent}%，超过半数")
    return found


def _lost(
    questionnaire: Questionnaire,
    received: Counter[str],
    units: Mapping[str, Count],
    given: Counter[str],
    counted: Counter[str],
) -> list[str]:
    """A whole unit or a whole question that dropped out: rarely the public's silence, mostly a slip of the export.

    ``given`` and ``counted`` are, by question, the ballots that say anything and those whose answer counts.
    """
    found = [
        f"单位 {unit}：收到 {count} 份，全部空白或不合问卷，没有结果；请核对题号和选项代码"
        for unit, count in sorted(received.items())
        if unit not in units
    ]
    total = received.total()
    for question in questionnaire.questions if total else ():
        if counted[question.id]:
            continue
        if given[question.id]:
            found.append(
                f"第 {question.id} 题：{given[question.id]} 份作了答，没有一份合问卷，这一题没有结果；请核对选项代码"
            )
        elif question.options:
            found.append(f"第 {question.id} 题：{total} 份都没有作答，这一题没有结果；请核对题号")
    return found


def _shortened(faults: list[str]) -> list[str]:
    if len(faults) <= NAMED_FAULTS:
        return faults
    return [*faults[:NAMED_FAULTS], f"另有 {len(faults) - NAMED_FAULTS} 处答案不合问卷，不计"]
