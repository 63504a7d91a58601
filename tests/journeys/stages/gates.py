"""The gate between two stages, at which every stage meets a refusal in words before it opens."""

from __future__ import annotations

from tests.journeys.driver import Desk, Journey

PAGE = "/desk/board/2025/advance/"


def shut(journey: Journey, following: str, *lacks: str) -> Desk:
    """The gate is shut, and says what is missing."""
    return journey.desk("jingban").go(PAGE).sees(*lacks).cannot(f"进入“{following}”")


def opens(journey: Journey, following: str) -> Desk:
    """The gate opens for the handler; where there is no way back the year is typed."""
    handler = journey.desk("jingban").go(PAGE)
    year = handler.page.locator("#sign-year")
    if year.count():
        year.fill("2024")
        handler.press(f"进入“{following}”", status=409)
        handler.page.locator("#sign-year").fill("2025")
    return handler.press(f"进入“{following}”").sees(f"已进入“{following}”")
