"""Decisions of rectification, pure: what is one fault, which state follows, when a case may be closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from kaoping.beijing import BEIJING, end_of_day
from kaoping.checks.model import date_words
from kaoping.evidence.logic import MIN_REASON
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring import targets
from kaoping.scoring.organised import OrganisedYear

DRAFT, SERVED, ANSWERED, CLOSED = "draft", "served", "answered", "closed"
PASSED, EXPLAINED = "passed", "explained"
STATES: Final[dict[str, str]] = {
    DRAFT: "待下发",
    SERVED: "整改中",
    ANSWERED: "已回复，待核实",
    EXPLAINED: "已说明不可补救，待确认",
    PASSED: "核查通过，待结案",
    CLOSED: "已结案",
}
# In these states a case stands for its fault: what is seen of it again joins the case instead of opening another.
UNSETTLED: Final = (DRAFT, SERVED, ANSWERED, EXPLAINED)
MENDED, IRREPARABLE, GONE, WITHDRAWN = "mended", "irreparable", "gone", "withdrawn"
MERGED: Final = "merged"
ENDINGS: Final[dict[str, str]] = {
    MENDED: "已整改到位",
    IRREPARABLE: "不可补救，已说明，按规定计分",
    GONE: "网页已撤",
    WITHDRAWN: "依据撤回，撤销",
    MERGED: "合并办理",
}
LEAST_REASON: Final = MIN_REASON
# Working days from service to the deadline: how many, the rulebook in force says (``standards.limits``).
MAX_DAYS: Final = 60
TITLE_WHAT, TITLE_WHERE = 60, 100  # characters of a title for the fault and for the place
REMIND_BEFORE: Final = 3  # working days
MORNING: Final = time(8, 30)  # when reminders of a day go out
# None of them leaves the program: each stands on the unit's own page, and nothing more is said of it.
REMINDERS: Final[dict[str, str]] = {
    "served": "下发提醒",
    "before": f"剩 {REMIND_BEFORE} 个工作日提醒",
    "due": "到期当天提醒",
    "overdue": "逾期提醒",
}
OPENING: Final = ("monitor", "visit", "draw", "register")
CLOSING: Final = ("retest", "visit", "draw", "office")
SOURCES: Final[dict[str, str]] = {
    "monitor": "在线监测",
    "retest": "复测",
    "visit": "实地查看",
    "draw": "随机抽查",
    "register": "登记（台账、意见）",
    "office": "政务公开办核查",
}
CONDITION: Final = "须有一次通过的复测，或一名具名人员的核查记录"
# How the reason of a line begins by which a person says that the page of a fault was taken down (monitoring).
PAGE_GONE: Final = "网页已撤"
SAME_PERSON: Final = "这张整改单由您下发，{what}请由另一人办理。"
CLAIM_REFUSED: Final = f"单位不能自己结案：{CONDITION}。整改后请点“申请复测”，或等检查员核查。"


@dataclass(frozen=True, slots=True)
class Proof:
    """One observation merged into a case."""

    source: str
    value: str
    at: datetime
    by: str = ""
    reason: str = ""

    def follows(self, word: datetime) -> bool:
        """Whether this was seen after a word of the unit; a second look asked for at the same instant was."""
        return self.at > word or (self.at == word and self.source == "retest")

    @property
    def gone(self) -> bool:
        """Whether a person decided that the page of the fault was taken down."""
        return self.reason.startswith(PAGE_GONE)

    @property
    def words(self) -> str:
        """What the proof is, for the sentence that closes a case."""
        if self.source == "retest":
            return PAGE_GONE if self.gone else "复测通过"
        return f"{self.by or SOURCES[self.source]}核查通过"


def second_look_words(value: str, reason: str) -> str:
    """What the timeline says of a second look. A page that was taken down did not pass anything."""
    if value == "met" and reason.startswith(PAGE_GONE):
        return reason
    return f"复测{'通过' if value == 'met' else '未通过'}。{reason}"


def fault_of(check: str | None, item: str | None, target: str | None) -> str:
    """What makes two observations one fault: the check (else the item) and the target."""
    return f"{check or item or ''}|{target or ''}"


def spellings(fault: str) -> set[str]:
    """Every way in which cases keep this fault: those that were opened before targets keep an address."""
    matter, _, target = fault.partition("|")
    return {fault_of(matter, None, one) for one in targets.spellings(target)}


def opens_case(source: str, kind: str, value: object, check: str | None) -> bool:
    """Whether an observation asks for rectification. An imported ledger line does so only when it names a check."""
    return (
        kind == "verdict"
        and value == "not_met"
        and source in OPENING
        and (source != "register" or bool(check))
    )


def belongs(source: str, kind: str, value: object) -> bool:
    """Whether an observation says something of a case that is already open."""
    return kind == "verdict" and value in ("met", "not_met") and source in (*OPENING, *CLOSING)


def state_after(
    state: str, proof: Proof, *, said_at: datetime | None, proofs: Iterable[Proof], served_at: datetime | None
) -> str:
    """What a look makes of the state. ``proofs`` are all that is known, ``proof`` among them; ``said_at`` is the unit's last word.

    A pass after service settles the case. A failure sends an answered case back to the unit, but only when it was seen
    after the unit said that it had mended the fault.
    """
    if state in (SERVED, ANSWERED, EXPLAINED) and closing_proof(proofs, served_at) is not None:
        return PASSED
    failed = proof.value == "not_met" and (said_at is None or proof.follows(said_at))
    return SERVED if state == ANSWERED and failed else state


def closing_proof(proofs: Iterable[Proof], served_at: datetime | None) -> Proof | None:
    """The observation that lets a case be closed: the newest verdict, met, after service and after the last failure."""
    ordered = sorted((one for one in proofs if one.value in ("met", "not_met")), key=lambda one: one.at)
    if not ordered:
        return None
    last = ordered[-1]
    if last.value != "met" or last.source not in CLOSING:
        return None
    return last if served_at is None or last.at >= served_at else None


def refusal_to_close(
    state: str,
    proofs: Sequence[Proof],
    served_at: datetime | None,
    *,
    then: str = "请点“安排复测”，或登记人工核查。",
) -> str | None:
    """Why a case cannot be closed, in words, or null when it can. ``then`` says what the reader can do about it."""
    if state == CLOSED:
        return "这张整改单已经结案。"
    if state == EXPLAINED:
        return "单位已说明不可补救，请由下发人以外的另一人确认或退回。"
    if closing_proof(proofs, served_at) is not None:
        return None
    if served_at is None:
        return f"还不能结案：整改单还没有下发。{CONDITION}，下发前已整改到位的也一样。"
    failed = [
        one for one in proofs if one.source == "retest" and one.value == "not_met" and one.at >= served_at
    ]
    tail = "最近一次复测没有通过。" if failed else ""
    return f"还不能结案：{CONDITION}，时间在下发之后。{tail}{then}"


def refusal_to_serve(state: str) -> str | None:
    """Why an order cannot be served or changed any more, in words, or null."""
    return None if state == DRAFT else "只能下发“待下发”的整改单，请刷新后再选。"


def refusal_of_order(order_text: str) -> str | None:
    """What the words of an order lack, or null."""
    return None if glyphs(order_text) else "整改内容是空的，请先写明要改什么。"


def refusal_to_answer(state: str) -> str | None:
    """Why a unit's answer cannot be taken, whatever it says, in words, or null."""
    if state == DRAFT:
        return "整改单还没有下发，不需要回复。"
    if state == CLOSED:
        return "这张整改单已经结案，不再收回复。"
    if state == PASSED:
        return "已有通过的复测或核查，待结案，不必再回复。"
    return None


