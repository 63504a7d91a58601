"""Words that were typed with signs of direction are stored as they are, and turn no page, paper or table round."""

from __future__ import annotations

import io

import docx as word
import pytest
from python_calamine import CalamineWorkbook

from kaoping.accounts.queries import audit_entries
from kaoping.foreign.visible import TURNING
from kaoping.rectification import queries
from kaoping.rectification.services import order
from kaoping.reporting.render import csv, docx, xlsx
from kaoping.reporting.tables import Table
from tests.rectification.making import drafted
from tests.web.portal.conftest import folder, visitor  # noqa: F401 - the outside face is asked here too

HOW = "电话\u202e告知\u2067王敏"
PLAIN = "电话告知王敏"


@pytest.mark.django_db
def test_stored_as_typed_shown_without(units, cast, signed_in, now):
    office = cast("office_handler")
    [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
    order.hand_over(actor=office, case=case, how=HOW, now=now)
    assert HOW in [one.text for one in queries.entries(queries.case(case.number))]
    assert PLAIN in audit_entries(verb="hand_over_order").get().sentence
    page = signed_in(office).get(f"/desk/cases/{case.number}/").content.decode()
    assert PLAIN in page and not set(TURNING) & set(page)


def test_what_a_citizen_asks_for_turns_nothing_round(visitor):  # noqa: F811
    page = visitor.get("/evaluate/", {"q": HOW}).content.decode()
    assert not set(TURNING) & set(page)


def test_tables_and_papers():
    table = Table("送达", ["怎么送达"], [[HOW]])
    assert PLAIN in csv.render_csv(table).decode("utf-8-sig")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.render_xlsx(table))).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [PLAIN]
    paper = word.Document(io.BytesIO(docx.render([docx.Text(HOW)], title="送达")))
    assert PLAIN in [one.text for one in paper.paragraphs]
