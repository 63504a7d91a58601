"""A re-test that passes when the year of the fault is over says so, on both case pages and in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.beijing import BEIJING
from kaoping.rectification import queries
from kaoping.rectification.queries.rows import source_of
from kaoping.rectification.services import opening, order
from kaoping.support import clock
from kaoping.web.ui.late_looks import over_of
from tests.campaigns.examples import Year
from tests.rectification.making import drafted, seen

pytestmark = pytest.mark.django_db
LATE = "2025 年度：到达时本轮已截止，存档不计分"
OPEN = "以后的复测、核查只作结案依据，不恢复 2025 年度的得分"
AFTER = datetime(2026, 1, 9, 9, 30, tzinfo=BEIJING)
FAULT = {"item": "K3.3", "check": "P-01"}


@pytest.fixture
def served(year: Year) -> Any:
    year.to("routine")
    draft = drafted(year.tick(), **FAULT)
    return order.serve(actor=year.handler, numbers=[draft.number], now=year.tick())[0]


@pytest.fixture
def pages(year: Year, served: Any, signed_in: Callable[[Actor], Client]) -> Callable[[], list[str]]:
    def read() -> list[str]:
        desk, unit = signed_in(year.handler), signed_in(year.liaisons["U1"])
        return [
            desk.get(f"/desk/cases/{served.number}/").content.decode(),
            unit.get(f"/unit/cases/{served.number}/").content.decode(),
            desk.get("/desk/ledger/").content.decode(),
        ]

    return read


def passes(at: datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    uid = seen("met", at, source="retest", **FAULT)
    opening.read_ledger(now=at)
    monkeypatch.setattr(clock, "now", lambda: at)
    return uid


def test_a_pass_inside_the_year_says_nothing_of_it(
    year: Year, pages: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    passes(year.at + timedelta(hours=2), monkeypatch)
    for page in pages():
        assert "通过" in page or "符合" in page
        assert "存档不计分" not in page and OPEN not in page


def test_a_pass_after_the_year_says_that_it_gives_nothing_back(
    year: Year,
    served: Any,
    pages: Callable[[], list[str]],
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = over_of([source_of(one) for one in queries.sources(served)])
    assert over is not None and over.year == 2025 and over.at < AFTER
    monkeypatch.setattr(clock, "now", lambda: over.at)
    assert all(OPEN in page for page in pages()[:2])
    uid = passes(AFTER, monkeypatch)
    assert all(LATE in page for page in pages())
    assert LATE in signed_in(year.handler).get(f"/desk/ledger/{uid}/").content.decode()


@pytest.mark.parametrize("late", [False, True])
def test_in_time_is_spoken_of_only_before_the_deadline(
    year: Year,
    served: Any,
    late: bool,
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = AFTER if late else year.at + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: at)
    unit = signed_in(year.liaisons["U1"])
    given = {"text": "已改", "url": "http://u1.kaoping.test/wj/1.html"}
    answer = unit.post(f"/unit/cases/{served.number}/answer/", given, follow=True)
    page = answer.content.decode()
    assert "已回复。随即复测一次" in page
    assert ("是否按期整改到位" in page) is not late
