"""What may supersede what: one rule for the ledger, the scorer, the bundle and its verification. Pure.

A line is corrected or withdrawn by the process that made it. A fact seen (monitor, retest, visit, draw) falls to a later
re-test of the same target, or to the office by a ruling, an appeal or a correction; a reviewer's level to the reviewer, or to
the same three acts; a tally to a correction alone; a unit's word to the unit, or to the office, which decides what applies; a
line of a register to the register, or to the office by undoing the batch, an appeal or a correction; a clock's line to the
clock. What the office recorded falls to the office by one of the three acts. A withdrawal falls to the process that may
withdraw, and then what it withdrew is recorded again with the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kaoping.scoring import targets
from kaoping.scoring.observations import Observation

SEEN: Final = ("monitor", "retest", "visit", "draw")
_DECISIONS: Final = ("ruling", "appeal", "correction")
# The acts that alone move points after the round of review closed; each takes two people then.
AFTER_CLOSING: Final = _DECISIONS
# Source of the old line -> acts by which the office may supersede it; null in the list means that it needs none.
OFFICE_ACTS: Final[Mapping[str, tuple[str | None, ...]]] = {
    **dict.fromkeys(SEEN, _DECISIONS),
    "reviewer": _DECISIONS,
    "ballot": ("correction",),
    "self": (None, *_DECISIONS),
    "register": ("batch", "appeal", "correction"),
    "clock": (),
    "office": _DECISIONS,
}
SOURCE_WORDS: Final[Mapping[str, str]] = {
    "monitor": "在线监测",
    "retest": "复测",
    "visit": "实地查看",
    "draw": "随机抽查",
    "ballot": "社会评议",
    "self": "部门自查",
    "reviewer": "专家评审",
    "register": "台账",
    "clock": "本平台计时",
    "office": "市政务公开办",
}
ACT_WORDS: Final[Mapping[str, str]] = {
    "ruling": "审定",
    "appeal": "复核",
    "correction": "更正",
    "batch": "撤回整批导入",
    "recheck": "再次核查",
}


def act_kind(act: str | None) -> str | None:
    """Which sort of act ``act`` names, or null."""
    return act.partition(":")[0] if act else None


def arrived_late(one: Observation, closed_at: datetime | None) -> bool:
    """Whether a line was recorded after the round of its year closed (``closed_at``, null while it is open), by no act.

    Then only a ruling, an appeal or a correction moves points: whatever else arrives is kept and does not count.
    """
    return closed_at is not None and one.recorded_at > closed_at and act_kind(one.act) not in AFTER_CLOSING


def in_time(observations: Iterable[Observation], closed_at: datetime | None) -> list[Observation]:
    """What is laid before the scorer of a year whose round closed at ``closed_at``: all of it while the round is open.

    Left out is what arrived late, and what speaks of nothing but such a line (its withdrawal): so what a late line names
    stands as it stood when the round closed.
    """
    lines = list(observations)
    if closed_at is None:
        return lines
    out: set[str] = set()
    for one in sorted(lines, key=lambda one: (one.recorded_at, one.id)):
        if arrived_late(one, closed_at) or one.supersedes in out:
            out.add(one.id)
    return [one for one in lines if one.id not in out]


def target_of(one: Observation) -> str | None:
    """What the line is about; a line of an earlier format, which has no target, by the first address among its artefacts."""
    if one.target:
        return one.target
    address = next((artefact.url for artefact in one.artefacts if artefact.url), None)
    return targets.of_address(address) if address else None


def refusal(new: Observation, old: Observation | None, withdrawn: Observation | None = None) -> str | None:
    """Why ``new`` may not supersede ``old``, in words with the remedy, or null when it may.

    ``old`` is null when no line has the id. ``withdrawn`` is what ``old`` withdrew, when ``old`` is a withdrawal. That a
    line has one successor only, and that no ring closes, needs all lines: see ``broken``.
    """
    if old is None:
        return f"没有编号为 {new.supersedes} 的记录"
    if old.id == new.id:
        return "记录不能更正自己"
    if old.unit != new.unit:
        return "只能更正同一单位的记录"
    if not _same_matter(new, old):
        return "只能更正同一指标（或同一检查项）的记录"
    if new.recorded_at < old.recorded_at:
        return "更正的登记时间早于原记录"
    if old.kind == "withdrawn":
        return _refusal_to_restore(new, withdrawn)
    return _refusal_by_source(new, old)


def _same_matter(new: Observation, old: Observation) -> bool:
    """The same item and, where both name one, the same check; a line without an item is known by its check."""
    if new.item and old.item:
        return new.item == old.item and (not new.check or not old.check or new.check == old.check)
    return bool(new.check) and new.check == old.check


def _refusal_by_source(new: Observation, old: Observation) -> str | None:
    if new.source == "office":
        return _refusal_of_office(new, old.source)
    if new.source == old.source and new.kind == old.kind == "looks":
        return None
    if new.source == "retest" and old.source in SEEN:
        same = target_of(new) is not None and target_of(new) == target_of(old)
        later = new.observed_at > old.observed_at
        return None if same and later else "复测只能更正它之前对同一处的查看"
    if new.source != old.source or old.source in SEEN or old.source == "ballot":
        return f"{SOURCE_WORDS[old.source]}的记录不能由{SOURCE_WORDS[new.source]}更正或撤回；{_remedy(old.source)}"
    if new.source == "reviewer" and new.by != old.by:
        return "专家只能改自己的评分"
    return None


def _refusal_of_office(new: Observation, source: str) -> str | None:
    return (
        None
        if act_kind(new.act) in OFFICE_ACTS[source]
        else (f"{SOURCE_WORDS[source]}的记录不能这样更正或撤回；{_remedy(source)}")
    )


def _refusal_to_restore(new: Observation, withdrawn: Observation | None) -> str | None:
    """A withdrawal is taken back by the process that may withdraw, with the very value that was withdrawn."""
    if withdrawn is None or withdrawn.kind == "withdrawn":
        return "这条撤回记录不能再更正"
    same = (new.source, new.kind, new.value, new.observed_at) == (
        withdrawn.source,
        withdrawn.kind,
        withdrawn.value,
        withdrawn.observed_at,
    )
    if not same:
        return "恢复撤回的记录，来源、取值和观察时间须与原记录相同"
    if withdrawn.source in ("register", "self") and new.act is None:
        return None
    return _refusal_of_office(new, withdrawn.source)


def _remedy(source: str) -> str:
    """Which way is open, in words."""
    acts = "、".join(ACT_WORDS[act] for act in OFFICE_ACTS[source] if act)
    own = {
        "self": "由单位重新提交自查",
        "register": "由台账更正",
        "reviewer": "由专家本人修改",
        "clock": "由本平台重新计时登记",
    }
    ways = [way for way in (own.get(source), acts and f"由政务公开办经{acts}办理") if way]
    return f"须{'，或'.join(ways)}" if ways else ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line whose ``supersedes`` breaks the rule, and why. It counts for nothing, and what it names stands."""

    line: Observation
    reason: str

    def __str__(self) -> str:
        return f"{self.line.id} 不能更正 {self.line.supersedes}：{self.reason}"


