"""Three hundred units by sixty indicators: what keeps the scoring room quick. How long it takes: ``bench.scoring_room``."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.campaigns.models import Sheet, SheetUnit
from kaoping.campaigns.services import plan
from kaoping.reporting import scoring_room
from kaoping.standards import services as standards
from kaoping.standards.loading import rulebook_from_files
from tests.campaigns.rulebook import ABOUT, LEVELS, TIMETABLE
from tests.web.desk.campaign import add_units, at

pytestmark = pytest.mark.django_db
UNITS, PAGES = 300, range(1, 7)
ITEMS = [f"K{top}.{one}" for top in range(1, 6) for one in range(1, 13)]


def rubric() -> str:
    lines = ['total: "300"', "places: 2", "indicators:"]
    for top in range(1, 6):
        lines += [f"  - code: K{top}", f"    name: 第{top}类", "    children:"]
        for one in range(1, 13):
            lines.append(
                f"      - code: K{top}.{one}\n        name: 指标{top}之{one}\n        max: '5'\n"
                f"        method: judged\n        sources: {{reviewer: [level]}}{LEVELS}"
            )
    return "\n".join(lines)


def summary(number: int) -> dict:
    items = {code: [str((number + place) % 6), "scored", "5"] for place, code in enumerate(ITEMS)}
    items |= {f"K{top}": ["30", "scored", "60"] for top in range(1, 6)}
    return {
        "total": str(100 + number % 200), "grade": None, "rank": 1, "group": "市级部门", "vetoes": [],
        "components": {}, "items": items, "open": 0,
    }  # fmt: skip


@pytest.fixture
def desk(year, signed_in, monkeypatch):
    """The handler before two sheets of 300 units by sixty indicators."""
    scoring_room._lines.cache_clear()
    book = rulebook_from_files(
        {
            "about.yaml": ABOUT.replace("version: '1'", "version: wide"),
            "rubric.yaml": rubric(),
            "timetable.yaml": TIMETABLE,
        }
    )
    version = standards.adopt(actor=year.handler, rulebook=book, now=year.at)
    plan.set_rulebook(actor=year.handler, campaign=year.campaign, rulebook=version, now=year.at)
    codes = add_units(year.campaign, UNITS)
    for shift in (0, 1):
        sheet = Sheet.objects.create(
            campaign=year.campaign, as_of=year.at, occasion="preview", digest=f"{shift}" * 64,
            last_observation=0, computed_at=year.at, computed_by="经办甲",
        )  # fmt: skip
        SheetUnit.objects.bulk_create(
            SheetUnit(sheet=sheet, unit=code, position=n, summary=summary(n + shift), detail={})
            for n, code in enumerate(codes)
        )
    at(year.at, monkeypatch)
    return signed_in(year.handler)


def loaded(desk, page):
    """The page, and what it asked the database."""
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(f"/desk/scoring/G1-2025/?page={page}")
    assert answer.status_code == 200
    return answer.content.decode(), [one["sql"] for one in asked]


def test_a_page_draws_fifty_units_whatever_the_table_holds(desk):
    """All 300 rows of sixty cells would be a page of megabytes."""
    rows = r'<th scope="row"><a href="/desk/scoring/G1-2025/unit/(X[0-9]+)/'
    tables = [loaded(desk, n)[0].partition("data-heat>")[2].partition("</table>")[0] for n in PAGES]
    shown = [set(re.findall(rows, table)) for table in tables]
    assert [len(units) for units in shown] == [50] * len(PAGES)
    assert len(set().union(*shown)) == UNITS


def test_the_lines_of_a_sheet_are_read_once_and_never_with_their_reasons(desk):
    """The reasons of 300 units are most of a sheet, and no list shows them; what never changes is kept in memory."""
    _page, first = loaded(desk, 1)
    lines = [sql for sql in first if "campaigns_sheetunit" in sql]
    assert len(lines) == 2  # of the newest sheet, and of the one before
    assert not any("detail" in sql for sql in lines)
    for page in PAGES:
        _page, again = loaded(desk, page)
        assert len(again) == len(first) - 2
        assert not any("campaigns_sheetunit" in sql for sql in again)
