"""The row of column names is found below whatever an office puts above it."""

import pytest

from kaoping.foreign.sheet.headings import find_heading

HEAD = ["单位代码", "单位名称", "类别", "分组"]
KNOWN = {"单位代码": "code", "单位名称": "name", "类别": "kind", "code": "code"}


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ([HEAD], 0),
        ([["某市名录"], HEAD], 1),
        ([["某市名录"] * 4, ["单位代码", "单位", "单位", "单位"], HEAD, ["U", "局", "工作部门", ""]], 2),
        ([["名录"], ["单位代码", "单位名称"], ["U", "局"]], 1),
        ([["没有"], ["表头"]], 0),
        ([HEAD, HEAD, ["U", "局", "工作部门", "甲"]], 0),
        ([["说明"]] * 30 + [HEAD], 0),
        ([[None, "单位 代码\n", "单位名称", "类别"]], 0),
    ],
)
def test_the_heading_is_found_below_titles(rows, index):
    found, names = find_heading(list(enumerate(rows, start=1)), KNOWN, ("code", "name", "kind"))
    assert found == index
    if rows[index] == HEAD:
        assert names == ["code", "name", "kind", "分组"]


def test_of_a_heading_over_two_rows_the_lower_one_names_the_columns():
    """设立日期 and 撤销日期 under one cell; the others are merged over both rows and stand in each."""
    rows = [
        ["单位名录"] * 5,
        ["单位代码", "单位名称", "类别", "日期", "日期"],
        ["单位代码", "单位名称", "类别", "设立", "撤销"],
        ["U1", "局", "工作部门", "2020-1-1", ""],
    ]
    known = KNOWN | {"设立": "from", "撤销": "to"}
    found, names = find_heading(list(enumerate(rows, start=1)), known, ("code", "name", "kind"))
    assert (found, names) == (2, ["code", "name", "kind", "from", "to"])
