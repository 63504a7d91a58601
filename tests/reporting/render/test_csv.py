import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.reporting.render.csv import harmless, render_csv
from kaoping.reporting.tables import Table


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_bom_codes_dates_and_exact_decimals():
    table = Table(
        "名录",
        ["代码", "得分", "公开日期", "记录时间", "参评", "备注"],
        [["014109429", Decimal("88.10"), date(2020, 12, 14), datetime(2025, 1, 1, tzinfo=UTC), True, None]],
    )
    content = render_csv(table)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content)[1] == ["014109429", "88.10", "2020-12-14", "2025-01-01T08:00:00+08:00", "是", ""]
    assert b'"014109429",88.10,' in content


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1"])
def test_formulas_are_neutralised(text):
    [_heading, [cell]] = read(render_csv(Table("表", ["列"], [[text]])))
    assert cell == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "+8", "12%", "市教育局", "2025-11-24", "−3"])
def test_plain_text_and_numbers_stay(text):
    assert harmless(text) == text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_no_text_leaves_as_a_formula(text):
    cell = harmless(text)
    assert cell.lstrip()[:1] not in tuple("=@＝＠") and (cell == text or cell == "'" + text)


def test_rows_must_fit_the_columns():
    with pytest.raises(ValueError, match="第 1 行"):
        Table("表", ["一", "二"], [["只有一格"]])