def broken(lines: Iterable[Observation]) -> list[Broken]:
    """Every line that breaks the rule, in order of recording (then of id), whatever the order of ``lines``.

    Of two successors of one line the one recorded first is the successor; the other breaks the rule. A line that
    supersedes a broken one, or that closes a ring, breaks it too.
    """
    known = {one.id: one for one in lines}
    found: dict[str, str] = {}
    taken: dict[str, str] = {}
    corrections = sorted(
        (one for one in known.values() if one.supersedes), key=lambda one: (one.recorded_at, one.id)
    )
    waiting = {one.id for one in corrections}
    # Lines recorded at one instant may name one another in any order: each waits for what it names.
    while waiting:
        ready = [one for one in corrections if one.id in waiting and (one.supersedes not in waiting)]
        if not ready:
            found |= {
                one.id: "记录不能更正自己" if one.id == one.supersedes else "几条记录互相更正，绕成一圈"
                for one in corrections
                if one.id in waiting
            }
            break
        for one in ready:
            waiting.discard(one.id)
            reason = _reason(one, known, found, taken)
            if reason is None:
                taken[str(one.supersedes)] = one.id
            else:
                found[one.id] = reason
    return [Broken(one, found[one.id]) for one in corrections if one.id in found]


def _reason(
    one: Observation, known: Mapping[str, Observation], found: Mapping[str, str], taken: Mapping[str, str]
) -> str | None:
    name = str(one.supersedes)
    old = known.get(name)
    if name in taken:
        return f"{name} 已由 {taken[name]} 更正"
    if name in found:
        return f"{name} 本身不能更正别的记录，不计入"
    withdrawn = known.get(old.supersedes) if old and old.kind == "withdrawn" and old.supersedes else None
    return refusal(one, old, withdrawn)
