"""Rows as they were written, or a refusal with the line where the row begins."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.foreign.strict_csv import CsvFault, rows

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6))
def test_what_a_program_wrote_reads_the_same(table):
    out = io.StringIO()
    csv.writer(out).writerows(table)
    assert [cells for _line, cells in rows("\ufeff" + out.getvalue())] == table


def test_lines_count_from_where_a_row_begins():
    assert list(rows('a,b\n\n"x\ny",1\r\nz,2\n')) == [(1, ["a", "b"]), (3, ["x\ny", "1"]), (5, ["z", "2"])]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('a\nb\n"c,d\ne\n', 3, "引号没有成对"),
        ('a\n"b"c\n', 2, "引号后面还有字"),
        ("a\n" + "长" * 200_000 + "\n", 2, "128 KB"),
        ('a\n"' + "b\n" * 200_000, 2, "128 KB"),
    ],
)
def test_each_refusal_names_the_row(text, line, message):
    with pytest.raises(CsvFault, match=message) as caught:
        list(rows(text))
    assert caught.value.line == line and caught.value.remedy
