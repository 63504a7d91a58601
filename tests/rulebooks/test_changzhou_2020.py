"""The rulebook of the seed: the tree of article 6, the components of article 7, the proposed numbers marked so."""

from fractions import Fraction

import pytest

from kaoping.checks import all_checks
from kaoping.standards.cases import run_cases
from kaoping.standards.loading import load_rulebook, shipped
from kaoping.standards.nonsense import nonsense

RULEBOOK = load_rulebook("changzhou-2020")
RUBRIC = RULEBOOK.rubric
LEAVES = list(RUBRIC.leaves())
ITEMS = [leaf for leaf in LEAVES if leaf.role == "item"]


@pytest.mark.parametrize("ref", shipped())
def test_every_case_of_every_shipped_rulebook_comes_out(ref):
    outcomes = run_cases(load_rulebook(ref))
    assert outcomes
    assert [one for one in outcomes if one.differences] == []


def test_the_blocks_and_components_add_up():
    blocks = {top.code: top.max for top in RUBRIC.indicators if top.role == "item"}
    assert blocks == {"K1": 6, "K2": 12, "K3": 52, "K4": 15, "K5": 5, "S5": 10}
    sums = dict.fromkeys(("routine", "evaluation", "periodic"), Fraction(0))
    for leaf in ITEMS:
        sums[leaf.component] += leaf.max
    assert sums == {"routine": 30, "evaluation": 10, "periodic": 60}


def test_article_six_is_the_tree():
    def children(code):
        return [child.code for child in RUBRIC.find(code).children]

    assert children("K1") == ["K1.1", "K1.2", "K1.3"]
    assert children("K2") == [f"K2.{n}" for n in range(1, 6)]
    assert all(children(f"K2.{n}") == [f"K2.{n}.a", f"K2.{n}.b"] for n in range(1, 6))
    assert children("K3") == [f"K3.{n}" for n in range(1, 11)]
    assert children("K4") == ["K4.1", "K4.2", "K4.3"]
    assert children("S5") == [f"S5.{n}" for n in range(1, 6)]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_every_indicator_says_why_how_and_by_what(leaf):
    assert leaf.basis and leaf.observed_by and leaf.evidence and leaf.sources
    assert leaf.confidence == "proposed", "the regulation sets no points"
    assert leaf.locked
    if leaf.method == "judged":
        assert len(leaf.levels) == 5
        assert len({level.description for level in leaf.levels}) == 5
        shares = [level.share for level in leaf.levels]
        assert shares == sorted(shares, reverse=True) and shares[0] == 1 and shares[-1] == 0


def test_appeals_can_be_recorded_on_every_item():
    assert [leaf.code for leaf in ITEMS if "points" not in leaf.sources.get("office", ())] == []


def test_every_check_informs_one_item_or_gate_that_takes_it():
    for check in all_checks():
        leaf = RUBRIC.fed_by(check.id)
        assert leaf is not None, check.id
        assert "verdict" in leaf.sources["monitor"] and "verdict" in leaf.sources["retest"], check.id
    assert [one for one in nonsense(RULEBOOK) if one.wrong] == []


def test_overdue_orders_shut_a_gate_and_opinions_feed_nothing_yet():
    gate = RUBRIC.fed_by("cases_overdue")
    assert gate is not None and gate.role == "gate" and "verdict" in gate.sources["clock"]
    assert RUBRIC.fed_by("opinions_closed") is None


def test_the_grades_and_their_gates():
    rule = RUBRIC.grades
    assert [(band.name, band.least) for band in rule.bands] == [
        ("优秀", 90),
        ("良好", 80),
        ("合格", 60),
        ("不合格", 0),
    ]
    assert (rule.quota.share, rule.quota.least, rule.gated) == (Fraction(3, 10), 1, "excellent")
    assert {leaf.code for leaf in LEAVES if leaf.role == "gate"} == {"G1", "G2"}


def test_the_questionnaire_asks_contact_first_and_one_question_a_dimension():
    questions = RULEBOOK.questionnaire["questions"]
    assert [one["dimension"] for one in questions] == [None, "S5.1", "S5.2", "S5.3", "S5.4", "S5.5"]
    assert RUBRIC.find("S5.1").settings == {
        "weights": {"satisfied": "1/1", "basic": "7/10", "dissatisfied": "0/1"},
        "min_n": 30,
    }


def test_both_timetables_cover_every_stage_in_order():
    for variant in ("A", "B"):
        stages = RULEBOOK.timetable.stages(2025, variant)
        order = ["evaluation", "self_review", "review", "preview", "appeals", "published"]
        assert all(stages[one][1] < stages[other][0] for one, other in zip(order, order[1:], strict=False))


def test_the_annual_report_is_judged_in_the_calendar_year():
    of = RULEBOOK.period_of(2025, "A")
    assert of(RUBRIC.find("K3.6")).start.isoformat() == "2025-01-01"
    assert of(RUBRIC.find("K3.2")).start.isoformat() == "2024-12-01"
