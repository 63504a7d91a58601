from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.crawling.dates import date_in_url, dates_and_rest, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-12-07", date(2020, 12, 7)),
        ("2020年12月7日", date(2020, 12, 7)),
        ("2020/12/7 09:30", date(2020, 12, 7)),
        ("2020.12.07", date(2020, 12, 7)),
        ("２０２０－１２－０７", date(2020, 12, 7)),
        ("20201207", date(2020, 12, 7)),
        ("二〇二〇年十二月二十七日", date(2020, 12, 27)),
        ("二○一九年三月十日", date(2019, 3, 10)),
        ("2007-08-20-23:59:59", date(2007, 8, 20)),
        ("2020-02-30", None),
        ("有效", None),
        ("", None),
        (None, None),
    ],
)
def test_spellings(text, expected):
    assert read_date(text) == expected


@settings(max_examples=40, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day):
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert read_date(f"{day:%Y%m%d}") == day


def test_in_text_and_in_addresses():
    days, _rest = dates_and_rest("[2025-01-02] 通知 2025-13-01 2025年1月3日")
    assert days == (date(2025, 1, 2), date(2025, 1, 3))
    assert date_in_url("http://a.test/art/2020/12/14/art_1.html") == date(2020, 12, 14)
    assert date_in_url("http://a.test/201909/t20190918_693227.shtml") == date(2019, 9, 18)
    assert date_in_url("http://a.test/art/2020/99/14/x") is None
