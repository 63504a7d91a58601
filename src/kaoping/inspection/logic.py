"""Decisions of inspection, pure: which visit may be recorded, and how a draw is described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from kaoping.beijing import day_of
from kaoping.checks.model import date_words
from kaoping.evidence.logic import NOT_PLEDGED
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in
from kaoping.registry.logic import LONGEST_PLACE
from kaoping.registry.logic import place_key as place_key  # where a released migration looks for it
from kaoping.scoring import targets

OUTCOMES: Final[dict[str, str]] = {"met": "做到了", "not_met": "没做到", "undecided": "无法查看"}
# A phone's clock may run ahead a little.
AHEAD: Final = timedelta(minutes=10)
PHOTO_TYPES: Final = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class Spot:
    """An entry of the register of places: its id and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One verdict about an item at a target."""

    target: str
    value: str
    at: datetime


def target_met(root: Spot, others: Iterable[Spot], seen: Iterable[Seen]) -> str:
    """The target under which a look at a place is recorded, whatever it is called at the door.

    A fault that stands under another entry of the same place, or under one of its names, as lines before the register had
    it, is met there again, or it would be a second one; else the place's own id counts. ``seen`` are verdicts about the item.
    """
    own = targets.place(root.code)
    family = {
        targets.place(which) for one in (root, *others) for which in (one.code, place_key(one.name)) if which
    }
    last: dict[str, Seen] = {}
    for one in sorted(seen, key=lambda one: one.at):
        if one.value in ("met", "not_met") and one.target in family:
            last[one.target] = one
    standing = [one for one in last.values() if one.value == "not_met"]
    if not standing or any(one.target == own for one in standing):
        return own
    return max(standing, key=lambda one: one.at).target


def refusal_to_record(
    *,
    place: str,
    item: str,
    check: str,
    outcome: str,
    note: str,
    photo: str,
    visited_at: datetime | None,
    now: datetime,
    pledged: bool = True,
    since: date | None = None,
) -> dict[str, str]:
    """Field name to what is wrong with it, in words; empty when the visit can be recorded.

    ``visited_at`` is null where none was given that can be read; ``pledged``: the photo holds no secret.
    ``since`` is the first day that a year at work looks at. What a phone sends late, of a day within it, is taken.
    """
    found: dict[str, str] = {}
    if not glyphs(place) or len(place) > LONGEST_PLACE:
        found["place"] = f"请写到了哪里，例如“办事大厅查阅点”，不超过 {LONGEST_PLACE} 个字。"
    if not item and not check:
        found["item"] = "请选看的是哪一项。"
    if outcome not in OUTCOMES:
        found["outcome"] = "请选“做到了”“没做到”或“无法查看”。"
    if outcome in ("not_met", "undecided") and not glyphs(note):
        found["note"] = "请写明哪里不行，或者为什么无法查看。"
    if outcome in ("met", "not_met") and not photo:
        found["photo"] = "请拍一张照片。没有照片，别人无法核对。"
    elif photo and not photo.lower().endswith(PHOTO_TYPES):
        found["photo"] = "照片请用 JPG 或 PNG。"
    elif photo and not pledged:
        found["photo"] = NOT_PLEDGED
    if visited_at is None:
        found["visited_at"] = "请写到场的时间。"
    elif visited_at > now + AHEAD:
        found["visited_at"] = "时间晚于现在，请改为到现场的时间。"
    elif since is not None and day_of(visited_at) < since:
        found["visited_at"] = f"不在考核期内（{date_words(since)}起），请核对年份，改为到现场的时间。"
    return found


def example_of_source(today: date) -> str:
    """A public number that does not exist yet: the balls of the next drawing after ``today`` (Tuesday, Thursday, Sunday)."""
    coming = (today + timedelta(days=ahead) for ahead in range(1, 8))
    day = next(one for one in coming if one.weekday() in (1, 3, 6))
    return f"中国福利彩票双色球{day.year}年{day.month}月{day.day}日开奖的红球号码"


def refusal_to_commit(
    title: str,
    strata: Mapping[str, Sequence[str]],
    sizes: Mapping[str, int],
    source: str,
    source_on: date | None,
    today: date,
) -> str | None:
    """Why a draw cannot be committed, in words, or null."""
    if not glyphs(title):
        return "请写抽查的名称，例如“第三季度实地抽查”。"
    if words := unseen_in("抽查的名称", title.strip()) or unseen_in("公开数值的来源", source.strip()):
        return words
    if not strata:
        return "名录里没有可抽的单位。请先在单位名录登记分组并标明参评。"
    if sum(sizes.values()) == 0:
        return "至少抽取一个单位。请填各组抽取个数。"
    if glyphs(source) < 4:
        return f"请写公开数值取自哪里，例如“{example_of_source(today)}”。"
    if source_on is None or source_on <= today:
        return "公开数值要在布置之后才产生：请填明天或以后公布的日期。"
    over = [
        f"{group}只有 {len(strata.get(group, ()))} 个"
        for group, n in sizes.items()
        if n > len(strata.get(group, ()))
    ]
    return f"抽取个数多于单位数：{'；'.join(over)}。" if over else None


def refusal_to_draw(
    drawn_at: datetime | None,
    *,
    published: bool,
    source_on: date | None,
    today: date,
) -> str | None:
    """Why a committed draw cannot be run, in words, or null: nobody may know the value before the commitment is out."""
    if drawn_at is not None:
        return "这次抽取已经完成，结果不能重抽。需要另抽请新建一次。"
    if not published:
        return "承诺值还没有在公开页公布，公布以后才能抽取。一般一分钟内自动公布，请稍后再试。"
    if source_on is not None and today < source_on:
        return f"布置时写明的公开数值{source_on.year}年{source_on.month}月{source_on.day}日才公布，到那天再抽取。"
    return None


def refusal_of_value(public_value: str) -> str | None:
    """Why nothing can be drawn with this public value, in words, or null."""
    if glyphs(public_value) < 4:
        return "请填公开数值，例如当天已公布的彩票开奖号码，使任何人都无法事先知道结果。"
    return None
