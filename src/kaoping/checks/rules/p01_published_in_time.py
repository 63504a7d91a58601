"""主动公开的政府信息，自形成或变更之日起 20 个工作日内公开（条例第二十六条），从次日起算。"""

from __future__ import annotations

from kaoping.calendars import YearNotAnnounced, YearState
from kaoping.checks.facts import PageFacts
from kaoping.checks.model import (
    Context,
    Verdict,
    date_words,
    met,
    not_applicable,
    not_met,
    page_check,
    undecided,
)

LIMIT = 20
# By how many working days an announced arrangement can differ from the provisional count inside one window: two in 2025 and in
# 2026 (the test measures it), one more for the years to come.
MARGIN = 3


@page_check(
    id="P-01",
    version=2,
    title="20 个工作日内公开",
    basis="《政府信息公开条例》第二十六条",
    confidence="C",
    remedy="请核对生成日期和公开日期；确属超期的，说明原因，并在今后自形成之日起 20 个工作日内公开。",
)
def published_in_time(page: PageFacts, context: Context) -> Verdict:
    """Working days from 生成日期 to 公开日期, against 20."""
    if not page.signs.has_block:
        return not_applicable("页面没有信息属性表头")
    formed, published = page.property_block.formed_on, page.published_on
    if formed is None or published is None:
        missing = "生成日期" if formed is None else "公开日期"
        return undecided(f"没有读到{missing}，算不出用了几个工作日")
    if published < formed:
        return undecided(
            f"公开日期{date_words(published)}早于生成日期{date_words(formed)}，先核对日期（见 P-02）"
        )
    try:
        days = context.calendar.working_days_between(formed, published)
    except YearNotAnnounced as error:
        return undecided(f"工作日历没有 {error.year} 年，算不出工作日")
    # A count through a year that is not announced is judged, and again at the next run; the reason says on what it rests.
    # Nobody is accused by days that an arrangement could take away.
    rests = context.calendar.rests_on_provisional(formed, published)
    note = f"（{YearState.PROVISIONAL.label}）" if rests else ""
    when = f"{date_words(formed)}生成，{date_words(published)}公开"
    if days <= LIMIT:
        return met(f"{when}，{days} 个工作日{note}")
    if rests and days <= LIMIT + MARGIN:
        return undecided(f"{when}，{days} 个工作日{note}，略超 {LIMIT} 个工作日；放假安排录入后再判")
    return not_met(f"{when}，用了 {days} 个工作日{note}，超过 {LIMIT} 个工作日")
