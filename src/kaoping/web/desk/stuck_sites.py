"""Sites that were not read for several runs, on the board and at the monitoring desk."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from kaoping.monitoring import logic as monitoring
from kaoping.monitoring.queries import Stuck
from kaoping.web.ui.parts.table import Cell, DataTable, table_of
from kaoping.web.ui.wording import cn_short_datetime


def stuck(found: Sequence[Stuck]) -> DataTable | None:
    """Sites that a person has to look into: several runs in a row broke or ran out of time. Null when there are none."""
    if not found:
        return None
    return table_of(
        caption="连续未完成监测的网站",
        columns=["网站", "归属", "最近一轮的原因", "时间"],
        rows=[
            [
                Cell(text=one.name, url=reverse("desk-monitoring-site", args=[one.code])),
                Cell(text=monitoring.WHOSE.get(one.whose, "本平台"), strong=True),
                one.cause or "没有记下原因",
                cn_short_datetime(one.at),
            ]
            for one in found
        ],
        fold=True,
    )
