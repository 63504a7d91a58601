"""A number that no text gives carries 待核 wherever it is printed until the plan is approved, and no paper does afterwards."""

import io
import re

import docx
import pytest

from kaoping.campaigns.queries import campaign as campaigns
from kaoping.publication.bundle.dictionary import dictionary
from kaoping.publication.bundle.levels import FULL
from kaoping.publication.bundle.scorers import WORDING
from kaoping.reporting.open_numbers import open_numbers
from kaoping.standards.queries import rulebook_of
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
OPEN = "待核"


def text(response):
    assert response.status_code == 200
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def paper(response):
    document = docx.Document(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def pages(year):
    return [
        "/desk/plan/2025/",
        "/desk/approval/2025/plan/",
        "/desk/approval/2025/plan/print/",
        f"/desk/rulebooks/{year.campaign.rulebook_id}/",
        f"/desk/rulebooks/{year.campaign.rulebook_id}/?format=csv",
    ]


def test_before_the_approval_every_page_and_paper_marks_them(year, signed_in):
    client = signed_in(year.handler)
    for url in pages(year):
        assert OPEN in text(client.get(url)), url
    sheet = paper(client.get("/desk/approval/2025/plan/docx/"))
    assert OPEN in sheet
    book = rulebook_of(year.campaign.rulebook_id)
    for one in open_numbers(book):
        assert one.name in sheet and one.value in sheet, "who signs sees each number that is only proposed"
    assert OPEN in dictionary(book, 2025, FULL, wording=WORDING, example=False)


def test_after_it_none_does_and_each_names_the_paper(year, signed_in, monkeypatch):
    year.to("appeals")
    year.compute()
    at(year.at, monkeypatch)
    client = signed_in(year.handler)
    more = ["/desk/scoring/2025/", "/desk/scoring/2025/?unit=U1&item=K1.1", "/desk/report/2025/U1/"]
    for url in [*pages(year), *more]:
        assert OPEN not in text(client.get(url)), url
    assert "本级审定" in text(client.get("/desk/plan/2025/"))
    for url in ("/desk/approval/2025/plan/docx/", "/desk/report/2025/U1/docx/"):
        assert OPEN not in paper(client.get(url)), url
    adoption = campaigns.adoption_of(year.campaign)
    adopted = {"by": adoption.by, "on": adoption.on.isoformat(), "document_no": adoption.document_no}
    told = dictionary(
        rulebook_of(year.campaign.rulebook_id), 2025, FULL, wording=WORDING, example=False, adopted=adopted
    )
    assert OPEN not in told and "本级审定" in told


def test_a_plan_sent_back_decides_nothing(year, signed_in):
    year.sign("plan")
    assert campaigns.adoption_of(year.campaign) is not None
    signed_in(year.head).post("/desk/approval/2025/plan/return/", {"reason": "分值要改"})
    assert campaigns.adoption_of(year.campaign) is None
    assert OPEN in text(signed_in(year.handler).get("/desk/plan/2025/"))
