import pytest

from kaoping.checks import Footer, PropertyBlock, check_by_id
from tests.checks.making import context, page

CHECK = check_by_id("P-13")


def test_all_agree():
    assert CHECK.run(page(), context()).outcome == "met"


@pytest.mark.parametrize(
    ("tags", "outcome"),
    [
        ({"PubDate": "2025-03-11 09:00"}, "met"),  # one day
        ({"PubDate": "2025年03月12日"}, "not_met"),
        ({"PubDate": "昨天"}, "undecided"),
        ({"SiteIDCode": "3204000003"}, "not_met"),
        ({"SiteIDCode": "常州"}, "not_met"),
        ({"ArticleTitle": "关于调整公交线路的通知"}, "not_met"),
        ({"ArticleTitle": "关于做好招生工作的通知（附件）"}, "undecided"),
        ({"ArticleTitle": "关于 做好招生工作的通知"}, "met"),
    ],
)
def test_each_comparison(tags, outcome):
    assert CHECK.run(page(tags=tags), context()).outcome == outcome


def test_banner_heading_does_not_accuse():
    facts = page(signs={"name": None, "headings": ("某市教育局",)}, title="某市教育局")
    assert CHECK.run(facts, context()).outcome == "undecided"


def test_nothing_to_compare():
    facts = page(tags=dict.fromkeys(("ArticleTitle", "PubDate", "SiteIDCode")), footer=Footer())
    assert CHECK.run(facts, context()).outcome == "not_applicable"
    assert CHECK.run(page(property_block=PropertyBlock(), footer=Footer()), context()).outcome == "met"
