"""The audit log as a chain: every line carries a digest over itself and over the digest of the line before it. Pure.

Whoever writes the database can recompute such a chain: it has no key. What cannot be recomputed is a head that left the
machine. So a log is proven up to the last head that somebody else kept, and ``verify`` says which line that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

import rfc8785

from kaoping.foreign.days import strict_day
from kaoping.support import clock, suites

NOTHING: Final = sha256(b"").hexdigest()
"""What the first link names as its predecessor when no line was there before the chain."""
_DIGEST: Final = 64


class AnchorError(ValueError):
    """A file of heads that is none; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. ``number`` counts from 1 without gaps; lines from before the chain have none.

    ``address`` is the client's, ``session`` a short digest of the session's key; both are null where nobody asked by
    the network, and in lines from before.
    """

    id: int
    at: datetime
    actor_id: str
    actor_name: str
    verb: str
    thing_kind: str
    thing_id: str
    sentence: str
    refused: bool
    address: str | None = None
    session: str | None = None
    number: int | None = None
    previous: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was kept: up to line ``number`` the log had ``digest``; ``place`` says where it was kept."""

    number: int
    digest: str
    place: str
    day: date | None = None


@dataclass
class Verdict:
    """What ``verify`` found. ``problems`` is empty for a sound log; ``proven`` is the last line that an anchor proves."""

    lines: int = 0
    before: int = 0
    last: int = 0
    head: str = ""
    proven: int = 0
    proven_by: str = ""
    problems: list[str] = field(default_factory=list)
    count: int = 0
    numbers: set[int] = field(default_factory=set)
    """Numbers of kept heads that the log has."""

    def found(self, words: str) -> None:
        """Note a problem; the first ones are kept in words, all are counted."""
        self.count += 1
        if len(self.problems) < _MOST_NAMED:
            self.problems.append(words)


_MOST_NAMED: Final = 20


def canonical(line: Line) -> bytes:
    """A line as its digest sees it: RFC 8785, the instant in UTC; without the row's id, which the chain's order replaces."""
    return bytes(
        rfc8785.dumps(
            {
                "number": line.number,
                "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor_id": line.actor_id,
                "actor_name": line.actor_name,
                "verb": line.verb,
                "thing_kind": line.thing_kind,
                "thing_id": line.thing_id,
                "sentence": line.sentence,
                "refused": line.refused,
                "address": line.address,
                "session": line.session,
            }
        )
    )


def link(line: Line, previous: str) -> str:
    """The digest of ``line`` behind ``previous``."""
    return sha256(previous.encode("ascii", "replace") + b"\n" + canonical(line)).hexdigest()


def digest_of_before(lines: Iterable[Line]) -> tuple[str, int]:
    """One digest over all lines from before the chain, in order of their ids, and how many they are."""
    digest, count = sha256(), 0
    for line in lines:
        digest.update(canonical(line) + b"\n")
        count += 1
    return digest.hexdigest(), count


def verify(lines: Iterable[Line], anchors: Sequence[Anchor]) -> Verdict:
    """Walk the whole log in order of its ids, and compare what was kept elsewhere.

    Finds altered, removed, inserted, moved lines, a cut tail, and a chain that was computed anew before an anchor.
    """
    verdict, kept = Verdict(), _by_number(anchors)
    before, previous = sha256(), NOTHING
    for line in lines:
        verdict.lines += 1
        if line.number is None:
            if verdict.last:
                verdict.found(f"编号 {line.id} 的一条没有链上的序号，是后来插进去的")
            else:
                before.update(canonical(line) + b"\n")
                verdict.before += 1
            continue
        if not verdict.last:
            previous, verdict.last = before.hexdigest(), verdict.before
        _look_at(line, previous, verdict)
        previous, verdict.last = line.digest or "", line.number
        if line.number in kept:
            verdict.numbers.add(line.number)
            _compare(line, kept[line.number], verdict)
    verdict.head = previous if verdict.last else ""
    for number, (anchor, *_more) in sorted(kept.items()):
        if number > verdict.last:
            verdict.found(f"{anchor.place} 记到第 {number} 条，这里只到第 {verdict.last} 条：末尾少了")
        elif number not in verdict.numbers:
            verdict.found(
                f"{anchor.place} 记了第 {number} 条的校验值，这里没有链上的第 {number} 条：以前的被改过"
            )
    return verdict


def _look_at(line: Line, previous: str, verdict: Verdict) -> None:
    number, expected = line.number or 0, verdict.last + 1
    if number > expected:
        verdict.found(f"第 {expected} 条到第 {number - 1} 条不见了")
    elif number < expected:
        verdict.found(f"第 {number} 条的位置不对，或是后来插进去的（编号 {line.id}）")
    elif line.previous != previous:
        verdict.found(f"第 {number} 条与前一条接不上（{_of_instant(line)}）")
    if line.digest != link(line, line.previous or ""):
        verdict.found(f"第 {number} 条被改过（{_of_instant(line)}，{line.actor_name}）")


def _compare(line: Line, anchors: Sequence[Anchor], verdict: Verdict) -> None:
    for anchor in anchors:
        if anchor.digest != line.digest:
            verdict.found(f"第 {anchor.number} 条的校验值与{anchor.place}记的不同：这一条或以前的被改过")
        elif not verdict.count:
            verdict.proven, verdict.proven_by = anchor.number, anchor.place


def _by_number(anchors: Sequence[Anchor]) -> dict[int, list[Anchor]]:
    found: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        found.setdefault(anchor.number, []).append(anchor)
    return found


def _of_instant(line: Line) -> str:
    return clock.beijing_text(line.at)


def anchors_of(content: Mapping[str, Any], place: str) -> list[Anchor]:
    """The heads in a saved file: the published list (``heads``), or a backup's manifest (``log_head``). Raises ``AnchorError``."""
    try:
        suites.suite_of(content)
    except suites.UnknownSuite as error:
        raise AnchorError(str(error)) from None
    if "heads" in content:
        rows = content["heads"]
    elif "log_head" in content:
        rows = [content["log_head"]] if content["log_head"] is not None else []
    else:
        raise AnchorError("里面没有 heads（公开的校验值清单），也没有 log_head（备份清单）")
    if not isinstance(rows, list):
        raise AnchorError("heads 应是一个列表")
    return [_anchor(row, index, place) for index, row in enumerate(rows, 1)]


def _anchor(row: object, index: int, place: str) -> Anchor:
    if not isinstance(row, dict):
        raise AnchorError(f"第 {index} 项不是一条记录")
    number, digest, day = row.get("number"), row.get("digest"), row.get("day")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise AnchorError(f"第 {index} 项的 number 不是正整数")
    if not isinstance(digest, str) or len(digest) != _DIGEST or set(digest) - set("0123456789abcdef"):
        raise AnchorError(f"第 {index} 项的 digest 不是 64 位十六进制数")
    on = strict_day(day)
    if isinstance(day, str) and on is None:
        raise AnchorError(f"第 {index} 项的 day 不是日期")
    return Anchor(number, digest, place, on)
