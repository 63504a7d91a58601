"""单项否决、重大减分: what a proposed one must hold, and who may answer it. Pure.

One person proposes with the document that says so, another confirms; only then a line enters the ledger. Every fault is
named at once, with what to write instead. Which items these are, what they take and how much, says the rulebook.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final

from kaoping.accounts.actor import Who, same_person
from kaoping.arithmetic import plain
from kaoping.beijing import BEIJING
from kaoping.campaigns.logic.stages import FROZEN, reached
from kaoping.campaigns.logic.step_back import WAY
from kaoping.checks.model import date_words
from kaoping.evidence.logic import MIN_REASON, SEVERE_PAGE
from kaoping.foreign.days import day_fault, table_day
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in
from kaoping.patterns import linear
from kaoping.scoring import targets
from kaoping.scoring.observations import MAX_COUNT, ObservationError, check_value

TITLE: Final = SEVERE_PAGE
CONFIRMED, REFUSED, TAKEN_BACK = "confirmed", "refused", "taken_back"
OUTCOMES: Final[dict[str, str]] = {CONFIRMED: "已确认，记入台账", REFUSED: "不同意", TAKEN_BACK: "提出人收回"}
ONLY_HANDLER: Final = f"{TITLE}由政务公开办经办提出。"
ONLY_SECOND: Final = f"{TITLE}由第二签发人或办公室负责人确认。"
# The words for "it happened", where the rulebook takes a verdict and no number.
HAPPENED: Final = "查实"
ROLES: Final[dict[str, str]] = {"veto": "单项否决", "penalty": "重大减分"}
MOST_REASON: Final = 500
MOST_DOCUMENT: Final = 80
# Kinds of value that can be proposed. Points of a veto would mean the opposite of what is typed: nought would be the hit.
KINDS: Final = ("verdict", "count", "points")
_DIGIT: Final = linear(r"\p{Nd}")
_BRACKETS: Final = str.maketrans("[](){}【】〖〗", "〔〕〔〕〔〕〔〕〔〕")
_NOON: Final = time(12, tzinfo=BEIJING)


@dataclass(frozen=True, slots=True)
class Matter:
    """One veto or major deduction of the year's rulebook.

    ``kinds`` maps each kind of value that it takes to the source under which it takes it; ``each`` are the points of one
    occurrence, ``most`` the most that the item moves; ``first`` and ``last`` its days; ``unit_kinds`` is empty for all.
    """

    code: str
    title: str
    role: str
    kinds: Mapping[str, str]
    each: Fraction
    most: Fraction
    first: date
    last: date
    unit_kinds: frozenset[str] = frozenset()

    @property
    def most_count(self) -> int:
        """How many occurrences one document can report: as many as the item can pay for, at least one."""
        return max(int(self.most // self.each), 1) if self.each > 0 else MAX_COUNT

    def wanted(self) -> str:
        """What to write as the value, in words."""
        ways = []
        if "verdict" in self.kinds:
            ways.append(f"“{HAPPENED}”")
        if "count" in self.kinds:
            ways.append("件数 1" if self.most_count == 1 else f"件数，1 到 {self.most_count} 的整数")
        if "points" in self.kinds:
            ways.append(f"要扣的分，大于 0、不超过 {plain(self.most)}，如 0.5")
        return "，或".join(ways)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that takes part in the year."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed. ``file`` is the name of the attached document, '' without one."""

    unit: str
    item: str
    value: str
    on: str
    document: str
    reason: str
    file: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of ``Given`` and what to write instead."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """What can be proposed. ``value`` is text: not_met, a whole number, or a decimal."""

    unit: str
    item: str
    kind: str
    value: str
    on: date
    document: str
    target: str
    reason: str
    file: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What may stand only once: this item of this unit by this document."""
        return self.unit, self.item, self.target


@dataclass(frozen=True, slots=True)
class Rules:
    """What a line is read against. ``standing`` are the keys that count already or wait, ``today`` ends the days.

    ``told``: from which day an item binds a unit, by unit and item (``scoring.announced``); absent where it binds without.
    """

    units: Mapping[str, Unit]
    matters: Mapping[str, Matter]
    standing: Collection[tuple[str, str, str]]
    today: date
    told: Mapping[tuple[str, str], date] = field(default_factory=dict)


