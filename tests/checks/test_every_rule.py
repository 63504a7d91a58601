"""Holds for every rule, including the one you are about to add."""

from __future__ import annotations

import pickle
import re
from datetime import date
from pathlib import Path

import pytest

from kaoping.calendars import WorkingCalendar, seed_table
from kaoping.checks import (
    Context,
    Level,
    Outcome,
    PropertyBlock,
    Report,
    Verdict,
    all_checks,
    check_by_id,
    check_page,
    page_checks,
    report_checks,
    rules,
    site_checks,
)
from kaoping.crawling import read_page
from tests.checks.making import AS_OF, context, page, site

HERE = Path(__file__).parent
EXPECTED = {"P-01", "P-02", "P-03", "P-05", "P-12", "P-13", "S-02", "S-04", "S-05", "S-13", "R-01"}
HOSTILE = [
    read_page(b"", "http://x.test/"),
    read_page(b"\x00<" * 500, "http://x.test/a.html", "text/html"),
    read_page(b"<html><title>" + b"\xff" * 99, "http://x.test/b.html"),
    page(block={"doc_no": "〔" * 500}, tags={"PubDate": "9" * 900, "ArticleTitle": "x" * 5000}),
]


def material(level: Level) -> list[object]:
    if level is Level.PAGE:
        return list(HOSTILE)
    if level is Level.SITE:
        return [site(), site({"sponsor": None, "item_dates": None, "guide_elements": None}, complete=False)]
    return [Report(2024, None), *(Report(2024, facts) for facts in HOSTILE)]


def test_the_promised_rules_are_there():
    assert {check.id for check in all_checks()} >= EXPECTED


def test_every_file_is_found_and_ids_are_unique():
    files = [p for p in Path(rules.__file__).parent.glob("*.py") if p.stem != "__init__"]
    assert len({check.id for check in all_checks()}) == len(all_checks()) == len(files)
    assert len(page_checks()) + len(site_checks()) + len(report_checks()) == len(files)


def test_every_rule_file_has_a_test_file():
    for path in Path(rules.__file__).parent.glob("*.py"):
        if path.stem != "__init__":
            assert (HERE / "rules" / f"test_{path.stem}.py").exists(), path.stem


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
class TestEveryRule:
    def test_is_filled_in(self, check):
        assert re.fullmatch(r"[PSR]-\d\d", check.id)
        assert check.version >= 1
        assert set(check.confidence) <= set("CDLRP/-")
        for text in (check.title, check.basis, check.remedy):
            assert re.search(r"[\u4e00-\u9fa5]", text)
        assert check.remedy.endswith("。")

    def test_always_answers_the_same(self, check):
        for thing in material(check.level):
            verdict = check.run(thing, context())
            assert isinstance(verdict, Verdict) and verdict.reason
            assert check.run(thing, context()) == verdict
            assert pickle.loads(pickle.dumps(verdict)) == verdict

    def test_what_cannot_be_read_costs_nothing(self, check):
        if check.id == "P-12":
            pytest.skip("a missing tag is the fault itself")
        for thing in material(check.level)[:1]:
            assert check.run(thing, context()).outcome in (Outcome.UNDECIDED, Outcome.NOT_APPLICABLE)


def test_no_reason_that_a_rule_is_kept_says_more_than_was_tested():
    """Words of completeness and truth stand only where the rule looked at all of it; dates say where they were read."""
    linked = site(
        {"item_dates": []},
        {"url": "http://jyj.kaoping.test/a", "kind": "content", "published_on": AS_OF, "item_dates": []},
        links=[("http://jyj.kaoping.test/", "http://jyj.kaoping.test/a")],
    )
    behind = check_by_id("S-02").run(linked, context())
    assert behind.outcome is Outcome.MET and behind.reason.startswith("首页链出的页面最近一条")
    alone = check_by_id("S-13").run(site(), context())
    assert "0 页" not in alone.reason
    undated = page(block={"doc_no": "常教办〔2025〕3号", "formed_on": None})
    assert "年份没有核对" in check_by_id("P-05").run(undated, context()).reason


def test_a_page_that_could_not_be_read_is_undecided_under_every_rule():
    unread = page(signs={"unread": "读取程序出错（ValueError），是本平台的原因"})
    lines = check_page(unread, context(), artefact="ab")
    assert len(lines) == len(page_checks())
    assert {line.outcome for line in lines} == {Outcome.UNDECIDED}
    assert all("本平台" in line.reason and line.artefact == "ab" for line in lines)


def test_unknown_id_is_named():
    with pytest.raises(KeyError):
        check_by_id("P-99")


def test_a_rule_that_breaks_is_our_fault_and_undecided():
    broken = page(block={"formed_on": "not a date"})
    lines = check_page(broken, context(), artefact="ab", checks=[check_by_id("P-01")])
    assert lines[0].outcome is Outcome.UNDECIDED
    assert "本平台" in lines[0].reason
    assert lines[0].artefact == "ab"


def test_calendar_without_the_year_is_undecided():
    late = page(block={"formed_on": date(2030, 1, 2), "published_on": date(2030, 5, 5)})
    given = Context(AS_OF, WorkingCalendar(seed_table()))
    assert check_by_id("P-01").run(late, given).outcome is Outcome.UNDECIDED


def test_empty_block_type_is_all_null():
    assert PropertyBlock().index_no is None
