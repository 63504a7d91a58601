"""A template asks a part only for what the part has: a name that nobody fills renders as nothing, without a word."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import kaoping.web.ui
from kaoping.web.ui.charts import Dot, DrawnBand, DrawnStrip, Placed
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import ApprovalStep, Day, DayStrip, Entry, Reminder
from kaoping.web.ui.parts.case_page import ActForm, ActGroup, CaseShell
from kaoping.web.ui.parts.evidence import Artefact, EvidenceCard
from kaoping.web.ui.parts.form import (
    Level,
    LevelPicker,
    NextStep,
    Option,
    Panel,
    Question,
    Receipt,
    Replaced,
    Side,
    SignOff,
)
from kaoping.web.ui.parts.head import Basis, Chip, Crumb, DeadlineChip, Head
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
from kaoping.web.ui.parts.navigation import Brand
from kaoping.web.ui.parts.notice import Empty, Mistake, Notice, NoticeLink, Progress, Stepper
from kaoping.web.ui.parts.refusal import Refusal, WordsBack
from kaoping.web.ui.parts.score import (
    ChainStep,
    Change,
    DistributionStrip,
    RaterSpread,
    ScoreBar,
    ScoreChain,
    ScoreRow,
    Seal,
)
from kaoping.web.ui.parts.table import Cell, Column, DataTable, PageLink, Row, Sort, table_of
from kaoping.web.ui.parts.year import Band, CycleRail, Station, Tick
from kaoping.web.ui.typed import Field, Typed

TEMPLATES = Path(kaoping.web.ui.__file__).parent / "templates" / "ui"
# A template, the variable that holds the part, the part.
DRAWN = [
    ("case", "shell", CaseShell),
    ("act_group", "group", ActGroup),
    ("act_form", "act", ActForm),
    ("action", "action", Action),
    ("crumbs", "crumb", Crumb),
    ("answer_head", "head", Head),
    ("answer_head", "chip", Chip),
    ("basis", "basis", Basis),
    ("deadline_chip", "chip", DeadlineChip),
    ("notice", "notice", Notice),
    ("notice", "notice.link", NoticeLink),
    ("empty", "empty", Empty),
    ("error_summary", "mistake", Mistake),
    ("progress", "progress", Progress),
    ("stepper", "stepper", Stepper),
    ("error", "refusal", Refusal),
    ("words_back", "back", WordsBack),
    ("words_back", "back.typed", Typed),
    ("words_back", "one", Field),
    ("brand", "brand", Brand),
    ("base", "brand", Brand),
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
    ("approval_strip", "step", ApprovalStep),
    ("artefact_list", "item", Artefact),
    ("case_timeline", "entry", Entry),
    ("cycle_rail", "rail", CycleRail),
    ("cycle_rail", "rail.routine", Band),
    ("cycle_rail", "station", Station),
    ("cycle_rail", "tick", Tick),
    ("distribution_strip", "band", DrawnBand),
    ("distribution_strip", "strip", DistributionStrip),
    ("distribution_strip", "wide", DrawnStrip),
    ("evidence_card", "card", EvidenceCard),
    ("grade_seal", "seal", Seal),
    ("level_picker", "level", Level),
    ("level_picker", "picker", LevelPicker),
    ("options", "option", Option),
    ("options", "question", Question),
    ("rater_spread", "score", Placed),
    ("rater_spread", "spread", RaterSpread),
    ("receipt", "receipt", Receipt),
    ("receipt", "step", NextStep),
    ("reminder_ladder", "item", Reminder),
    ("replaced", "row", Replaced),
    ("score_bar", "bar", ScoreBar),
    ("score_bar", "row", ScoreRow),
    ("score_chain", "act", Change),
    ("score_chain", "chain", ScoreChain),
    ("score_chain", "step", ChainStep),
    ("sign_off", "sign", SignOff),
    ("stale", "panel", Panel),
    ("stale", "side", Side),
    ("strip_svg", "band", DrawnBand),
    ("strip_svg", "dot", Dot),
    ("strip_svg", "drawn", DrawnStrip),
    ("working_days", "day", Day),
    ("working_days", "strip", DayStrip),
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
    assert names, f"ui/{template}.html does not draw {variable}"
    assert names <= has(part)


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