def read(given: Given, rules: Rules) -> tuple[Line | None, list[Fault]]:
    """The line, or everything that is wrong at once."""
    faults: list[Fault] = []

    def wrong(field: str, message: str) -> None:
        faults.append(Fault(field, message))

    matter = rules.matters.get(given.item)
    kind, value = "", ""
    if not given.item:
        wrong("item", f"请选事项：{_names(rules)}")
    elif matter is None:
        wrong("item", f"“{given.item[:40]}”不是本年度规则集的{TITLE}事项；可选 {_names(rules)}")
    else:
        kind, value, words = read_value(matter, given.value)
        if words:
            wrong("value", words)
    if not given.unit:
        wrong("unit", "请选单位")
    on = table_day(given.on)
    if on is None:
        wrong("on", day_fault(given.on, "日期应形如 2025-03-01，数字用半角"))
    document = " ".join(given.document.split())
    words = refusal_of_document(document)
    if words:
        wrong("document", words)
    reason = given.reason.strip()
    seen = glyphs(reason)
    if seen < MIN_REASON or len(reason) > MOST_REASON:
        count = seen if seen < MIN_REASON else len(reason)
        wrong(
            "reason",
            f"请写明认定的事实，{MIN_REASON} 到 {MOST_REASON} 个字，单位看得到（现在 {count} 个字）",
        )
    if not given.file:
        wrong("file", "请附认定或通报的文件")
    target = targets.document(canonical(document)) if document and not words else ""
    # A day that cannot be read has its fault already; the rest is asked all the same.
    day = on or rules.today
    line = Line(given.unit, given.item, kind, value, day, document, target, reason, given.file)
    known = {one.field for one in faults}
    faults += [one for one in refusals(line, rules) if one.field not in known]
    order = ("unit", "item", "value", "on", "document", "reason", "file")
    faults.sort(key=lambda one: order.index(one.field))
    return (None, faults) if faults else (line, [])


def refusals(line: Line, rules: Rules) -> list[Fault]:
    """What in the facts of the year speaks against a line; asked again before it is confirmed."""
    faults = []
    unit, matter = rules.units.get(line.unit), rules.matters.get(line.item)
    if line.unit and unit is None:
        faults.append(Fault("unit", f"“{line.unit[:40]}”没有参加本年度考核，请从参评名单里选"))
    if line.on > rules.today:
        faults.append(Fault("on", "不能晚于今天"))
    if matter is not None:
        if unit is not None and matter.unit_kinds and unit.kind not in matter.unit_kinds:
            faults.append(Fault("item", f"{matter.code} {matter.title}不适用于{unit.name}这类单位"))
        if line.on <= rules.today and not matter.first <= line.on <= matter.last:
            span = f"{date_words(matter.first)}至{date_words(matter.last)}"
            faults.append(Fault("on", f"不在这一项的考核期内（{span}）；属于别的年度的，在那个年度提出"))
        elif (told := rules.told.get((line.unit, line.item))) and line.on < told:
            faults.append(Fault("on", f"这一项 {date_words(told)}才印发，此前的事不扣分"))
        if line.kind and line.kind not in matter.kinds:
            faults.append(Fault("value", f"{matter.code} 应写{matter.wanted()}"))
    if line.key in rules.standing:
        faults.append(
            Fault("document", "这家单位的这一事项已凭这份文书提出或记入台账；另有文书的，写另一份的文号")
        )
    return faults


def read_value(matter: Matter, text: str) -> tuple[str, str, str | None]:
    """Kind and value of the typed text, or the words against it. Numbers are half-width and plain."""
    typed = text.strip()
    if not matter.kinds:
        return "", "", f"规则集没有写 {matter.code} 收哪一种登记，请先改规则集"
    if "verdict" in matter.kinds and typed in (HAPPENED, "不符合", *([""] if len(matter.kinds) == 1 else [])):
        return "verdict", "not_met", None
    if (
        "count" in matter.kinds
        and typed.isascii()
        and typed.isdecimal()
        and len(typed) <= len(str(MAX_COUNT))
    ):
        count = int(typed)
        if 1 <= count <= matter.most_count:
            return "count", str(count), None
        pays = f"每件 {plain(matter.each)} 分、最多 {plain(matter.most)} 分"
        more = "" if not count else f"；确有更多的，按文书分别提出，得分到 {plain(matter.most)} 分为止"
        return (
            "",
            "",
            f"{matter.code} {pays}，一份文书登记 1 到 {matter.most_count} 件，不能登记 {count} 件{more}",
        )
    if "points" in matter.kinds:
        try:
            points = str(check_value("points", typed))
        except ObservationError as error:
            return "", "", str(error).split("：", 1)[-1]
        if 0 < Fraction(points) <= matter.most:
            return "points", points, None
        return (
            "",
            "",
            f"{matter.code} 最多扣 {plain(matter.most)} 分，不能登记 {points[:20]} 分；请核对小数点",
        )
    shown = f"，不能写“{typed[:20]}”" if typed else ""
    digits = "；数字用半角，不写符号、逗号和指数" if "count" in matter.kinds else ""
    return "", "", f"{matter.code} 应写{matter.wanted()}{shown}{digits}"


