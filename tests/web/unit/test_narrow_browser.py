"""Pages of units and of the decider on a phone of 360 px: nothing is wider than the screen, no address runs one sign a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.campaigns.services import self_review
from kaoping.campaigns.services.appeal import file_appeal
from kaoping.evidence.services import Entry
from kaoping.rectification.services import order, unit
from kaoping.support import clock
from tests.campaigns.examples import Year
from tests.ledger import record
from tests.rectification.making import drafted, seen
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse, over

pytestmark = [pytest.mark.django_db, IN_CHROMIUM, WITH_CHROMIUM]
LONG = "http://u1.kaoping.test/xxgk/" + "zwgk-zfxxgk-fdzdgknr-" * 6 + "content_1234567.html"
# Width in pixels of the narrowest room in which a long address stands.
NARROWEST = """Array.from(document.querySelectorAll('main a, main p, main td, main span'))
  .filter(one => one.children.length === 0 && /https?:/.test(one.textContent) && one.getClientRects().length)
  .map(one => one.parentElement.getBoundingClientRect().width).reduce((a, b) => Math.min(a, b), 9999)"""


@pytest.mark.parametrize("width", [360])
def test_nothing_is_wider_than_a_phone(
    width: int,
    year: Year,
    box: Path,
    signed_in: Callable[[Actor], Client],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    year.to("self_review")
    year.answer("U1", "K1.1", level="good", text="长" * 300)
    self_review.add_artefact(
        actor=year.liaisons["U1"], self_review=year.form("U1"), item="K1.1", url=LONG, now=year.tick()
    )
    year.to("review")
    record(
        [Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01", reason=LONG)],
        actor=SYSTEM,
        now=year.tick(),
    )
    draft = drafted(year.tick(), item="K3.3", check="P-01", target=LONG)
    served = order.serve(actor=year.handler, numbers=[draft.number], now=year.tick())[0]
    unit.answer(
        actor=year.liaisons["U1"],
        case=served,
        text="已改",
        url=LONG,
        files=[],
        confirmed=True,
        now=year.tick(),
    )
    seen("met", year.tick(), source="retest", item="K3.3", check="P-01", target=LONG)
    year.to("preview")
    asked = file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        claim="材料齐全，请看分工文件",
        confirmed=True,
        url=LONG,
        now=year.tick(),
    )
    now = year.tick()
    monkeypatch.setattr(clock, "now", lambda: now)
    liaison, decider, desk = (signed_in(one) for one in (year.liaisons["U1"], year.decider, year.handler))
    pages: dict[str, tuple[Client, str]] = {
        "unit-item": (liaison, "/unit/preview/G1-2025/U1/K1.1/"),
        "unit-fault": (liaison, "/unit/preview/G1-2025/U1/K3.3/"),
        "unit-preview": (liaison, "/unit/preview/G1-2025/U1/"),
        "unit-home": (liaison, "/unit/G1-2025/U1/"),
        "unit-self": (liaison, "/unit/self-review/G1-2025/U1/item/K1.1/"),
        "unit-case": (liaison, f"/unit/cases/{served.number}/"),
        "decider": (decider, f"/review/appeals/{asked.pk}/"),
        "desk-case": (desk, f"/desk/cases/{served.number}/"),
        "desk-self": (desk, "/desk/self-reviews/G1-2025/unit/U1/"),
        "board": (desk, "/desk/board/G1-2025/"),
        "gate": (desk, "/desk/board/G1-2025/advance/"),
    }

    def script(window: Window) -> None:
        window.page.set_viewport_size({"width": width, "height": 900})
        wide: dict[str, Any] = {}
        for name, (who, path) in pages.items():
            window.become(who)
            window.open(path)
            window.page.screenshot(path=str(tmp_path / f"{name}.png"), full_page=True)
            beyond = over(window.page)
            narrow = window.page.evaluate(NARROWEST)
            if beyond > 0 or narrow < 120:
                wide[name] = (beyond, narrow)
        assert not wide, wide

    browse(liaison, script)
