from datetime import date, timedelta

from kaoping.checks import ColumnPlan, check_by_id
from tests.checks.making import AS_OF, ROOT, context, site

CHECK = check_by_id("S-04")


def column(name, days, **changes):
    dates = [AS_OF - timedelta(days=days)] if days is not None else []
    return {
        "url": f"{ROOT}col/{name}",
        "kind": "column",
        "column_name": name,
        "item_dates": dates,
        "item_count": len(dates),
    } | changes


def test_few_overdue_are_listed_but_kept():
    verdict = CHECK.run(site({}, column("部门动态", 15), column("政策文件", 10)), context())
    assert verdict.outcome == "met"
    assert "部门动态" in verdict.reason and "政策文件" not in verdict.reason


def test_ten_overdue_with_confirmed_periods():
    rows = [column(f"动态{n}", 15) for n in range(10)]
    assert CHECK.run(site({}, *rows), context()).outcome == "not_met"
    assert CHECK.run(site({}, *rows[:9]), context()).outcome == "met"
    assert CHECK.run(site({}, *rows, complete=False), context()).outcome == "undecided"


def test_periods_that_nobody_confirmed_only_warn():
    rows = [column(f"其他{n}", 400) for n in range(10)]
    assert CHECK.run(site({}, *rows), context()).outcome == "undecided"


def test_columns_that_change_with_the_facts_have_no_period():
    assert CHECK.run(site({}, *[column(f"机构职能{n}", 4000) for n in range(12)]), context()).outcome == "met"


def test_blank_columns():
    stated = [column(f"栏{n}", None, says_empty=True) for n in range(5)]
    assert CHECK.run(site({}, *stated), context()).outcome == "not_met"
    silent = [column(f"栏{n}", None) for n in range(5)]
    assert CHECK.run(site({}, *silent), context()).outcome == "undecided"
    article = {
        "url": ROOT + "art",
        "kind": "content",
        "column_name": "栏0",
        "published_on": AS_OF,
        "item_dates": [],
    }
    assert CHECK.run(site({}, *silent, article), context()).outcome == "met"


def test_given_plan_wins():
    plan = tuple(ColumnPlan(f"其他{n}", 30) for n in range(10))
    rows = [column(f"其他{n}", 40) for n in range(10)]
    assert CHECK.run(site({}, *rows), context(column_plan=plan)).outcome == "not_met"


def test_no_columns_and_old_archive_are_undecided():
    assert CHECK.run(site({}), context()).outcome == "undecided"
    old = site({}, column("部门动态", 30), fetched_on=date(2025, 5, 1))
    assert CHECK.run(old, context()).outcome == "undecided"
