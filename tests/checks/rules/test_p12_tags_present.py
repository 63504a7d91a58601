import pytest

from kaoping.checks import PageKind, check_by_id
from tests.checks.making import context, page

CHECK = check_by_id("P-12")


def test_all_present():
    assert CHECK.run(page(), context()).outcome == "met"


@pytest.mark.parametrize(("value", "word"), [(None, "缺 ContentSource"), (" ", "ContentSource 没有内容")])
def test_absent_and_empty_are_named(value, word):
    verdict = CHECK.run(page(tags={"ContentSource": value}), context())
    assert verdict.outcome == "not_met"
    assert word in verdict.reason


def test_home_needs_site_tags_only():
    content = dict.fromkeys(("ArticleTitle", "PubDate", "ContentSource", "ColumnName", "ColumnType"))
    assert CHECK.run(page(tags=content, signs={"kind": PageKind.HOME}), context()).outcome == "met"
    assert CHECK.run(page(tags=content, signs={"kind": PageKind.COLUMN}), context()).outcome == "not_met"


def test_plain_text_is_not_asked():
    assert CHECK.run(page(signs={"is_html": False}), context()).outcome == "not_applicable"
