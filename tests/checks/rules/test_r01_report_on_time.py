from datetime import date

import pytest

from kaoping.checks import Report, UnitLevel, check_by_id
from tests.checks.making import context, page

CHECK = check_by_id("R-01")


def report(title, published):
    return Report(2024, page(tags={"ArticleTitle": title}, published_on=published))


@pytest.mark.parametrize(
    ("title", "published", "outcome"),
    [
        ("某市教育局2024年政府信息公开工作年度报告", date(2025, 1, 31), "met"),  # the day itself counts
        ("某市教育局2024年政府信息公开工作年度报告", date(2025, 2, 1), "not_met"),
        ("某市人民政府2024年政府信息公开工作年度报告", date(2025, 3, 9), "not_applicable"),
        ("某市人民政府办公室2024年政府信息公开工作年度报告", date(2025, 3, 9), "not_met"),
        ("某市教育局2024年政府信息公开工作年度报告", None, "undecided"),
    ],
)
def test_thirty_first_of_january(title, published, outcome):
    assert CHECK.run(report(title, published), context()).outcome == outcome


def test_whose_report_unknown_is_undecided_unless_told():
    late = Report(
        2024,
        page(
            tags={"ArticleTitle": "2024年度报告"},
            block={"issuer": None},
            signs={"name": None},
            title=None,
            published_on=date(2025, 2, 5),
        ),
    )
    assert CHECK.run(late, context()).outcome == "undecided"
    assert CHECK.run(late, context(unit_level=UnitLevel.DEPARTMENT)).outcome == "not_met"


def test_report_not_found():
    assert CHECK.run(Report(2024, None), context()).outcome == "undecided"
    assert CHECK.run(Report(2024, None), context(as_of=date(2025, 1, 15))).outcome == "not_applicable"
