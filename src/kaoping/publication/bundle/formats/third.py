"""Format 3: observations of format 3, the acts that withdrew or corrected lines, and four numbers in the manifest.

``acts.json`` lists every ruling, appeal, correction and undone batch that a line names, with its day and how many people
put their hand to it: {act: {"date", "signers"}}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from kaoping.beijing import day_of
from kaoping.foreign.days import strict_day
from kaoping.publication.bundle.canonical import NotStrict, dumps, loads_canonical
from kaoping.publication.bundle.formats import first, second
from kaoping.publication.bundle.small_numbers import small_faults
from kaoping.scoring.observations import FORMAT as OBSERVATION_FORMAT
from kaoping.scoring.observations import Observation
from kaoping.scoring.succession import ACT_WORDS, act_kind, broken

VERSION: Final = 3
RUBRIC_FORMAT: Final = 1
ACTS: Final = "acts.json"
ADOPTED: Final = "adopted"
FACTS: Final = (*second.FACTS, "observation_format", "rubric_format", ADOPTED)
# What two people do: who files an appeal or opens a correction does not decide or sign it.
_BY_TWO: Final = ("appeal", "correction")


@dataclass(frozen=True, slots=True)
class Act:
    """The day (in Asia/Shanghai) of an act, and how many people put their hand to it."""

    day: date
    signers: int


def write_acts(acts: Mapping[str, Act]) -> bytes:
    """``acts.json``."""
    return dumps({name: {"date": act.day.isoformat(), "signers": act.signers} for name, act in acts.items()})


def read_acts(data: Any) -> dict[str, Act]:
    """From the object of ``acts.json``. Raises ``NotStrict`` with what to write instead."""
    if not isinstance(data, dict):
        raise NotStrict("不是 JSON 对象")
    return {name: _act(name, value) for name, value in data.items()}


def _act(name: str, value: Any) -> Act:
    if act_kind(name) not in ACT_WORDS or not name.partition(":")[2]:
        raise NotStrict(f"“{name[:60]}”不是审定、复核、更正、整批撤回或再次核查的编号")
    if not isinstance(value, dict) or set(value) != {"date", "signers"}:
        raise NotStrict(f'{name[:60]} 应为 {{"date": 日期, "signers": 人数}}')
    day = strict_day(value["date"])
    if day is None:
        raise NotStrict(f"{name[:60]} 的 date 应形如 2026-01-06")
    if type(value["signers"]) is not int or not 1 <= value["signers"] <= 99:
        raise NotStrict(f"{name[:60]} 的 signers 应为人数")
    return Act(day, value["signers"])


def act_faults(lines: Iterable[Observation], acts: Mapping[str, Act], as_of: datetime) -> list[str]:
    """What is wrong with acts and the lines that name them: unlisted, unused, later than their lines, by too few people."""
    found, used = [], set()
    for one in lines:
        if one.act is None:
            continue
        used.add(one.act)
        act = acts.get(one.act)
        if act is None:
            found.append(f"观察记录 {one.id} 写的 {one.act} 不在 {ACTS} 里")
        elif act.day > day_of(one.recorded_at):
            found.append(f"{ACTS} 里 {one.act} 的日期晚于观察记录 {one.id} 的登记时间")
    for name, act in acts.items():
        if name not in used:
            found.append(f"{ACTS} 里的 {name} 没有观察记录用到")
        if act_kind(name) in _BY_TWO and act.signers < 2:
            found.append(
                f"{ACTS} 里的 {name} 只有 {act.signers} 人，{ACT_WORDS[str(act_kind(name))]}须两人办理"
            )
        if act.day > day_of(as_of):
            found.append(f"{ACTS} 里 {name} 的日期晚于截至时刻")
    return found


def _manifest_faults(data: Mapping[str, Any]) -> list[str]:
    numbers = {"observation_format": OBSERVATION_FORMAT, "rubric_format": RUBRIC_FORMAT}
    wrong = [
        name for name, known in numbers.items() if type(data.get(name)) is not int or data.get(name) != known
    ]
    return [*second.corrects_faults(data), *wrong, *_adopted_faults(data.get(ADOPTED))]


def _adopted_faults(found: Any) -> list[str]:
    """The approval that made the rulebook's proposals the city's own: office, day, 文号 ('' while there is none), or null."""
    good = found is None or (
        isinstance(found, dict)
        and set(found) == {"by", "on", "document_no"}
        and all(isinstance(text, str) for text in found.values())
        and bool(found["by"])
        and strict_day(found["on"]) is not None
    )
    return [] if good else [ADOPTED]


def _beside(content: first.Content) -> list[str]:
    found = [f"观察记录 {one}" for one in broken(content.observations)]
    found += small_faults(content.rulebook, content.observations)
    try:
        acts = read_acts(loads_canonical(content.files.get(ACTS, b"")))
    except NotStrict as error:
        return [*found, f"{ACTS} {error}"]
    return [*found, *act_faults(content.observations, acts, content.as_of)]


LAYOUT: Final = first.Layout(
    facts=FACTS,
    manifest_faults=_manifest_faults,
    files=(ACTS,),
    observations=OBSERVATION_FORMAT,
    beside=_beside,
    dictionary=True,
)
check: Final = partial(first.check, layout=LAYOUT)
