"""The year board's routine work: the band below the rail, the column of open cases, sites that could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.urls import reverse

from kaoping.campaigns.queries import unfed
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.monitoring import logic as monitoring
from kaoping.monitoring.queries import Stuck
from kaoping.rectification.logic import EXPLAINED
from kaoping.reporting import routine
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.heat import PlainCell, PlainColumn
from kaoping.web.ui.parts.lists import Todo
from kaoping.web.ui.parts.notice import Notice
from kaoping.web.ui.parts.table import Cell, Column, table_of
from kaoping.web.ui.parts.year import Band, Tick
from kaoping.web.ui.withdrawal import notice as withdrawal_notice
from kaoping.web.ui.wording import cn_date, cn_short_date, points

# Causes shown on the board; the others are on the page of runs that did not succeed.
CAUSES: Final = 5
COLUMN: Final = PlainColumn("整改", "逾期 / 在办")


def notices(campaign: Campaign, *, office: bool) -> list[Notice]:
    """What goes before everything else: that a release was withdrawn; to the office, that checks count for nothing."""
    told = unfed.words(campaign) if office else ""
    found = [withdrawal_notice(campaign.key), Notice(f"{told}。") if told else None]
    return [one for one in found if one is not None]


def band(found: routine.Routine) -> Band:
    """The band for ``{% cycle_rail %}``: ticks are a picture, the sentence says the same.

    The days carry their years where these differ.
    """
    day = cn_short_date if found.span.start.year == found.span.end.year else cn_date
    return Band(
        summary=f"在线监测 {points(found.runs)} 次、实地查看 {points(found.visits)} 次、随机抽取已抽 {points(found.draws)} 次",
        span=f"{day(found.span.start)}至{day(found.span.end)}",
        ticks=tuple(Tick(one.kind, one.at) for one in found.ticks),
    )


def case_cell(unit: str, name: str, standings: Mapping[str, Any], *, linked: bool) -> PlainCell:
    """Open cases of a unit, the overdue ones first; a dash when it has none. ``linked`` for those who see the cases."""
    found = standings.get(unit)
    if found is None:
        return PlainCell("—")
    late = f"，逾期 {found.overdue} 张" if found.overdue else ""
    return PlainCell(
        f"在办 {found.open}",
        late=f"逾期 {found.overdue}" if found.overdue else "",
        url=f"{reverse('desk-cases')}?unit={unit}" if linked else "",
        label=f"{name}，整改单在办 {found.open} 张{late}",
    )


def stuck_task(found: Sequence[Stuck], *, linked: bool) -> list[Todo]:
    """What the year board asks a person to do about them; nothing when there are none."""
    if not found:
        return []
    first = found[0]
    more = f"等 {len(found)} 个网站" if len(found) > 1 else ""
    return [
        Todo(
            what=f"{first.name}{more}连续 {monitoring.STUCK_RUNS} 轮监测未完成，须人工处理",
            detail=f"{first.name}：{(first.cause or '没有记下原因')[:120]}。",
            who="政务公开办经办",
            action=Action(label="去处理", url=reverse("desk-monitoring") + "#m-stuck", small=True)
            if linked
            else None,
        )
    ]


def questions_task(found: Sequence[routine.Waiting], *, linked: bool) -> list[Todo]:
    """What units said about their orders and wait for the office to answer; nothing when nobody waits."""
    tasks = []
    for waits, what, label in (
        (routine.ASKED, "就整改单提问，等答复", "去答复"),
        (EXPLAINED, "说明问题不可补救，待确认", "去确认"),
    ):
        rows = [one for one in found if one.waits == waits]
        if not rows:
            continue
        first, more = rows[0], f"等 {len(rows)} 张" if len(rows) > 1 else ""
        way = reverse("desk-case", args=[first.number])
        tasks.append(
            Todo(
                what=f"{first.unit}{more}{what}",
                detail=f"{first.number}：{first.title}。",
                who="政务公开办经办",
                action=Action(label=label, url=way, small=True) if linked else None,
            )
        )
    return tasks


def troubles(total: int, found: list[Any]) -> dict[str, Any]:
    """The table of causes, whose they are, and how many sites were read again since."""
    rows = [
        [
            one.cause or "没有记下原因",
            Cell(text=monitoring.WHOSE.get(one.whose, "本平台"), strong=one.whose == "us"),
            Cell(points=one.count, places=0),
            f"{one.mended} 次后来完成" if one.mended else "还没有完成",
        ]
        for one in found[:CAUSES]
    ]
    return {
        "note": f"近 {routine.TROUBLE_DAYS} 天，{points(total)} 次"
        if total
        else f"近 {routine.TROUBLE_DAYS} 天",
        "more": max(len(found) - CAUSES, 0),
        "table": table_of(
            caption="未完成的监测",
            columns=[
                "原因",
                "归属",
                Column("次数", num=True),
                "后来",
            ],
            rows=rows,
        ),
        "empty": f"{points(total)} 次监测都已完成。"
        if total
        else "没有安排监测。全年按计划自动监测，也可在“监测台”对一个单位发起。",
    }
