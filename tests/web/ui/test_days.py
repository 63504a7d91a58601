"""Days that people type are refused where no calendar reaches, on every page that asks for one."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

import kaoping.web
from kaoping.web.ui.days import FIRST, LAST, DayField, typed_day

FAR = ["0001-01-01", "9999-12-31", "1949-09-30", "2101-01-01"]


@pytest.mark.parametrize(
    "text", ["", "2025-02-30", "２０２５-01-01", "yesterday", "2025-W01-1", "20250101", "2025-1-1"]
)
def test_what_is_no_day(text):
    assert typed_day(text) is None
    with pytest.raises(
        ValidationError, match="没有这一天" if text == "2025-02-30" else "2025-01-31 的样子|请填日期"
    ):
        DayField("日期").clean(text)


@pytest.mark.parametrize("text", FAR)
def test_what_is_too_far(text):
    assert typed_day(text) is None


@pytest.mark.parametrize("text", FAR)
def test_a_field_says_where_days_end(text):
    with pytest.raises(ValidationError, match="请核对年份"):
        DayField("日期").clean(text)


@pytest.mark.parametrize("day", [FIRST, LAST, date(2025, 1, 31)])
def test_a_day(day):
    assert typed_day(f" {day.isoformat()} ") == day == DayField("日期").clean(day.isoformat())


def test_no_page_reads_a_day_by_itself():
    found = [
        str(path)
        for path in Path(kaoping.web.__file__).parent.rglob("*.py")
        if path.name
        not in (
            "days.py",
            "wording.py",
            "form_words.py",
        )  # which print stored days, and word what a form refuses
        and "portal" not in path.parts  # prints what is published
        and any(
            word in path.read_text("utf-8")
            for word in ("forms.DateField", "forms.DateTimeField", "fromisoformat")
        )
    ]
    assert found == []
