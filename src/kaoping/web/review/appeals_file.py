"""The list of appeals as a file."""

from __future__ import annotations

from collections.abc import Iterable

from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.reporting.tables import Table


def list_file(year: int, rows: Iterable[appeal_reads.Filed]) -> Table:
    """Every appeal of the year with what was asked, decided and answered."""
    columns = [
        "编号",
        "单位代码",
        "单位",
        "指标",
        "申请理由",
        "申请时间",
        "申请时得分",
        "决定前得分",
        "结果",
        "复核后",
        "决定理由",
        "决定时间",
    ]
    return Table(
        f"{year}年复核申请",
        columns,
        [
            [
                one.number,
                one.unit,
                one.short_name,
                one.item,
                one.claim,
                one.filed_at,
                one.points_before,
                one.points_standing,
                appeal_reads.OUTCOMES.get(one.outcome, ""),
                one.decided_points,
                one.decision,
                one.decided_at,
            ]
            for one in rows
        ],
    )
