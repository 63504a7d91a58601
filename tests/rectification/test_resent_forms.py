"""A form sent twice, because its first answer was lost on the way, is said once; said again another day it is said anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from kaoping.accounts.actor import Actor
from kaoping.rectification import queries
from kaoping.rectification.models import Case
from kaoping.rectification.services import closing, order, unit
from tests.ledger import ledger
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff" + b"0" * 50
Cast = Callable[..., Actor]


@pytest.fixture
def served(units: Any, cast: Cast, now: datetime) -> tuple[Case, Actor, Actor]:
    """The number of a served case, the office, the unit's liaison."""
    office = cast("office_handler", name="陈静")
    [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
    return case, office, cast("liaison", "U1", name="联络员")


def kinds(case: Case) -> list[str]:
    """The timeline after the order was served."""
    return [one.kind for one in queries.entries(case)][2:]


def test_question_and_reply(served: tuple[Case, Actor, Actor], now: datetime) -> None:
    case, office, liaison = served
    for _ in range(2):
        unit.ask(actor=liaison, case=case, text="怎么改？", now=now)
    for _ in range(2):
        unit.reply(actor=office, case=case, text="按指南改。", now=now)
    assert kinds(case) == ["ask", "reply"]
    unit.ask(actor=liaison, case=case, text="怎么改？", now=now + timedelta(days=1))
    assert kinds(case) == ["ask", "reply", "ask"]


def test_answer_with_its_files(served: tuple[Case, Actor, Actor], now: datetime, stored_files: Any) -> None:
    case, _office, liaison = served
    said: dict[str, Any] = {"actor": liaison, "case": case, "text": "已改", "now": now}
    for _ in range(2):
        unit.answer(files=[("照片.jpg", JPEG)], confirmed=True, **said)
    assert kinds(case) == ["answer", "file"]
    unit.answer(files=[("另一张.jpg", JPEG + b"1")], confirmed=True, **said)
    assert kinds(case) == ["answer", "file", "answer", "file"]


def test_a_check_is_one_line_of_the_ledger(
    served: tuple[Case, Actor, Actor], now: datetime, cast: Cast
) -> None:
    case, _office, _liaison = served
    before = len(ledger())
    said: dict[str, Any] = {"actor": cast("inspector"), "case": case, "note": "到现场看过"}
    for _ in range(2):
        closing.check(met=False, now=now, **said)
    assert len(ledger()) == before + 1
    closing.check(met=True, now=now, **said)
    closing.check(met=False, now=now, **said)
    closing.check(met=False, now=now + timedelta(days=1), **said)
    assert len(ledger()) == before + 4
