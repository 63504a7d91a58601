import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.campaigns.services import review
from kaoping.evidence.services import Entry
from kaoping.reporting import scoring_room
from tests.ledger import record

pytestmark = pytest.mark.django_db


def test_columns_are_second_level_items(year):
    groups = scoring_room.groups(year.campaign)
    assert [(one.code, [column.code for column in one.columns]) for one in groups] == [
        ("K1", ["K1.1", "K1.2"]),
        ("K3", ["K3.3"]),
        ("S5", ["S5.1"]),
    ]


def test_counts_add_up_and_could_not_tell_is_apart(year):
    assert scoring_room.room(year.campaign) is None
    year.to("evaluation")
    record(
        [
            Entry(
                unit="U1",
                item="K1.1",
                source="office",
                observed_at=year.at,
                kind="verdict",
                value="undecided",
            )
        ],
        actor=SYSTEM,
        now=year.tick(),
    )
    year.compute("provisional")
    room = scoring_room.room(year.campaign)
    counts = room.counts
    assert (counts.cells, counts.scored, counts.pending, counts.undecided) == (8, 2, 5, 1)
    assert counts.open == 6 and room.previous is None
    column = room.groups[0].columns[0]
    assert scoring_room.state_of(room.rows[0].summary, "U1", column, room.undecided) == "undecided"


def test_movement_names_units_whose_total_changed(year):
    year.to("preview")
    year.ruled("U2", "K3.3", "15")
    year.compute("preview")
    (move,) = scoring_room.room(year.campaign).moves
    assert move.unit == "U2" and float(move.before) - float(move.after) == 5


def test_reviewers_far_apart_are_known_after_the_round_only(year):
    year.to("review")
    for reviewer, level in zip(year.reviewers, ("good", "none"), strict=True):
        for unit in year.liaisons:
            row = year.assignment(reviewer, unit)
            for item in ("K1.1", "K1.2"):
                review.save_score(actor=reviewer, assignment=row, item=item, level=level, now=year.tick())
            review.finish(actor=reviewer, assignment=row, now=year.tick())
    assert scoring_room.apart(year.campaign, ["U1"]) == set()
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())
    assert scoring_room.apart(year.campaign, ["U1"]) == {("U1", "K1.1"), ("U1", "K1.2")}


def test_a_reason_for_a_leaf_and_for_a_branch(year):
    year.to("preview")
    leaf = scoring_room.reason(year.campaign, "U1", "K1.1", with_spread=True)
    assert len(leaf.line.observations) == 2 and leaf.spread is not None and leaf.parts == []
    assert scoring_room.reason(year.campaign, "U1", "K1.1", with_spread=False).spread is None
    branch = scoring_room.reason(year.campaign, "U1", "K1", with_spread=True)
    assert [part.column.code for part in branch.parts] == ["K1.1", "K1.2"]
    assert scoring_room.reason(year.campaign, "U9", "K1", with_spread=True) is None
    assert scoring_room.reason(year.campaign, "U1", "K9", with_spread=True) is None
