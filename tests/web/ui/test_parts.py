"""A template asks a part only for what the part has: a name that nobody fills renders as nothing, without a word."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import kaoping.web.ui
from kaoping.web.ui.parts.heat import (
    HeatColumn,
    HeatGroup,
    HeatHeading,
    HeatRow,
    HeatTable,
    Outcome,
    OutcomeMatrix,
    OutcomeRow,
    PlainCell,
    PlainColumn,
)
from kaoping.web.ui.parts.lists import Figure, Gate, Pair, Todo
from kaoping.web.ui.parts.table import Cell, Column, DataTable, PageLink, Row, Sort, table_of

TEMPLATES = Path(kaoping.web.ui.__file__).parent / "templates" / "ui"
# A template, the variable that holds the part, the part.
DRAWN = [
    ("data_table", "table", DataTable),
    ("data_table", "row", Row),
    ("data_table", "column", Column),
    ("table_head", "column", Column),
    ("table_head", "column.sort", Sort),
    ("table_cell", "cell", Cell),
    ("table_value", "cell", Cell),
    ("table_pages", "table", DataTable),
    ("page_links", "table", DataTable),
    ("page_links", "table", HeatTable),
    ("page_links", "page", PageLink),
    ("heat_table", "table", HeatTable),
    ("heat_table", "group", HeatGroup),
    ("heat_table", "cell", PlainCell),
    ("heat_plain", "cell", PlainCell),
    ("outcome_matrix", "matrix", OutcomeMatrix),
    ("outcome_matrix", "row", OutcomeRow),
    ("outcome_matrix", "cell", Outcome),
    ("pairs", "row", Pair),
    ("figures", "figure", Figure),
    ("todo_list", "task", Todo),
    ("gate_list", "gate", Gate),
]


def has(part: type) -> set[str]:
    """Fields, properties and methods of a part."""
    return {one.name for one in fields(part)} | {name for name in vars(part) if not name.startswith("_")}


def asked(template: str, variable: str) -> set[str]:
    """The names that a template asks a variable for."""
    text = (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")
    return {
        name
        for tag in re.findall(r"\{[{%](.*?)[%}]\}", text)
        for name in re.findall(rf"(?<![\w.]){re.escape(variable)}\.(\w+)", tag)
    }


@pytest.mark.parametrize(("template", "variable", "part"), DRAWN)
def test_a_template_asks_only_for_what_its_part_has(template: str, variable: str, part: type) -> None:
    names = asked(template, variable)
    assert names
    assert names <= has(part), f"{template}.html asks {part.__name__} for {sorted(names - has(part))}"


def test_a_heat_table_asks_its_rows_and_columns_only_for_what_one_of_them_has() -> None:
    assert asked("heat_table", "row") <= has(HeatRow) | has(HeatHeading)
    assert asked("heat_table", "column") <= has(HeatColumn) | has(PlainColumn)


def test_a_row_that_does_not_fit_its_columns_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        table_of(columns=["单位", "总分"], rows=[["甲局"]])


def test_what_is_no_cell_is_not_written_out_as_the_program_sees_it() -> None:
    for stray in ({"text": "甲局"}, ["甲局"], 1.5):
        with pytest.raises(TypeError, match="no cell"):
            table_of(columns=["单位"], rows=[[stray]])  # type: ignore[list-item]
