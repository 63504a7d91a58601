"""Decisions of monitoring, pure: when a failure is confirmed, when a site is due, whose failure a run was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kaoping.checks import Level, check_by_id
from kaoping.foreign.addresses import canonical
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring import targets
from kaoping.standards.limits import STANDARD, Limits

SUSPECTED, READY, CONFIRMED, CLEARED, REMOVED = "suspected", "ready", "confirmed", "cleared", "removed"
FINDING_STATES: Final[dict[str, str]] = {
    SUSPECTED: "疑似，未确认",
    READY: "待人工确认",
    CONFIRMED: "已确认不符合",
    CLEARED: "已消除",
    REMOVED: "网页已撤",
}
OPEN: Final = (SUSPECTED, READY, CONFIRMED)
WAITING, DONE, FAILED = "waiting", "done", "failed"
RUN_STATES: Final[dict[str, str]] = {WAITING: "排队或抓取中", DONE: "已完成", FAILED: "没有成功"}
ROUTINE, RETEST = "routine", "retest"
WHOSE: Final[dict[str, str]] = {"site": "网站", "network": "网络", "us": "本平台"}
WHOSE_WORDS: Final[dict[str, str]] = {
    "site": "网站没有正常应答，已留存记录，请联系单位",
    "network": "线路不通，不算单位的问题，下一轮再看",
    "us": "是本平台的原因，不算单位的问题",
}
MAX_REVISITED: Final = 100  # pages with open findings that are asked for beside the links

# As many runs in a row that broke or did not end in time are for a person to look into.
STUCK_RUNS: Final = 2
# A run that is still waiting after this long was begun by a process that is gone.
STALE: Final = timedelta(days=1)

MET, NOT_MET, UNDECIDED, NOT_APPLICABLE = "met", "not_met", "undecided", "not_applicable"
GONE_WORDS: Final = "网页已撤"  # how the reason of such a decision begins, in the ledger and on the case
GONE: Final = "gone"  # only of a sighting: the page answered 404 or 410


def page_of(address: str) -> str:
    """The target of a page; what is no address goes by itself."""
    try:
        return targets.page(address)
    except targets.TargetError:
        return address


def target_of(check: str, address: str) -> str:
    """What an answer of a check at an address is about: the site where the check asks the whole site, else that page.

    Findings that are stored under a bare address are read the same way, so that a new look meets them.
    """
    if targets.parse(address) is not None:
        return address
    if not address or check_by_id(check).level is not Level.SITE:
        return page_of(address)
    try:
        return targets.site(address)
    except targets.TargetError:
        return address


def named(stored: str, home: str) -> tuple[str | None, str]:
    """Target and address of a line about a finding; what is no page was seen at the site's ``home``."""
    target, address = targets.named(stored)
    return target, address or canonical(home) or home


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run said of one target."""

    at: datetime
    outcome: str


def span_line(limits: Limits) -> str:
    """How far apart the first and the last look must lie, in words."""
    return f"相隔 {limits.confirm_hours} 小时以上"


def confirmation_line(limits: Limits) -> str:
    """What a finding needs before a person may confirm it, in words."""
    return f"{limits.confirm_failures} 次失败，首末{span_line(limits)}"


def interval_words(limits: Limits) -> str:
    """How often a site is looked at, in words."""
    return f"每 {limits.look_days} 天一轮"


@dataclass(frozen=True, slots=True)
class Counters:
    """Failures since the last pass, and the time between the first and the last of them."""

    failures: int
    first: datetime | None
    last: datetime | None
    limits: Limits = STANDARD

    @property
    def span(self) -> timedelta:
        """From the first failure to the last."""
        return self.last - self.first if self.first and self.last else timedelta(0)

    @property
    def reached(self) -> bool:
        """Whether the confirmation line is reached."""
        return self.failures >= self.limits.confirm_failures and self.span >= self.limits.confirm_span

    def missing(self) -> str:
        """What the confirmation still lacks, in words; empty when nothing."""
        parts = []
        if self.failures < self.limits.confirm_failures:
            parts.append(f"还差 {self.limits.confirm_failures - self.failures} 次失败")
        if self.span < self.limits.confirm_span:
            parts.append(f"首末两次失败须{span_line(self.limits)}")
        return "，".join(parts)


def counters(sightings: Iterable[Seen], limits: Limits = STANDARD) -> Counters:
    """Count failures in the order of time. A pass starts anew; undecided and not applicable say nothing."""
    failures: list[datetime] = []
    for one in sorted(sightings, key=lambda seen: seen.at):
        if one.outcome == MET:
            failures = []
        elif one.outcome == NOT_MET:
            failures.append(one.at)
    first, last = (failures[0], failures[-1]) if failures else (None, None)
    return Counters(len(failures), first, last, limits)


@dataclass(frozen=True, slots=True)
class Absence:
    """How often a page was not there since it was last seen, and from when to when."""

    times: int
    first: datetime | None
    last: datetime | None
    limits: Limits = STANDARD

    @property
    def span(self) -> timedelta:
        """From the first answer 404 or 410 to the last."""
        return self.last - self.first if self.first and self.last else timedelta(0)

    @property
    def reached(self) -> bool:
        """Whether a person may decide that the page was taken down."""
        return self.times >= self.limits.gone_answers and self.span >= self.limits.confirm_span

    def missing(self) -> str:
        """What that decision still lacks, in words; empty when nothing."""
        parts = []
        if self.times < self.limits.gone_answers:
            parts.append(f"还差 {self.limits.gone_answers - self.times} 次 404 或 410")
        if self.span < self.limits.confirm_span:
            parts.append(f"首末两次须{span_line(self.limits)}")
        return "，".join(parts)


def absence(sightings: Iterable[Seen], limits: Limits = STANDARD) -> Absence:
    """Count answers 404 or 410 in the order of time; whatever was read of the page starts anew."""
    gone: list[datetime] = []
    for one in sorted(sightings, key=lambda seen: seen.at):
        gone = [*gone, one.at] if one.outcome == GONE else []
    first, last = (gone[0], gone[-1]) if gone else (None, None)
    return Absence(len(gone), first, last, limits)


def refusal_to_decide(state: str) -> str | None:
    """Why a person cannot decide on a finding any more, in words, or null."""
    return None if state in OPEN else "这一条已经办结，无需再判。"


def refusal_to_remove(state: str, found: Absence) -> str | None:
    """Why a person cannot decide that a page was taken down, in words, or null."""
    if words := refusal_to_decide(state):
        return words
    if not found.reached:
        return f"还不能认定网页已撤：{found.missing()}。请等下一轮，或再测一次。"
    return None


def refusal_of_removing(reason: str) -> str | None:
    """Why that decision cannot be put like this, in words, or null."""
    if not glyphs(reason):
        return "请写明怎么核实的（如问过单位、看过新网址），留档备查。"
    return None


def state_after(state: str, sightings: Iterable[Seen], limits: Limits = STANDARD) -> str:
    """The state of a finding after its newest sighting. Only a person makes ``ready`` into ``confirmed``."""
    found = counters(sightings, limits)
    if state == REMOVED:
        return state
    if found.failures == 0:
        return CLEARED
    if state in (CONFIRMED, CLEARED):
        return state
    return READY if found.reached else SUSPECTED


def refusal_to_confirm(
    states: Mapping[int, str], wanted: Iterable[int], limits: Limits = STANDARD
) -> str | None:
    """Why a batch cannot be confirmed, in words, or null when it can."""
    ids = list(wanted)
    if not ids:
        return "没有选中任何一条。请勾选要确认的问题。"
    unknown = [one for one in ids if one not in states]
    if unknown:
        return f"没有编号为 {'、'.join(str(one) for one in unknown)} 的监测发现，请刷新后再选。"
    early = [one for one in ids if states[one] == SUSPECTED]
    if early:
        return f"有 {len(early)} 条还没有到确认线（{confirmation_line(limits)}），不能确认。"
    gone = [one for one in ids if states[one] != READY]
    if gone:
        return f"有 {len(gone)} 条已经确认或已消除，请刷新后再选。"
    return None


def refusal_of_clearing(reason: str) -> str | None:
    """Why a finding cannot be set aside as a false alarm like this, in words, or null."""
    if not glyphs(reason):
        return "请写明为什么是误报，留档备查。"
    return None


def is_stuck(broken: Sequence[bool]) -> bool:
    """Whether the newest runs of a site, newest first, all broke or ran out of time: a person has to look into it."""
    return len(broken) >= STUCK_RUNS and all(broken[:STUCK_RUNS])


def due(last_started: datetime | None, now: datetime, limits: Limits = STANDARD) -> bool:
    """Whether a site is to be looked at again."""
    return last_started is None or now - last_started >= limits.interval


def worst(counts: Mapping[str, int] | None) -> str:
    """One cell of the outcome matrix from one check's outcomes in one run; ``not_run`` when it said nothing."""
    for outcome in (NOT_MET, UNDECIDED, MET):
        if counts and counts.get(outcome):
            return outcome
    return "not_run"