def refusal_of_answer(text: str, has_proof: bool) -> str | None:
    """What an answer lacks, in words, or null."""
    if not glyphs(text):
        return "请写明改了什么。"
    return None if has_proof else "请附一份材料，或写明整改后的网址，便于核实。"


def refusal_to_explain(state: str) -> str | None:
    """Why a unit's explanation cannot be taken, in words, or null."""
    if state == EXPLAINED:
        return "已经提交过说明，待政务公开办确认。"
    return None if state in (SERVED, ANSWERED) else f"这张整改单{STATES[state]}，不再收说明。"


def refusal_to_ask(state: str) -> str | None:
    """Why a unit's question cannot be taken, in words, or null."""
    return "这张整改单已经结案。还有问题请电话联系政务公开办。" if state == CLOSED else None


def refusal_to_check(state: str, *, served_it: bool) -> str | None:
    """Why a person cannot put a check under the own name, in words, or null: whoever served the order does not check it."""
    if state == CLOSED:
        return "这张整改单已经结案。"
    return SAME_PERSON.format(what="人工核查") + "也可以安排复测。" if served_it else None


def refusal_to_decide_explanation(state: str, *, served_it: bool) -> str | None:
    """Why a person cannot decide on an explanation, in words, or null: another than the one who served the order does."""
    if state != EXPLAINED:
        return "这张整改单没有待确认的说明，请刷新后再办。"
    return SAME_PERSON.format(what="单位的说明") if served_it else None


def deadline_words(due: date) -> str:
    """A deadline as the unit was told it."""
    return f"仍是 {date_words(due)} 24:00 止"


