"""The clock on the board and on its own page: shown when it is doubted, confirmed by the office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kaoping.evaluation.models import Poll
from kaoping.support import clock, watch
from kaoping.support.models import ClockHold
from tests.campaigns.examples import make_year
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PAGE = "/desk/clock/"


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock stands at the tests' instant."""
    monkeypatch.setattr(clock, "machine_now", lambda: NOW)


@pytest.fixture
def year(cast, now, units, stored_files, machine):
    return make_year(cast, now)


def doubt(kind: str = "forward") -> ClockHold:
    return ClockHold.objects.create(
        kind=kind, seconds=65 * 86400, before=NOW - timedelta(days=65), found_at=NOW
    )


def due_poll() -> Poll:
    return Poll.objects.create(
        organiser="G1",
        year=2025,
        uid="testtest-G1-2025-1",
        title="2025 年社会评议",
        state="prepared",
        opens_at=NOW - timedelta(days=30),
        closes_at=NOW - timedelta(hours=1),
        questionnaire={},
        units=[],
        public_key="0" * 64,
    )


def text(response) -> str:
    return response.content.decode()


def test_a_trusted_clock_is_not_on_the_board(year, signed_in):
    page = text(signed_in(year.handler).get("/desk/board/G1-2025/"))
    assert "核对时钟" not in page
    assert "时钟没有要核对的" in text(signed_in(year.handler).get(PAGE))


def test_a_jump_is_the_first_thing_on_the_board(year, signed_in):
    doubt()
    page = text(signed_in(year.handler).get("/desk/board/G1-2025/"))
    assert "时钟向前跳了 65 天" in page and reverse("desk-clock") in page


def test_a_mere_stop_is_shown_as_soon_as_a_poll_waits_for_it(year, signed_in):
    doubt("stopped")
    client = signed_in(year.handler)
    assert "核对时钟" not in text(client.get("/desk/board/G1-2025/"))
    due_poll()
    page = text(client.get("/desk/board/G1-2025/"))
    assert "核对时钟" in page and "2025 年社会评议到期，待核对后封存" in page


@pytest.mark.parametrize("who", ["handler", "head"])
def test_the_office_confirms_and_it_goes_on(year, signed_in, who):
    doubt()
    due_poll()
    client = signed_in(getattr(year, who))
    page = text(client.get(PAGE))
    assert "时间正确，继续办理" in page and "2025 年社会评议：已截止，未封存" in page
    assert "截止以后交来的问卷照样不收" in page
    client.post(PAGE)
    assert not watch.pending().exists()
    again = client.post(PAGE)
    assert again.status_code == 409 and "没有要核对的" in text(again)


@pytest.mark.parametrize("role", ["system_admin", "liaison", "ballot_opener"])
def test_others_do_not_confirm(year, cast, signed_in, role):
    doubt()
    client = signed_in(cast(role, "U1" if role == "liaison" else None))
    answer = client.post(PAGE)
    assert answer.status_code in (403, 409)
    assert "时间正确，继续办理" not in text(client.get(PAGE))
    assert watch.pending().count() == 1
