from datetime import date

import pytest

from kaoping.checks import check_by_id
from tests.checks.making import TAGS, context, page

CHECK = check_by_id("P-05")


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("常教办〔2025〕3号", "met"),
        ("常教办[2025]3号", "not_met"),
        ("常教办（2025）3号", "not_met"),
        ("常教办【2025】3号", "not_met"),
        ("常教办〔25〕3号", "not_met"),
        ("常教办〔2025〕第3号", "not_met"),
        ("常教办〔2025〕03号", "not_met"),
        ("常教办〔2025〕3", "not_met"),
        ("常教办〔2023〕3号", "not_met"),  # formed in 2025
        ("常教办2025年文", "undecided"),
        ("某市人民政府令第12号", "not_applicable"),
        ("无", "not_applicable"),
        ("— —", "not_applicable"),
        (None, "not_applicable"),
    ],
)
def test_shape(number, outcome):
    assert CHECK.run(page(block={"doc_no": number}), context()).outcome == outcome


def test_number_of_december_on_a_document_of_january_is_for_a_person():
    facts = page(block={"doc_no": "常教办〔2024〕90号", "formed_on": date(2025, 1, 6)})
    assert CHECK.run(facts, context()).outcome == "undecided"


@pytest.mark.parametrize(
    ("other", "outcome"),
    [("关于调整公交线路的通知", "not_met"), (f"《{TAGS['ArticleTitle']}》政策解读", "undecided")],
)
def test_one_number_for_one_document(other, outcome):
    titles = {"常教办〔2025〕3号": (TAGS["ArticleTitle"], other)}
    assert CHECK.run(page(), context(doc_no_titles=titles)).outcome == outcome