def moved_words(was: date, becomes: date, basis: str) -> str:
    """What the unit reads on its timeline when its deadline became later."""
    return f"期限原定 {date_words(was)} 24:00，改为 {date_words(becomes)} 24:00。依据：{basis}。"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one case for the question whether the unit is late.

    ``answers`` and ``explanations`` are the instants of the unit's words, ``declined`` those at which an explanation was not
    accepted, ``proofs`` what was seen.
    """

    served_at: datetime | None
    due_on: date | None
    closed_at: datetime | None = None
    answers: tuple[datetime, ...] = ()
    explanations: tuple[datetime, ...] = ()
    declined: tuple[datetime, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def said_at(self) -> datetime | None:
        """When the unit last said that it had mended the fault."""
        return max(self.answers, default=None)


def deadline_passed(due_on: date | None, at: datetime) -> bool:
    """Whether the time for a word of the unit is over, whatever it said in it: nothing said now is in time."""
    return due_on is not None and at > end_of_day(due_on)


def overdue(facts: Facts, at: datetime) -> bool:
    """Whether the unit is late at an instant: the one answer for pages, lists, files and the gate of the best grade.

    Never before 24:00 of the deadline. A passing look or check ends it; so does an explanation that the office confirmed,
    which closes the case. A word given in time, an explanation as well as an answer, is judged by what follows it: until it
    is looked at or decided the unit is not late, and when the look fails or the explanation is not accepted the unit is late
    from its deadline on. Without a word in time it is late whatever it says afterwards: no sentence alone ends it.
    """
    if facts.served_at is None or facts.served_at > at or facts.due_on is None:
        return False
    deadline = end_of_day(facts.due_on)
    if at <= deadline or (facts.closed_at is not None and facts.closed_at <= at):
        return False
    seen = sorted((one for one in facts.proofs if one.at <= at), key=lambda one: one.at)
    if closing_proof(seen, facts.served_at) is not None:
        return False
    refused = [one for one in facts.declined if one <= at]
    said = max((one for one in (*facts.answers, *facts.explanations) if one <= deadline), default=None)
    if said is None:
        return True
    looks = [one for one in seen if one.follows(said) and one.value in ("met", "not_met")]
    decided = [(one.at, one.value == "met") for one in looks] + [
        (one, False) for one in refused if one >= said
    ]
    return bool(decided) and not min(decided)[1]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far an order has come: 已发出, 已查看 or 已送达, and in words who, how and when."""

    state: str
    words: str
    signed: bool = False


def delivery(steps: Iterable[tuple[str, str, datetime, str]]) -> Delivery | None:
    """What may be said of an order from its entries (kind, who, when, text); null before it stands on the unit's page.

    已发出: it stands on the unit's page. 已查看: a person of the unit opened it. 已送达: signed for, or handed over by the office.
    """
    found = {kind: (who, at, text) for kind, who, at, text in reversed(list(steps))}
    if "served" not in found:
        return None
    if "signed" in found:
        who, at, _text = found["signed"]
        return Delivery("已送达", f"{who} {_when(at)}签收", signed=True)
    if "handed" in found:
        _who, at, text = found["handed"]
        return Delivery("已送达", f"{_when(at)}登记：{text}")
    if "seen" in found:
        who, at, _text = found["seen"]
        return Delivery("已查看", f"{who} {_when(at)}打开")
    spoken = [found[kind] for kind in ("answer", "ask", "explained") if kind in found]
    if spoken:  # whoever speaks of an order has read it; looks of the first release were not noted
        who, at, _text = min(spoken, key=lambda one: one[1])
        return Delivery("已查看", f"{who} {_when(at)}就本单回复或提问")
    return Delivery("已发出", f"{_when(found['served'][1])}列入单位“整改”页，还没有单位查看的记录")


def _when(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def order_text(unit: str, source: str, reason: str, where: str, remedy: str) -> str:
    """The body of an order as proposed to the person who serves it: what was found, where, what to do."""
    what = reason.strip().rstrip("。")
    place = f"（{where}）" if where and where not in what else ""
    return f"{unit}：\n经{SOURCES.get(source, source)}确认：{what}{place}。\n{remedy.strip()}"


def title_of(rule: str, reason: str, target: str, named: Callable[[str], str] = targets.words) -> str:
    """The title of a case: what is wrong and where, each said once. ``rule`` is the fallback when no reason was recorded.

    ``named`` says what a target is called.
    """
    where = named(target)
    what = _first_sentence(reason) or rule
    if where:
        what = what.removeprefix(f"{where}：").removeprefix(f"{where}:")
        what = what.removesuffix(f"（{where}）") or what
    what = what if len(what) <= TITLE_WHAT else f"{what[: TITLE_WHAT - 1]}…"
    where = where if len(where) <= TITLE_WHERE else f"{where[:40]}…{where[-(TITLE_WHERE - 41) :]}"
    return f"{what}（{where}）" if where and where not in what else what


def _first_sentence(reason: str) -> str:
    text = reason.strip().partition("\n")[0]
    return text.partition("。")[0].rstrip("。；;，,").strip()


def numbers_of(key: OrganisedYear) -> str:
    """What the numbers of an organiser's cases of a year begin with. Those of earlier releases name the year alone."""
    return f"ZG-{key}-"


def number(key: OrganisedYear, serial: int) -> str:
    """The number of a case inside the program; no document number of an office is invented."""
    return f"{numbers_of(key)}{serial:04d}"
