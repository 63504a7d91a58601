"""Decisions of the public evaluation, pure: states of a poll and why a step is not yet possible."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from kaoping.accounts.actor import Who, same_person
from kaoping.beijing import deadline_day
from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.checks.model import date_words
from kaoping.evidence.logic import MIN_REASON
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in

PREPARED, OPEN, SEALED, OPENED, CANCELLED = "prepared", "open", "sealed", "opened", "cancelled"
STATES: Final[dict[str, str]] = {
    PREPARED: "已布置",
    OPEN: "评议中",
    SEALED: "已封存",
    OPENED: "已开箱",
    CANCELLED: "已取消",
}
# 评议制度 第八条: reasonable opinions are put right in time. Fifteen working days are this product's proposal (待核).
OPINION_WORKING_DAYS: Final = 15


# Ids of polls stand in file names, addresses and receipts.
POLL_ID: Final = 40
LINE_UID: Final = 64
_ORGANISER: Final = 20


def poll_id(installation: str, organiser: str, year: int, number: int) -> str:
    """``<installation>-<organiser>-<year>-<n>``, at most 40 signs: no two installations, organisers or polls share one.

    Of the organiser's code the ASCII letters and digits stay; one that is longer, or has other signs, is cut and told
    apart by a part of its digest.
    """
    signs = "".join(sign for sign in organiser if sign.isascii() and sign.isalnum())
    if signs != organiser or not 0 < len(signs) <= _ORGANISER:
        signs = signs[:12] + hashlib.sha256(organiser.encode()).hexdigest()[:8]
    made = f"{installation[:8]}-{signs}-{year}-{number}"
    if len(made) > POLL_ID:
        raise ValueError(f"poll id longer than {POLL_ID} signs: {made}")
    return made


def line_uid(poll: str, *parts: str) -> str:
    """The id of a ledger line that comes of a poll: the same parts give the same id, at most 64 signs."""
    text = ":".join((poll, *parts))
    if len(text) <= LINE_UID:
        return text
    return f"{poll}:{hashlib.sha256(text.encode()).hexdigest()[: LINE_UID - len(poll) - 1]}"


def state_at(state: str, opens_at: datetime, now: datetime) -> str:
    """A prepared poll is open from its opening instant on; sealing and opening are acts, not times."""
    return OPEN if state == PREPARED and now >= opens_at else state


def refusal_to_prepare(
    year: int, opens_at: datetime, closes_at: datetime, units: int, now: datetime
) -> str | None:
    """Why the poll of a year cannot be announced, or changed, to these days; or null.

    It begins after now: until its opening instant it can be changed and cancelled, and the public hears of it. It ends
    within the year after its own, so that a slip in a year is met here.
    """
    if closes_at <= opens_at:
        return "截止时间要晚于开始时间。"
    if closes_at <= now:
        return "截止时间已经过去，请改为以后的时间。"
    if opens_at <= now:
        return "开始时间要晚于现在，公众才来得及知道；最早从明天 0:00 开始。"
    if deadline_day(closes_at).year > year + 1:
        return f"{year} 年的评议最迟到 {year + 1} 年 12 月 31 日截止，请核对截止日期的年份。"
    if units == 0:
        return "没有被评议的单位，请先在方案里选定参评单位。"
    return None


def refusal_of_title(title: str) -> str | None:
    """Why a poll cannot be called this, or null."""
    return unseen_in("标题", title.strip()) if glyphs(title) else "请填标题。"


def refusal_once_open(state: str, opens_at: datetime, now: datetime) -> str | None:
    """Why nothing of a poll can be changed or taken back any more, or null: until its opening instant nobody has voted."""
    if state == CANCELLED:
        return "这次评议已经取消。"
    if state != PREPARED or now >= opens_at:
        return "评议已经开始，公众可能已经交卷，不能再改标题和时间，也不能取消；截止后照常封存、开箱。"
    return None


def refusal_to_change(
    year: int,
    state: str,
    opens_at: datetime,
    wanted: tuple[str, datetime, datetime],
    *,
    changed: bool,
    reason: str,
    now: datetime,
) -> str | None:
    """Why title and days cannot become ``wanted`` (title, opening, closing), or null."""
    title, opening, closing = wanted
    words = refusal_once_open(state, opens_at, now) or refusal_to_prepare(year, opening, closing, 1, now)
    words = words or refusal_of_title(title)
    if words is None and not changed:
        words = "标题和时间都没有改动。"
    if words is None and not glyphs(reason):
        words = "请写明为什么改，改动记录里列出这条理由。"
    return words


def outside_stage(opens_on: date, closes_on: date, stage: tuple[date, date] | None) -> str | None:
    """What to say of days that leave the stage of the plan; null within it, or when there is no plan yet. Never a refusal."""
    if stage is None or (stage[0] <= opens_on and closes_on <= stage[1]):
        return None
    return (
        f"评议时间 {date_words(opens_on)}至{date_words(closes_on)}，超出“社会评议”阶段的时间"
        f"（{date_words(stage[0])}至{date_words(stage[1])}）。填错的，请在评议开始前改时间。"
    )


def refusal_of_cancelling(reason: str) -> str | None:
    """Why a poll is not cancelled for this reason, or null: the public page shows it."""
    if glyphs(reason) < MIN_REASON:
        return f"请写明为什么取消，至少 {MIN_REASON} 个字，公众页面列出这条理由。"
    return None


def refusal_to_seal(state: str, closes_at: datetime, now: datetime) -> str | None:
    """Why ballots cannot be sealed yet, or null."""
    if state == CANCELLED:
        return "这次评议已经取消，没有问卷可以封存。"
    if state in (SEALED, OPENED):
        return "问卷已经封存。"
    if now < closes_at:
        return "评议还没有截止，截止后才能封存。到时自动封存。"
    return None


def refusal_to_open(
    state: str, first_opener: Who, second_opener: Who | None, openers: Sequence[Who]
) -> str | None:
    """Why these two cannot open the box, or null; of the first alone while the second has not come."""
    if state == OPENED:
        return "已经开箱，结果在评议页。"
    if state == CANCELLED:
        return "这次评议已经取消，没有箱可开。"
    if state != SEALED:
        return "问卷还没有封存，截止后由本平台或经办封存，再来开箱。"
    if second_opener is None:
        mine = any(same_person(first_opener, one) for one in openers)
        return None if mine else "您不是布置这次评议时指定的开箱人。请指定的两位来办。"
    if same_person(first_opener, second_opener):
        return "开箱须两人到场，请第二位开箱人登录确认。"
    came = (first_opener, second_opener)
    if not all(any(same_person(one, opener) for one in came) for opener in openers):
        return "开箱人须是布置评议时指定的两位。"
    return None


def opinions_in_words(count: Mapping[str, int]) -> str:
    """How many opinions came (``received``), how many are reasonable, how many of those were put right in time."""
    return f"收到意见 {count['received']} 条，合理 {count['reasonable']} 条，按期整改 {count['closed']} 条"


def opinion_due(arrived_on: date, calendar: WorkingCalendar) -> date | None:
    """The last day to put a reasonable opinion right; null for a year that the calendar does not know."""
    try:
        return calendar.add_working_days(arrived_on, OPINION_WORKING_DAYS)
    except YearNotAnnounced:
        return None


def refusal_to_answer(reasonable: bool | None, answer: str) -> str | None:
    """Why an opinion cannot be answered like this, or null."""
    if reasonable is None:
        return "请先判断意见是否合理。"
    if not glyphs(answer):
        return "请写明答复。"
    return None
