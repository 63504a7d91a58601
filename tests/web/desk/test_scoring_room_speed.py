"""Three hundred units by sixty indicators answer in under a second (95 of 100 loads)."""

import time
from fractions import Fraction

import pytest

from kaoping.campaigns.models import Sheet, SheetUnit
from kaoping.campaigns.services import plan
from kaoping.standards import services as standards
from kaoping.standards.loading import rulebook_from_files
from tests.campaigns.rulebook import ABOUT, LEVELS, TIMETABLE
from tests.web.desk.campaign import add_units, at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
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


def test_p95_of_fifty_loads(year, signed_in, monkeypatch):
    book = rulebook_from_files({"about.yaml": ABOUT, "rubric.yaml": rubric(), "timetable.yaml": TIMETABLE})
    version = standards.adopt(actor=year.handler, rulebook=book, now=year.at)
    plan.set_rulebook(actor=year.handler, campaign=year.campaign, rulebook=version, now=year.at)
    codes = add_units(year.campaign, 300)
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
    client = signed_in(year.handler)
    seconds = []
    for load in range(50):
        start = time.perf_counter()
        assert client.get(f"/desk/scoring/2025/?page={load % 6 + 1}").status_code == 200
        seconds.append(Fraction(time.perf_counter() - start))
    assert sorted(seconds)[47] < 1
