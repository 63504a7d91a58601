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


def test_below_the_numbers_of_the_veto_nothing_more_is_claimed():
    """Nine overdue columns are no veto, and no site whose columns are all in time: every one of them is named."""
    rows = [column(f"动态{n}", 15) for n in range(9)]
    verdict = CHECK.run(site({}, *rows, column("政策文件", 10)), context())
    assert verdict.outcome == "met"
    assert "没有达到单项否决数（超期 10 个或空白 5 个）" in verdict.reason and "超期 9 个" in verdict.reason
    assert all(f"动态{n}" in verdict.reason for n in range(9)) and "政策文件" not in verdict.reason
    for claim in ("按期更新", "没有空白栏目", "没有超期"):
        assert claim not in verdict.reason and claim not in CHECK.title


def test_a_site_that_was_not_looked_at_to_the_end_is_never_met():
    verdict = CHECK.run(site({}, column("部门动态", 5), complete=False), context())
    assert verdict.outcome == "undecided" and "没有看完" in verdict.reason


def test_columns_without_a_period_are_told():
    verdict = CHECK.run(site({}, column("部门动态", 5), column("机构职能", 4000)), context())
    assert verdict.outcome == "met" and "1 个没有更新期限" in verdict.reason


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
