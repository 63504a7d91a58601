"""The board's to-do list names what waits for a second person to whoever can answer it, and to nobody else."""

from __future__ import annotations

import pytest

from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.services import ledger, ruling, setting_up, severe, sign_off, stage_return, step_back
from kaoping.evidence import disposals
from kaoping.evidence.services import store_artefact
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.conftest import severe_year
from tests.campaigns.examples import PDF
from tests.campaigns.test_withdrawal import lines_of
from tests.web.desk.campaign import at

__all__ = ["severe_year"]
pytestmark = pytest.mark.django_db
BOARD = "/desk/board/G1-2025/"
WHY = "经核实登记有误"


def todo(signed_in, actor, address=BOARD):
    """The to-do list as this person reads it."""
    page = signed_in(actor).get(address).content.decode()
    return page.partition('id="b-todo"')[2].partition("</section>")[0]


def asked(signed_in, year, words, address=BOARD):
    """Who of the office is asked."""
    people = {"handler": year.handler, "head": year.head, "leader": year.leader, "signer": year.signer}
    return {name for name, actor in people.items() if words in todo(signed_in, actor, address)}


def _severe(year):
    return severe.propose_severe(
        actor=year.handler,
        campaign=year.campaign,
        given=Given("U1", "V1", "查实", "2025-10-08", "通报1号", "查实台账不实", "通报.pdf"),
        content=PDF,
        confirmed=True,
        now=year.tick(),
    )


def test_a_veto(severe_year, signed_in, monkeypatch):
    year = severe_year.to("routine")
    at(year.tick(), monkeypatch)
    assert asked(signed_in, year, "等您确认") == set()
    made = _severe(year)
    assert asked(signed_in, year, "1 件单项否决、重大减分等您确认") == {"head", "signer"}
    assert "/desk/severe/G1-2025/" in todo(signed_in, year.head)
    severe.second_severe(actor=year.head, ruling=made, agreed=True, now=year.tick())
    assert asked(signed_in, year, "等您确认") == set()


def test_a_stage_that_shall_go_back(year, signed_in, monkeypatch):
    year.to("preview")
    at(year.tick(), monkeypatch)
    stage_return.return_stage(
        actor=year.handler,
        campaign=year.campaign,
        reason="预览开早了",
        poll_state="opened",
        now=year.tick(),
    )
    assert asked(signed_in, year, "由“结果预览”退回“综合评定”，等您确认") == {"head", "signer"}
    assert "/desk/board/G1-2025/back/" in todo(signed_in, year.signer)
    assert "预览开早了" in todo(signed_in, year.signer)
    stage_return.second_stage_return(
        actor=year.signer, campaign=year.campaign, agreed=False, poll_state="opened", now=year.tick()
    )
    assert asked(signed_in, year, "等您确认") == set()


def test_a_signed_result_that_shall_go_back_waits_for_the_other_of_the_two(year, signed_in, monkeypatch):
    year.to("appeals")
    year.compute()
    year.at = year.campaign.appeals_close_at
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
    at(year.tick(), monkeypatch)
    step_back.propose_back(actor=year.signer, campaign=year.campaign, reason="错一格", now=year.tick())
    assert asked(signed_in, year, "2025 年度结果退回重办，等您确认") == {"head"}


def test_rulings_on_points_and_on_a_line(year, signed_in, monkeypatch):
    year.to("preview")
    at(year.tick(), monkeypatch)
    ruling.propose_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points="35",
        reason=WHY,
        now=year.tick(),
    )
    [line, *_more] = lines_of(year, "reviewer")
    ledger.propose_ruling(actor=year.handler, line=line, reason=WHY, now=year.tick())
    assert asked(signed_in, year, "1 件审定改分等您确认") == {"head", "signer"}
    assert asked(signed_in, year, "1 件审定撤回记录等您确认") == {"head"}


def test_bytes_that_shall_be_destroyed(year, signed_in, monkeypatch):
    at(year.tick(), monkeypatch)
    given = {"actor": year.handler, "now": year.tick()}
    sha256 = store_artefact(PDF, name="材料.pdf", confirmed=True, **given)
    disposals.propose_disposal(kind="destroy", sha256=sha256, reason=WHY, uses=[], **given)
    assert asked(signed_in, year, "1 件材料处置等您确认") == {"head", "signer"}


def test_what_waits_in_another_year_is_named_with_it(severe_year, signed_in, monkeypatch, cast):
    """The board opens on the newest year; an older one must not wait unseen."""
    year = severe_year.to("routine")
    _severe(year)

    setting_up.create_campaign(
        actor=year.handler,
        key=main_year(2026),
        title="2026 年度考核",
        rulebook=year.campaign.rulebook,
        timetable="A",
        now=year.tick(),
    )
    at(year.tick(), monkeypatch)
    words = "1 件单项否决、重大减分等您确认（2025 年度）"
    assert asked(signed_in, year, words, "/desk/board/G1-2026/") == {"head", "signer"}


def test_all_that_waits_for_this_person_is_shown_before_what_others_do(severe_year, signed_in, monkeypatch):
    """The list shows three; a fourth that only this person can do is not folded away."""
    year = severe_year.to("preview")
    at(year.tick(), monkeypatch)
    test = {"actor": year.handler, "now": year.tick()}
    _severe(year)
    for item, code in (("K1.1", "U1"), ("K1.2", "U1")):
        ruling.propose_points(
            campaign=year.campaign, organisation=code, item=item, points="21", reason=WHY, **test
        )
    [line, *_more] = lines_of(year, "reviewer")
    ledger.propose_ruling(line=line, reason=WHY, **test)
    sha256 = store_artefact(PDF, name="材料.pdf", confirmed=True, **test)
    disposals.propose_disposal(kind="destroy", sha256=sha256, reason=WHY, uses=[], **test)
    assert todo(signed_in, year.head).count("等您确认") == 4
