"""Observations: the only thing that a score is made of.

One observation says that somebody (``source``) looked at one thing (``item`` of a rulebook, or a ``check``) of one unit
and found a value of one of a small closed set of kinds. The file form is one JSON object a line.

Format 3 says beside that what the line is about (``target``) and by which act it was recorded (``act``). Lines of formats
1 and 2, which are alike, have neither and keep a reader and a writer of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kaoping.foreign.codes import unseen_fault
from kaoping.foreign.days import day_fault, strict_day, strict_instant, strict_local
from kaoping.patterns.linear import linear
from kaoping.scoring import targets

FORMAT: Final = 3
# The format before: it knew neither targets nor acts, and points below nothing.
BEFORE_SIGNS: Final = 2
SOURCES: Final = (
    "monitor",
    "retest",
    "visit",
    "draw",
    "ballot",
    "self",
    "reviewer",
    "register",
    "clock",
    "office",
)
KINDS: Final = ("verdict", "count", "ratio", "level", "points", "looks", "tally", "withdrawn")
VERDICTS: Final = ("met", "not_met", "undecided", "not_applicable")
# What the program counts by itself and a rulebook may take by ``checks``: id -> (what it says, unit of count).
FEEDS: Final[Mapping[str, tuple[str, str]]] = {
    "cases_overdue": ("有没有逾期未结的整改单", "单位"),
    "opinions_closed": ("合理意见按期整改", "条"),
    "requests_in_time": ("依申请公开按期答复", "件"),
    "tasks_done": ("要点任务完成", "项"),
    "announced": ("指标已经印发到单位", "单位"),
}
# Who may have done what moved a line: ``act`` is one of these and an id.
ACTS: Final = ("ruling", "appeal", "correction", "batch", "recheck")
# More than any city counts; a longer number is a slip of the finger.
MAX_COUNT: Final = 1_000_000_000
FIELDS: Final = (
    "id",
    "unit",
    "item",
    "check",
    "target",
    "source",
    "observed_at",
    "recorded_at",
    "kind",
    "value",
    "reason",
    "artefacts",
    "by",
    "act",
    "supersedes",
)
_NEW: Final[Mapping[str, frozenset[str]]] = {
    "fields": frozenset({"target", "act"}),
    "sources": frozenset({"clock"}),
    "kinds": frozenset({"looks"}),
}
_TALLY: Final = '应为 {"question": 题号, "options": {选项: 份数}}，份数不足不列各选项的为 {"question": 题号, "options": null, "n": 份数}'
_DECIMAL: Final = linear(r"^-?[0-9]{1,16}(?:\.[0-9]{1,30})?$")
_ACT: Final = linear(r"^(?:ruling|appeal|correction|batch|recheck):[^\s:][^\s]{0,99}$")


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
    """One line of the ledger. ``value`` has the shape of its ``kind`` (see ``check_value``).

    ``target``: which page, place, document, row or account the line is about, null where it is about none or of an earlier
    format. ``act``: the ruling, appeal, correction, batch or re-check that recorded it, null when it came by the ordinary way
    of its source. ``organiser``, no field of the format: in whose years it counts, '' in files."""

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
    target: str | None = None
    act: str | None = None
    organiser: str = field(default="", compare=False)


def check_value(kind: str, value: Any, version: int = FORMAT) -> Any:
    """Return ``value`` in its canonical shape for ``kind``; raise ``ObservationError`` with the remedy otherwise.

    verdict: one of ``VERDICTS`` · count: integer >= 0 · ratio: {"done", "of"} integers, 0 <= done <= of ·
    level: text · points: decimal as text, not negative (a number is accepted and turned into text) ·
    looks: {"n", "first", "last", "found"}, how often somebody looked, between which days, how often something was found ·
    tally: {"question", "options": {code: integer >= 0}}, or in a public copy, where too few took a stand to be told by
    option, {"question", "options": null, "n": how many took one} · withdrawn: null.
    No number is above ``MAX_COUNT``. Formats before 3 knew neither looks nor a tally without options, nor that points are
    not negative.
    """
    checker = _CHECKERS.get(kind)
    if checker is None or (version < FORMAT and kind in _NEW["kinds"]):
        raise ObservationError(
            "kind", f"没有“{kind}”这种取值；可用：{'、'.join(_known('kinds', KINDS, version))}"
        )
    good: Any = checker(value)
    if kind == "tally" and good["options"] is None and version < FORMAT:
        raise ObservationError("value", _TALLY)
    if version >= FORMAT:
        _check_size(kind, good)
    return good


def _known(what: str, words: tuple[str, ...], version: int) -> tuple[str, ...]:
    return words if version >= FORMAT else tuple(one for one in words if one not in _NEW[what])


def _check_size(kind: str, value: Any) -> None:
    if kind == "points" and value.startswith("-"):
        raise ObservationError("value", "得分不能是负数；要扣分，请登记问题或件数")
    numbers = {
        "count": lambda: [value],
        "ratio": lambda: [value["done"], value["of"]],
        "looks": lambda: [value["n"], value["found"]],
        "tally": lambda: [value["n"]] if value["options"] is None else list(value["options"].values()),
    }.get(kind, list)()
    if any(number > MAX_COUNT for number in numbers):
        raise ObservationError("value", f"数字大得不合情理（上限 {MAX_COUNT}），请核对是否多输了位数")


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
    # Decimal reads full-width digits and 3_0 as numbers; what somebody typed so is not what they meant to be read.
    if isinstance(value, str) and not _DECIMAL.match(value):
        raise ObservationError("value", '应为小数，用半角数字写成文本，如 "3.5"')
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        points = Decimal("NaN")
    # 1e999999999 is ten characters that would fill the memory once written out.
    size = points.as_tuple().exponent
    if isinstance(value, bool) or not isinstance(size, int) or points.adjusted() > 15 or size < -30:
        raise ObservationError("value", '应为小数，写成文本，如 "3.5"')
    return format(points, "f")


def _looks(value: Any) -> dict[str, Any]:
    if (
        not isinstance(value, dict)
        or set(value) != {"n", "first", "last", "found"}
        or not _is_count(value["n"])
        or not _is_count(value["found"])
        or value["found"] > value["n"]
    ):
        raise ObservationError(
            "value", '应为 {"n": 次数, "first": 首日, "last": 末日, "found": 查出次数}，found 不大于 n'
        )
    first, last = (_day(value[name]) for name in ("first", "last"))
    if (first is None) != (value["n"] == 0) or (last is None) != (value["n"] == 0):
        raise ObservationError("value", "看过就写 first、last 两个日期；没有看过，两个都写 null")
    if first is not None and last is not None and first > last:
        raise ObservationError("value", "first 不能晚于 last")
    return {name: value[name] for name in ("n", "first", "last", "found")}


def _day(text: Any) -> date | None:
    if text is None:
        return None
    day = strict_day(text)
    if day is None:
        raise ObservationError("value", day_fault(text, "日期应形如 2025-03-01"))
    return day


def _tally(value: Any) -> dict[str, Any]:
    options = value.get("options") if isinstance(value, dict) else None
    if (
        isinstance(value, dict)
        and set(value) == {"question", "options", "n"}
        and options is None
        and isinstance(value["question"], str)
        and _is_count(value["n"])
    ):
        return {"question": value["question"], "options": None, "n": value["n"]}
    if (
        not isinstance(options, dict)
        or set(value) != {"question", "options"}
        or not isinstance(value["question"], str)
        or not all(isinstance(code, str) and _is_count(count) for code, count in options.items())
    ):
        raise ObservationError("value", _TALLY)
    return {"question": value["question"], "options": dict(options)}


def _withdrawn(value: Any) -> None:
    if value is not None:
        raise ObservationError("value", "撤回没有取值，应为 null")


_CHECKERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "verdict": _verdict,
    "count": _count,
    "ratio": _ratio,
    "level": _level,
    "points": _points,
    "looks": _looks,
    "tally": _tally,
    "withdrawn": _withdrawn,
}


def observation_from_json(line: dict[str, Any], version: int = FORMAT) -> Observation:
    """Read one line; absent optional keys count as null. Raises ``ObservationError``.

    ``version`` is the format that the line may be of at most: a line of an earlier one lacks its new keys.
    """
    for name in ("id", "unit", "source", "observed_at", "recorded_at", "kind"):
        if not isinstance(line.get(name), str) or not line[name]:
            raise ObservationError(name, "不能空")
    unknown = sorted(set(line) - set(_known("fields", FIELDS, version)))
    if unknown:
        raise ObservationError(unknown[0], "不认识的字段，请删去")
    if not line.get("item") and not line.get("check"):
        raise ObservationError("item", "item 与 check 至少写一个")
    if line["source"] not in _known("sources", SOURCES, version):
        raise ObservationError("source", f"应为 {'、'.join(_known('sources', SOURCES, version))} 之一")
    if line["kind"] == "withdrawn" and not line.get("supersedes"):
        raise ObservationError("supersedes", "撤回必须写明撤回哪一条")
    check, target, act = _text(line, "check"), _text(line, "target"), _text(line, "act")
    check_words(source=line["source"], check=check, target=target, act=act)
    return Observation(
        id=line["id"],
        unit=line["unit"],
        item=_text(line, "item"),
        check=check,
        source=line["source"],
        observed_at=_instant(line, "observed_at"),
        recorded_at=_instant(line, "recorded_at"),
        kind=line["kind"],
        value=check_value(line["kind"], line.get("value"), version),
        reason=_text(line, "reason"),
        artefacts=_artefacts(line.get("artefacts")),
        by=_text(line, "by"),
        supersedes=_text(line, "supersedes"),
        target=target,
        act=act,
    )


def refuse_unseen(one: Observation) -> None:
    """Refuse an id or code with a sign that nobody sees; lines that were published before are read without this.

    Raises ``ObservationError``.
    """
    for name in ("id", "unit", "item", "check", "target", "supersedes", "act"):
        _refuse_unseen(name, getattr(one, name))
    for ref in one.artefacts:
        _refuse_unseen("artefacts", ref.url)
        _refuse_unseen("artefacts", ref.sha256)
    if one.kind == "level":
        _refuse_unseen("value", one.value)
    if one.kind == "tally":
        for code in (one.value["question"], *(one.value["options"] or ())):
            _refuse_unseen("value", code)


def _refuse_unseen(name: str, text: str | None) -> None:
    fault = unseen_fault(text) if text else None
    if fault:
        raise ObservationError(name, fault)


def format_of(line: Mapping[str, Any]) -> int:
    """The format that a line of a bundle was written in: from 3 on every line has an ``act``, if only null."""
    return FORMAT if "act" in line else BEFORE_SIGNS


def check_words(*, source: str, check: str | None, target: str | None, act: str | None) -> None:
    """Refuse a target, an act or a feed that is not of its closed list. Raises ``ObservationError``."""
    if source == "clock" and check not in FEEDS:
        raise ObservationError("check", f"来源 clock 只写 {'、'.join(FEEDS)} 之一")
    if target is not None and targets.parse(target) is None:
        raise ObservationError(
            "target", f"应以 {'、'.join(f'{one}:' for one in targets.FORMS)} 之一开头，后面写明是哪一个"
        )
    if act is not None and not _ACT.match(act):
        raise ObservationError("act", f"应形如 appeal:FH-2025-0001；种类可用 {'、'.join(ACTS)}")


def _artefacts(value: Any) -> tuple[ArtefactRef, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ObservationError("artefacts", '应为数组，元素形如 {"sha256": …, "url": …}')
    return tuple(ArtefactRef(_text(one, "sha256"), _text(one, "url")) for one in value)


def observation_to_json(observation: Observation, version: int = FORMAT) -> dict[str, Any]:
    """The file form of a format, every key of it present."""
    line = {
        "id": observation.id,
        "unit": observation.unit,
        "item": observation.item,
        "check": observation.check,
        "target": observation.target,
        "source": observation.source,
        "observed_at": observation.observed_at.isoformat(),
        "recorded_at": observation.recorded_at.isoformat(),
        "kind": observation.kind,
        "value": observation.value,
        "reason": observation.reason,
        "artefacts": [{"sha256": one.sha256, "url": one.url} for one in observation.artefacts],
        "by": observation.by,
        "act": observation.act,
        "supersedes": observation.supersedes,
    }
    return {name: line[name] for name in _known("fields", FIELDS, version)}


def _text(line: dict[str, Any], name: str) -> str | None:
    value = line.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ObservationError(name, "应为文本")
    return value


def _instant(line: dict[str, Any], name: str) -> datetime:
    if strict_local(line[name]) is not None:
        raise ObservationError(name, "时间缺时区，如 +08:00")
    instant = strict_instant(line[name])
    if instant is None:
        raise ObservationError(name, "应为带时区的时间，如 2025-03-01T09:00:00+08:00")
    # At the ends of the calendar no zone can be changed and no day added.
    if not MINYEAR < instant.year < MAXYEAR:
        raise ObservationError(name, f"年份 {instant.year} 不合理，请核对")
    return instant
