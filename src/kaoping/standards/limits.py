"""What the program works by and no text of the law says: how often a site is looked at, what makes a fault certain, how long an
order runs. A rulebook may set them (``limits`` in ``rubric.yaml``); what it does not set is as it always was. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Final

from kaoping.scoring.provenance import PROPOSED, WRITTEN
from kaoping.standards.reader import Path, Reader


@dataclass(frozen=True, slots=True)
class Limits:
    """Each a whole number. ``confidence`` says where they come from; none of them has a source in the regulations.

    ``confirm_failures`` failures over at least ``confirm_hours`` with no pass between make a finding ready for a person.
    ``gone_answers`` answers 404 or 410 as far apart let a person say that a page was taken down. A site is looked at every
    ``look_days``, up to ``pages`` pages and ``files`` files. An order runs ``order_days`` working days unless said otherwise.
    """

    confirm_failures: int = 3
    confirm_hours: int = 48
    gone_answers: int = 2
    look_days: int = 3
    # A run ends inside one lease of a job at one request a second, so that two workers never crawl one site.
    pages: int = 300
    files: int = 100
    order_days: int = 15
    confidence: str = PROPOSED

    @property
    def confirm_span(self) -> timedelta:
        """How far apart the first and the last failure lie at least."""
        return timedelta(hours=self.confirm_hours)

    @property
    def interval(self) -> timedelta:
        """From one look at a site to the next."""
        return timedelta(days=self.look_days)


STANDARD: Final = Limits()
# Least and most: below, a slip of a machine would become a fault; above, nothing would ever be certain, or a run never end.
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "confirm_failures": (2, 10),
    "confirm_hours": (24, 720),
    "gone_answers": (2, 10),
    "look_days": (1, 31),
    "pages": (10, 300),
    "files": (0, 100),
    "order_days": (1, 60),
}
WORDS: Final[Mapping[str, str]] = {
    "confirm_failures": "监测发现的确认：失败次数",
    "confirm_hours": "监测发现的确认：首末相隔小时",
    "gone_answers": "认定网页已撤：答复 404 或 410 的次数",
    "look_days": "监测间隔天数",
    "pages": "每轮最多看的网页",
    "files": "每轮最多看的附件",
    "order_days": "整改期限工作日",
}


def read_limits(reader: Reader, value: Any) -> Limits:
    """From ``limits`` of ``rubric.yaml``; a wrong number names its line and what would be right. Raises ``RulebookError``."""
    if value is None:
        return STANDARD
    path: Path = ("limits",)
    data = reader.mapping(value, path)
    reader.no_others(data, frozenset({*BOUNDS, "confidence", "note"}), path)
    found: dict[str, Any] = {}
    for key, (least, most) in BOUNDS.items():
        if key not in data:
            continue
        number = reader.number(data, key, path)
        if number.denominator != 1 or not least <= number <= most:
            raise reader.fail((*path, key), f"{WORDS[key]}应为 {least} 到 {most} 的整数")
        found[key] = int(number)
    if "confidence" in data:
        found["confidence"] = reader.one_of(data["confidence"], WRITTEN, (*path, "confidence"))
    limits = Limits(**found)
    # With fewer looks than failures in the span, the line would wait for another look than the two numbers say.
    if limits.interval * limits.confirm_failures > timedelta(days=365):
        raise reader.fail((*path, "look_days"), "照这样的间隔，一年里也到不了确认线；请缩短间隔或减少次数")
    return limits


def said(limits: Limits) -> Iterator[tuple[str, int]]:
    """Each number with its name, in the order of ``Limits``."""
    for one in fields(limits):
        if one.name in WORDS:
            yield WORDS[one.name], getattr(limits, one.name)
