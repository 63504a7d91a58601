"""Templates ask their parts for nothing that the part does not have."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import kaoping.web.ui
from kaoping.web.ui.charts import Dot, DrawnBand, DrawnStrip, Placed
from kaoping.web.ui.parts.case import ApprovalStep, Day, DayStrip, Entry, Reminder
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
from kaoping.web.ui.parts.year import Band, CycleRail, Station, Tick

TEMPLATES = Path(kaoping.web.ui.__file__).parent / "templates" / "ui"

# The template, the name under which it knows the part, the part.
PARTS = [
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


def asked(template: str, name: str) -> set[str]:
    """What the template asks the thing it knows as ``name`` for."""
    text = (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")
    code = " ".join(re.findall(r"\{[{%].*?[%}]\}", text))
    return set(re.findall(rf"(?<![\w.]){re.escape(name)}\.(\w+)", code))


@pytest.mark.parametrize(("template", "name", "part"), PARTS)
def test_a_template_asks_its_part_only_for_what_it_has(template: str, name: str, part: type) -> None:
    names = asked(template, name)
    has = {one.name for one in fields(part)} | {one for one in vars(part) if not one.startswith("_")}
    assert names and names <= has
