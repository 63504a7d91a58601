"""The table of the scoring room: units by items, a page at a time, each cell with its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from django.urls import reverse

from kaoping.campaigns import policy
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.reporting import board
from kaoping.reporting import scoring_room as facts
from kaoping.web.ui.heat import mark
from kaoping.web.ui.paging import PER_PAGE, asked_page, page_count, page_links, rows_of
from kaoping.web.ui.parts.heat import (
    HeatCell,
    HeatColumn,
    HeatGroup,
    HeatHeading,
    HeatMark,
    HeatRow,
    HeatTable,
    PlainCell,
    PlainColumn,
)
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import points

STATES: Final = {
    facts.NOT_SCORED: "pending",
    facts.UNDECIDED: "undecided",
    facts.NOT_APPLICABLE: "absent",
}
# What nearly every title says and a head of five characters cannot carry, and words that a line must not cut.
COMMON: Final = ("政务", "政府", "基层", "平台", "工作", "制度", "信息公开")
WORDS: Final = ("依申请", "新媒体")


def _pages(request: SignedIn, rows: Sequence[Any], unit: str) -> tuple[int, int]:
    pages = page_count(len(rows))
    if unit and not request.GET.get("page"):
        place = next((n for n, row in enumerate(rows) if row.unit == unit), 0)
        return min(place // PER_PAGE + 1, pages), pages
    return asked_page(request.GET, pages), pages


def heat_of(request: SignedIn, campaign: Campaign, room: facts.Room, unit: str, item: str) -> HeatTable:
    """The page of the table that was asked for, or the one on which ``unit`` stands."""
    page, pages = _pages(request, room.rows, unit)
    shown = rows_of(room.rows, page)
    see = policy.can_see_spread(request.actor, campaign)
    apart = facts.apart(campaign, [row.unit for row in shown]) if see else set()
    columns = [column for group in room.groups for column in group.columns]
    names = sheets.grade_names(campaign)
    edges = board.heat_edges(campaign)
    rows: list[HeatRow | HeatHeading] = []
    group = None
    for row in shown:
        if row.summary["group"] != group:
            group = row.summary["group"]
            rows.append(HeatHeading(group or "未分组"))
        rows.append(_row(row, columns, room, names, edges, apart, (unit, item), page))
    keep = {"page": request.GET.get("page", "")}
    return HeatTable(
        caption="单位乘二级指标的得分表",
        groups=tuple(
            HeatGroup(
                label=group.title if len(group.columns) > 1 else short(group.title),
                span=len(group.columns),
                max=group.max,
            )
            for group in room.groups
        ),
        columns=tuple(
            HeatColumn(short(column.title), f"{column.code} {column.title}", column.max) for column in columns
        ),
        plain_columns=(PlainColumn("总分"), PlainColumn("等次")),
        second_corner="满分",
        rows=tuple(rows),
        page=page,
        pages=page_links(keep, range(1, pages + 1)),
        total=len(room.rows),
    )


def _row(
    row: Any,
    columns: Sequence[facts.Column],
    room: facts.Room,
    names: Mapping[str, str],
    edges: Sequence[int],
    apart: set[tuple[str, str]],
    chosen: tuple[str, str],
    page: int,
) -> HeatRow:
    summary, before = row.summary, room.before.get(row.unit, {}).get("items", {})
    cells = []
    for column in columns:
        state = facts.state_of(summary, row.unit, column, room.undecided)
        line = summary["items"].get(column.code, ["0", state, column.max])
        old = before.get(column.code)
        spread = any((row.unit, leaf) in apart for leaf in column.leaves)
        value, rate, then = None, None, None
        if state == facts.SCORED:
            got, whole = sheets.exact_line(line)
            value, rate = line[0], got / whole if whole else None
            if old and old[1] == facts.SCORED and whole:
                then = sheets.exact_line(old)[0] / whole
        made = _mark(value, line[2], rate, state, then, spread, tuple(edges))
        cells.append(
            HeatCell(
                made,
                f"{row.short_name}，{column.title}，{made.words}",
                f"?unit={row.unit}&item={column.code}&page={page}#reason",
                chosen[0] == row.unit and (chosen[1] == column.code or chosen[1] in column.leaves),
            )
        )
    total = summary["total"]
    grade = names.get(summary["grade"] or "", summary["grade"])
    return HeatRow(
        label=row.short_name,
        url=reverse("desk-unit-sheet", args=[room.sheet.campaign.key, row.unit]),
        selected=chosen[0] == row.unit,
        cells=tuple(cells),
        plain=(
            PlainCell(points(total, 2) if total is not None else "未定", strong=total is not None),
            PlainCell(grade=grade, bare=True) if grade else PlainCell("未定"),
        ),
    )


@lru_cache(maxsize=4096)
def _mark(
    value: str | None,
    maximum: str,
    rate: Fraction | None,
    state: str,
    before: Fraction | None,
    spread: bool,
    edges: tuple[int, ...],
) -> HeatMark:
    """What a cell shows: few different ones fill a whole table."""
    return mark(
        value,
        maximum=maximum,
        state=STATES.get(state, "value"),
        text="？" if state == facts.UNDECIDED else "—" if state == facts.NOT_APPLICABLE else "",
        spread=spread,
        bands=edges,
        rate=rate,
        rate_before=before,
    )


def short(title: str) -> str:
    """A head of two short lines, broken at ``|``; the whole title stands in its ``abbr``."""
    core = title.rpartition("的")[2].split("、")[0].split("：")[0]
    for word in COMMON:
        core = core.replace(word, "")
    first, _with, second = core.partition("与")
    core = (first if len(second) > 1 else core) or title
    length = 5 if len(core) < 6 or core[:3] in WORDS else 4
    break_at = 3 if length == 5 and len(core) > 4 else 2
    return f"{core[:break_at]}|{core[break_at:length]}" if len(core) > 3 else core