def refusal_of_document(document: str) -> str | None:
    """Why this is no number of a document (文号), or null."""
    if not document:
        return "请写文书的文号，如 常政公开办发〔2025〕1号；没有文号的写文书名称和日期"
    if words := unseen_in("文号", document):
        return words.removesuffix("。")
    if len(document) > MOST_DOCUMENT:
        return f"文号最多 {MOST_DOCUMENT} 个字（现在 {len(document)} 个字）"
    if not _DIGIT.search(document):
        return "文号里要有年份或序号，如 常政公开办发〔2025〕1号；没有文号的写文书名称和日期"
    return None


def canonical(document: str) -> str:
    """One document, however its number is typed: brackets, blanks and widths do not make another one."""
    text = unicodedata.normalize("NFKC", document).translate(_BRACKETS)
    return "".join(text.split())


def observed_at(line_on: date) -> datetime:
    """The instant that the ledger holds for a day: its noon, as for every ledger that is brought in."""
    return datetime.combine(line_on, _NOON)


def ledger_value(kind: str, value: str) -> Any:
    """The value as the ledger writes it."""
    return int(value) if kind == "count" else value


def typed(kind: str, value: str) -> str:
    """The value as it is typed."""
    return HAPPENED if kind == "verdict" else value


def value_text(kind: str, value: str) -> str:
    """The value as people write it."""
    return {"verdict": HAPPENED, "count": f"{value} 件", "points": f"扣 {value} 分"}.get(kind, value)


def ledger_reason(reason: str, document: str) -> str:
    """What the line says to the unit and to the public."""
    return f"{reason.rstrip('。；')}（依据：{document}）"


def refusal_of_stage(stage: str, correcting: bool) -> str | None:
    """Why nothing is proposed or confirmed at this stage, or null; ``correcting``: an unsigned correction is under way."""
    if reached(stage, FROZEN) and not correcting:
        return f"结果已经签发冻结，不能再登记{TITLE}。公开前{WAY}公开以后，先在“更正”立更正。"
    return None


def refusal_to_answer(*, proposed_by: Who, actor: Who, decided: bool) -> str | None:
    """Why this person can give no answer to a proposal at all, or null."""
    if decided:
        return "这一件已经办过。"
    if same_person(proposed_by, actor):
        return f"{TITLE}须两人办理，提出人不能自己确认。"
    return None


def refusal_to_second(
    stage: str, correcting: bool, *, proposed_by: Who, actor: Who, decided: bool, agreed: bool
) -> str | None:
    """Why this person cannot give this answer to a proposal, or null."""
    words = refusal_to_answer(proposed_by=proposed_by, actor=actor, decided=decided)
    if words is None and agreed:
        words = refusal_of_stage(stage, correcting)
    return words


def refusal_of_answer(agreed: bool, reason: str) -> str | None:
    """What an answer lacks, or null: whoever does not agree says why."""
    if not agreed and glyphs(reason) < MIN_REASON:
        return f"不同意的，请写明理由，至少 {MIN_REASON} 个字，提出人会看到。"
    return None


def refusal_to_take_back(*, proposed_by: Who, actor: Who, decided: bool) -> str | None:
    """Why this person cannot take a proposal back, or null."""
    if decided:
        return "这一件已经办过，不能再收回。已经记入台账的，在台账里打开那一条，提请审定撤回。"
    if proposed_by.id != actor.id:
        return "只有提出人能收回，别人可以不同意。"
    return None


def _names(rules: Rules) -> str:
    names: Sequence[str] = [f"{one.code} {one.title}" for one in rules.matters.values()]
    return "、".join(names) or "无（规则集没有这类事项）"
