"""The questionnaire of the public evaluation (社会评议制度 article 5): what is asked and how answers count.

The regulation fixes five contents and three grades (article 7), no weights and no lines: those are the
rulebook's own choice and are read from the questionnaire.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final

from kaoping.arithmetic import exact
from kaoping.foreign.codes import code_fault

SINGLE: Final = "single"
MULTI: Final = "multi"
TEXT: Final = "text"
KINDS: Final = (SINGLE, MULTI, TEXT)

SATISFIED: Final = "satisfied"
BASIC: Final = "basic"
DISSATISFIED: Final = "dissatisfied"
COUNTS_AS: Final = (SATISFIED, BASIC, DISSATISFIED)

RESPONDENTS: Final = "respondents"
TICKS: Final = "ticks"
BASE_RULES: Final = (RESPONDENTS, TICKS)


class QuestionnaireError(ValueError):
    """A questionnaire that cannot be used: ``field`` is the path of the key, the message says what to
    write.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}：{message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. ``counts_as`` null means it is reported but lies outside the satisfaction
    base.
    """

    code: str
    label: str
    counts_as: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``dimension`` is the rulebook item it feeds (S5.1…), null when it feeds none."""

    id: str
    dimension: str | None
    kind: str
    label: str | None
    options: tuple[Option, ...]
    base_rule: str

    def option(self, code: str) -> Option | None:
        """The option of that code, null when there is none."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class SatisfactionRule:
    """How answers become a score of 0 to 100 and a grade; all of it is this questionnaire's choice.

    ``questions`` are pooled; ``weights`` are per answer class, in 0..1; ``lines`` are the least scores of
    满意 and 基本满意; ``wide`` is the half-width in points above which a grade is marked 仅供参考.
    """

    questions: tuple[str, ...]
    weights: Mapping[str, Fraction]
    lines: Mapping[str, Fraction]
    wide: Fraction


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A version of a questionnaire. ``min_n`` is the least number of answers for a grade (null: one)."""

    id: str
    version: str
    questions: tuple[Question, ...]
    satisfaction: SatisfactionRule | None
    min_n: int | None
    notes: tuple[str, ...] = ()

    def question(self, code: str) -> Question | None:
        """The question of that id, null when there is none."""
        return next((question for question in self.questions if question.id == code), None)


DEFAULT_WEIGHTS: Final = {SATISFIED: Fraction(1), BASIC: Fraction(7, 10), DISSATISFIED: Fraction(0)}
DEFAULT_LINES: Final = {SATISFIED: Fraction(80), BASIC: Fraction(60)}
DEFAULT_WIDE: Final = Fraction(10)
_KEYS: Final = frozenset(
    {"id", "version", "title", "questions", "satisfaction", "min_n", "confidence", "note"}
)
_QUESTION_KEYS: Final = frozenset(
    {"id", "dimension", "kind", "label", "text", "options", "base_rule", "note"}
)
_OPTION_KEYS: Final = frozenset({"code", "label", "counts_as", "note"})
# More than any city has people; a longer number is a slip of the finger.
_MOST_ANSWERS: Final = 100_000_000
_SATISFACTION_KEYS: Final = frozenset({"questions", "weights", "lines", "wide", "confidence", "note", "rule"})


def questionnaire_from_dict(data: Any) -> Questionnaire:
    """Read the file form of ``docs/reference/ballots.md``. Raises ``QuestionnaireError`` naming the key."""
    if not isinstance(data, Mapping):
        raise QuestionnaireError("questionnaire", "应为对象")
    entries = data.get("questions")
    if not isinstance(entries, list) or not entries:
        raise QuestionnaireError("questions", "应为题目数组，至少一题")
    questions = tuple(_question(entry, f"questions[{index}]") for index, entry in enumerate(entries))
    _unique([question.id for question in questions], "questions", "题号")
    notes: list[str] = []
    return Questionnaire(
        id=_text(data, "id", "id"),
        version=_version(data),
        questions=questions,
        satisfaction=_satisfaction(data.get("satisfaction"), questions, notes),
        min_n=_min_n(data.get("min_n")),
        notes=tuple(notes),
    )


class QuestionnaireSlip(QuestionnaireError):
    """Something that was passed over in silence once. ``certain`` is false for a key that resembles none of ours: another
    system's own, perhaps.
    """

    def __init__(self, field: str, message: str, *, certain: bool = True) -> None:
        super().__init__(field, message)
        self.certain = certain


def questionnaire_slips(data: Any) -> Iterator[QuestionnaireSlip]:
    """What a questionnaire that somebody writes today may not say although it was passed over before: unknown keys, and
    codes that only look like codes. Frozen questionnaires are read without this.
    """
    if not isinstance(data, Mapping):
        return
    yield from _unknown(data, _KEYS, "")
    yield from _unknown(data.get("satisfaction"), _SATISFACTION_KEYS, "satisfaction.")
    for number, entry in enumerate(_rows(data.get("questions"))):
        place = f"questions[{number}]."
        yield from _unknown(entry, _QUESTION_KEYS, place)
        yield from _bad_code(entry.get("id"), f"{place}id")
        for index, option in enumerate(_rows(entry.get("options"))):
            yield from _unknown(option, _OPTION_KEYS, f"{place}options[{index}].")
            yield from _bad_code(option.get("code"), f"{place}options[{index}].code")


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _unknown(data: Any, known: frozenset[str], place: str) -> Iterator[QuestionnaireSlip]:
    for key in data if isinstance(data, Mapping) else ():
        if key not in known:
            close = get_close_matches(str(key).lower()[:40], known, n=1, cutoff=0.75)
            meant = f"是不是 {close[0]}；" if close else ""
            yield QuestionnaireSlip(
                f"{place}{key}", f"不认识的字段；{meant}可用：{'、'.join(sorted(known))}", certain=bool(close)
            )


def _bad_code(code: Any, place: str) -> Iterator[QuestionnaireSlip]:
    fault = code_fault(code) if isinstance(code, str) and code else None
    if fault is not None:
        yield QuestionnaireSlip(place, f"代码{fault}")


def _question(entry: Any, place: str) -> Question:
    if not isinstance(entry, Mapping):
        raise QuestionnaireError(place, "应为对象")
    kind = entry.get("kind")
    if kind not in KINDS:
        raise QuestionnaireError(f"{place}.kind", "应为 single、multi、text 之一")
    options = entry.get("options") or []
    if not isinstance(options, list) or (kind != TEXT and not options):
        raise QuestionnaireError(f"{place}.options", "选择题至少要有一个选项")
    if kind == TEXT and options:
        raise QuestionnaireError(f"{place}.options", "文字题没有选项，请删去")
    read = tuple(_option(option, f"{place}.options[{index}]") for index, option in enumerate(options))
    _unique([option.code for option in read], f"{place}.options", "选项代码")
    base_rule = entry.get("base_rule") or RESPONDENTS
    if base_rule not in BASE_RULES or (base_rule == TICKS and kind != MULTI):
        raise QuestionnaireError(f"{place}.base_rule", "应为 respondents；多选题也可为 ticks")
    return Question(
        id=_text(entry, "id", f"{place}.id"),
        dimension=_optional(entry, "dimension", place),
        kind=kind,
        label=_optional(entry, "label", place) or _optional(entry, "text", place),
        options=read,
        base_rule=base_rule,
    )


def _option(entry: Any, place: str) -> Option:
    if not isinstance(entry, Mapping):
        raise QuestionnaireError(place, "应为对象")
    counts_as = entry.get("counts_as")
    if counts_as is not None and counts_as not in COUNTS_AS:
        raise QuestionnaireError(f"{place}.counts_as", "应为 satisfied、basic、dissatisfied 或 null")
    code = _text(entry, "code", f"{place}.code")
    return Option(code, _optional(entry, "label", place) or code, counts_as)


def _satisfaction(data: Any, questions: tuple[Question, ...], notes: list[str]) -> SatisfactionRule | None:
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise QuestionnaireError("satisfaction", "应为对象或 null")
    counted = tuple(
        question.id
        for question in questions
        if question.kind == SINGLE and any(option.counts_as for option in question.options)
    )
    chosen = data.get("questions")
    if chosen is None:
        chosen = counted
    if not isinstance(chosen, list | tuple) or any(code not in counted for code in chosen):
        raise QuestionnaireError("satisfaction.questions", "应为单选题题号，且这些题的选项写有 counts_as")
    if not chosen:
        return None
    for key in sorted(set(data) - _SATISFACTION_KEYS):
        notes.append(f"问卷 satisfaction 中的“{key}”没有用处，未理会")
    weights = _numbers(data.get("weights"), DEFAULT_WEIGHTS, "satisfaction.weights")
    lines = _numbers(data.get("lines"), DEFAULT_LINES, "satisfaction.lines")
    if not 0 <= weights[DISSATISFIED] <= weights[BASIC] <= weights[SATISFIED] <= 1:
        raise QuestionnaireError(
            "satisfaction.weights", "应在 0 与 1 之间，且满意不低于基本满意、基本满意不低于不满意"
        )
    if not 0 <= lines[BASIC] <= lines[SATISFIED] <= 100:
        raise QuestionnaireError("satisfaction.lines", "应在 0 与 100 之间，且满意线不低于基本满意线")
    wide = _number(data.get("wide", DEFAULT_WIDE), "satisfaction.wide")
    if not 0 <= wide <= 100:
        raise QuestionnaireError("satisfaction.wide", "应在 0 与 100 之间")
    return SatisfactionRule(tuple(chosen), weights, lines, wide)


def _numbers(data: Any, default: Mapping[str, Fraction], place: str) -> dict[str, Fraction]:
    if data is None:
        return dict(default)
    if not isinstance(data, Mapping) or set(data) - set(default):
        raise QuestionnaireError(place, f"应为对象，键为 {'、'.join(default)}")
    return {key: _number(data.get(key, value), f"{place}.{key}") for key, value in default.items()}


def _number(value: Any, place: str) -> Fraction:
    try:
        return exact(value)
    except ValueError as error:
        raise QuestionnaireError(place, str(error)) from None


def _min_n(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_ANSWERS:
        raise QuestionnaireError("min_n", f"应为 0 到 {_MOST_ANSWERS} 的整数或 null")
    return value


def _version(data: Mapping[str, Any]) -> str:
    version = data.get("version")
    if isinstance(version, int | float) and not isinstance(version, bool):
        return str(version)
    return _text(data, "version", "version")


def _text(data: Mapping[str, Any], key: str, place: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise QuestionnaireError(place, "应为文本，不能空（数字代码请加引号）")
    return value


def _optional(data: Mapping[str, Any], key: str, place: str) -> str | None:
    value = data.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise QuestionnaireError(f"{place}.{key}", "应为文本")
    return value


def _unique(codes: list[str], place: str, noun: str) -> None:
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise QuestionnaireError(place, f"{noun}重复：{'、'.join(twice)}")
