"""Looks at a unit's site by the worker, while the office goes on with other work."""

from __future__ import annotations

from tests.journeys.driver import Desk, Journey

SITE = "/desk/monitoring/site/CZD14/"
BUSY = "已有一轮在排队或抓取中"


def look(journey: Journey) -> None:
    """Ask for a look at the site now, unless the worker has begun one by itself."""
    handler = journey.desk("jingban").go(SITE)
    if BUSY not in handler.text():
        handler.press("现在看一轮").sees("已排入一轮监测")


def looked(journey: Journey) -> Desk:
    """Wait until the look is over."""
    return journey.desk("jingban").go(SITE).until_gone(BUSY)
