"""Decisions about working days, pure: which date a new count gives, and when the office is asked for the next year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from kaoping.calendars import Arrangement, CalendarTable, YearState
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in

CASE, REMINDER, APPEALS, OPINION, STAGE = "case", "reminder", "appeals", "opinion", "stage"
KINDS: Final[dict[str, str]] = {
    CASE: "整改期限",
    REMINDER: "整改提醒",
    APPEALS: "复核申请期限",
    OPINION: "意见整改期限",
    STAGE: "阶段日期",
}
# 国务院办公厅 announces the next year's arrangement around the beginning of November.
ASK_FROM_MONTH: Final = 11
PROVISIONAL: Final = YearState.PROVISIONAL.label
# Where the remedy is, in the words that the navigation and the command line use.
REMEDY: Final = "政务公开办经办在“工作日历”录入，或运行 kaoping calendar import 文件"


@dataclass(frozen=True, slots=True)
class Move:
    """A date that rests on working days and that a new count gives otherwise.

    ``counted`` is what the new calendar gives, ``becomes`` what will stand: a date that was told never becomes earlier. ``units``
    are those who were told it; a reminder that has not been sent was told to nobody.
    """

    kind: str
    thing: str
    title: str
    was: date
    counted: date
    becomes: date
    why: str
    units: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the date will be another one; if not, the count is earlier and the promise stands."""
        return self.becomes != self.was


def never_earlier(told: date, counted: date) -> date:
    """A date that was served, issued or shown becomes later where the count says so, never earlier."""
    return max(told, counted)


def asked_year(table: CalendarTable, today: date) -> int | None:
    """The year whose arrangement the office should enter now: this one, from November on the next; null when known."""
    wanted = [today.year] + ([today.year + 1] if today.month >= ASK_FROM_MONTH else [])
    missing = (YearState.PROVISIONAL, YearState.UNKNOWN)
    return next((year for year in wanted if table.state(year) in missing), None)


def words_of_asking(year: int, today: date) -> str:
    """The sentence that asks for the arrangement of ``year``."""
    if year <= today.year:
        return f"{year} 年的放假安排还没有录入，期限{PROVISIONAL}"
    return f"{year} 年的放假安排还没有录入；国务院办公厅一般在 11 月公布，录入前 {year} 年的期限{PROVISIONAL}"


def refusal_to_enter(
    given: Arrangement, standing: CalendarTable, standing_sources: Collection[str]
) -> str | None:
    """Why an arrangement cannot be entered like this, or null."""
    if not glyphs(given.source):
        return "请写明依据，即通知的文号，如“国办发明电〔2026〕…号”。"
    if words := unseen_in("依据", given.source.strip()):
        return words
    same = all(
        standing.state(year) is YearState.ENTERED and standing.days_of(year) == given.table().days_of(year)
        for year in given.years
    )
    if same and given.source in standing_sources:
        years = "、".join(map(str, given.years))
        return f"{years} 年已经是这样录入的，没有要改的。"
    return None


def digest_of(given: Sequence[object], moves: Sequence[Move]) -> str:
    """What somebody saw before confirming, in a few characters: another list gives another digest."""
    return sha256(repr((tuple(given), tuple(moves))).encode()).hexdigest()[:32]


def basis_words(years: Sequence[int], source: str) -> str:
    """The reason that a notice gives for a moved date."""
    return f"{'、'.join(map(str, years))} 年放假安排已录入（{source}），按工作日重新计算"
