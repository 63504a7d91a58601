"""What may supersede what: the table, and every way of breaking it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.scoring.observations import ACTS, SOURCES, ArtefactRef, Observation
from kaoping.scoring.selection import standing, standing_unruled
from kaoping.scoring.succession import OFFICE_ACTS, SEEN, broken, in_time, refusal
from tests.scoring.examples import observed

DAY = datetime(2025, 6, 1, tzinfo=UTC)
LATER = DAY + timedelta(days=1)


def line(name, source="register", *, kind="count", value=1, at=DAY, **more):
    return observed(0, "E", more.pop("item", "X"), source, kind, value, id=name, at=at, **more)


def withdrawal(of, name="new", source="office", act=None, **more):
    return replace(
        of,
        id=name,
        source=source,
        kind="withdrawn",
        value=None,
        act=act,
        supersedes=of.id,
        recorded_at=LATER,
        **more,
    )


def why(*lines):
    return {one.line.id: one.reason for one in broken(lines)}


# Written down from the table in the reference, not from the code: old source -> acts by which the office may.
ALLOWED = {
    "monitor": {"ruling", "appeal", "correction"},
    "retest": {"ruling", "appeal", "correction"},
    "visit": {"ruling", "appeal", "correction"},
    "draw": {"ruling", "appeal", "correction"},
    "reviewer": {"ruling", "appeal", "correction"},
    "ballot": {"correction"},
    "self": {None, "ruling", "appeal", "correction"},
    "register": {"batch", "appeal", "correction"},
    "clock": set(),
    "office": {"ruling", "appeal", "correction"},
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_office_withdraws_only_by_the_acts_of_the_source(source):
    old = line("old", source)
    by = {act: withdrawal(old, act=f"{act}:1" if act else None) for act in (None, *ACTS)}
    assert {act for act, new in by.items() if refusal(new, old) is None} == ALLOWED[source]
    assert set(OFFICE_ACTS) == set(SOURCES)


@pytest.mark.parametrize("old_source", SOURCES)
@pytest.mark.parametrize("new_source", [one for one in SOURCES if one != "office"])
def test_no_other_source_touches_a_line(old_source, new_source):
    old, new = line("old", old_source), line("new", new_source, supersedes="old", recorded_at=LATER, at=LATER)
    own = new_source == old_source and old_source in ("self", "register", "clock", "reviewer")
    assert (refusal(new, old) is None) is own
    if not own:
        assert "须" in refusal(new, old) or "复测" in refusal(new, old)


@pytest.mark.parametrize("source", SEEN)
def test_a_later_retest_of_the_same_target_corrects_what_was_seen(source):
    page = (ArtefactRef(None, "https://e.kaoping.test/1"),)
    old = replace(line("old", source, kind="verdict", value="not_met"), artefacts=page)
    new = replace(
        old, id="new", source="retest", value="met", observed_at=LATER, recorded_at=LATER, supersedes="old"
    )
    assert refusal(new, old) is None
    assert "之前对同一处" in refusal(replace(new, observed_at=DAY), old)
    assert "之前对同一处" in refusal(replace(new, artefacts=()), old)
    assert "之前对同一处" in refusal(replace(new, target="page:https://e.kaoping.test/2"), old)


def test_a_reviewer_corrects_the_own_line_alone():
    old = line("old", "reviewer", kind="level", value="good", by="甲")
    new = replace(old, id="new", value="fair", recorded_at=LATER, supersedes="old")
    assert refusal(new, old) is None
    assert refusal(replace(new, by="乙"), old) == "专家只能改自己的评分"


def test_the_month_s_looks_are_counted_anew_by_the_same_source_and_nothing_else_of_a_monitor_is():
    looks = line(
        "old",
        "monitor",
        kind="looks",
        value={"n": 1, "first": "2025-06-01", "last": "2025-06-01", "found": 0},
    )
    assert refusal(replace(looks, id="new", recorded_at=LATER, supersedes="old"), looks) is None
    fault = line("old", "monitor", kind="verdict", value="not_met")
    assert refusal(replace(fault, id="new", value="met", recorded_at=LATER, supersedes="old"), fault)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"unit": "H"}, "同一单位"),
        ({"item": "Y"}, "同一指标"),
        ({"item": None, "check": "P-01"}, "同一指标"),
        ({"recorded_at": DAY - timedelta(microseconds=1)}, "早于原记录"),
        ({"supersedes": "nobody"}, "没有编号为 nobody"),
        ({"id": "old2", "supersedes": "old2"}, "不能更正自己"),
    ],
)
def test_what_breaks_the_rule_is_named_and_does_not_count(change, named):
    old = line("old")
    new = replace(line("new", supersedes="old", recorded_at=LATER, value=9), **change)
    assert named in why(old, new)[new.id]
    assert standing([new, old], LATER) == [old]


def test_lines_of_a_check_alone_are_of_one_matter_by_their_check():
    old = replace(line("old", "monitor", check="P-01"), item=None)
    assert refusal(withdrawal(old, act="ruling:1"), old) is None
    assert "同一指标" in refusal(replace(withdrawal(old, act="ruling:1"), check="P-02"), old)
    both = line("old", "monitor", check="P-01")
    assert "同一指标" in refusal(replace(withdrawal(both, act="ruling:1"), check="P-02"), both)


def test_of_two_successors_the_one_recorded_first_counts():
    old = line("old")
    first = line("z-first", supersedes="old", recorded_at=LATER, value=2)
    second = line("a-second", supersedes="old", recorded_at=LATER + timedelta(seconds=1), value=3)
    assert why(old, second, first) == {"a-second": "old 已由 z-first 更正"}
    assert standing([second, old, first], LATER + timedelta(days=1)) == [first]


@pytest.mark.parametrize("length", [2, 3])
def test_a_ring_counts_for_nothing(length):
    names = [f"o{number}" for number in range(length)]
    ring = [line(name, supersedes=names[number - 1]) for number, name in enumerate(names)]
    tail = line("tail", supersedes="o0")
    assert set(why(*ring, tail)) == {*names, "tail"}
    assert all("绕成一圈" in reason for reason in why(*ring).values())
    assert standing(ring, LATER) == []


def test_a_claim_of_the_unit_does_not_delete_a_finding():
    finding = line("old", "monitor", kind="verdict", value="not_met")
    claim = withdrawal(finding, source="self")
    assert "在线监测的记录不能由部门自查更正或撤回" in why(finding, claim)["new"]
    assert standing([finding, claim], LATER) == [finding]
    assert standing_unruled([finding, claim], LATER) == []


def test_what_corrects_a_line_that_does_not_count_does_not_count_either():
    finding = line("old", "monitor", kind="verdict", value="not_met")
    claim = replace(withdrawal(finding, source="self", name="claim"), kind="verdict", value="met")
    more = replace(claim, id="more", supersedes="claim")
    assert "本身不能更正" in why(finding, claim, more)["more"]


def test_a_withdrawal_is_taken_back_by_the_act_that_may_withdraw_with_the_same_value():
    tally = line("old", "ballot", kind="tally", value={"question": "q1", "options": {"yes": 3}})
    gone = withdrawal(tally, act="correction:1", name="gone")
    back = replace(tally, id="back", recorded_at=LATER, supersedes="gone", act="correction:1")
    assert why(tally, gone, back) == {}
    assert standing([tally, gone, back], LATER) == [back]
    assert "取值" in why(tally, gone, replace(back, value={"question": "q1", "options": {"yes": 4}}))["back"]
    assert "须" in why(tally, gone, replace(back, act="appeal:1"))["back"]
    assert "须" in why(tally, gone, replace(back, act=None))["back"]


def test_the_order_of_lines_says_nothing():
    old = line("old")
    lines = [
        old,
        line("b", supersedes="old", recorded_at=LATER),
        line("a", supersedes="old", recorded_at=LATER),
    ]
    assert len({tuple(map(str, broken(order))) for order in permutations(lines)}) == 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2)), max_size=6))
def test_a_line_has_one_successor_at_most_and_later_lines_never_change_who_it_is(chosen):
    lines = [
        line(f"o{number}", supersedes=f"o{other}", recorded_at=DAY + timedelta(hours=hour))
        for number, other, hour in {one[0]: one for one in chosen}.values()
    ] + [line("o9")]
    bad = {one.line.id for one in broken(lines)}
    good = [one.supersedes for one in lines if one.supersedes and one.id not in bad]
    assert len(set(good)) == len(good)
    for hour in range(3):
        known = [one for one in lines if one.recorded_at <= DAY + timedelta(hours=hour)]
        assert {one.line.id for one in broken(known)} == bad & {one.id for one in known}


class TestInTime:
    """After a round closed only rulings, appeals and corrections are laid before the scorer."""

    CLOSED = datetime(2026, 1, 10, tzinfo=UTC)

    @staticmethod
    def _line(uid, days, **more):
        given = {
            "id": uid,
            "unit": "U1",
            "item": "K1",
            "check": None,
            "source": "visit",
            "observed_at": datetime(2025, 12, 1, tzinfo=UTC),
            "recorded_at": TestInTime.CLOSED + timedelta(days=days),
            "kind": "verdict",
            "value": "not_met",
        }
        return Observation(**(given | more))

    def test_an_open_round_takes_everything(self):
        lines = [self._line("a", -1), self._line("b", 5)]
        assert in_time(lines, None) == lines

    def test_the_instant_of_closing_is_in_time(self):
        lines = [self._line("a", -1), self._line("b", 0), self._line("c", 1)]
        assert [one.id for one in in_time(lines, self.CLOSED)] == ["a", "b"]

    @pytest.mark.parametrize("act", ["ruling:1", "appeal:1", "correction:2025-1"])
    def test_what_an_act_brings_counts_whenever_it_comes(self, act):
        line = self._line("a", 9, source="office", kind="points", value="1", act=act)
        assert in_time([line], self.CLOSED) == [line]

    @pytest.mark.parametrize("act", ["batch:1", "recheck:1", None])
    def test_other_acts_come_too_late(self, act):
        line = self._line("a", 9, act=act)
        assert in_time([line], self.CLOSED) == []

    def test_what_a_late_line_names_stands_and_what_speaks_of_it_alone_goes(self):
        first = self._line("a", -1)
        late = self._line("b", 1, source="retest", value="met", supersedes="a")
        gone = self._line(
            "c", 2, source="office", kind="withdrawn", value=None, supersedes="b", act="ruling:1"
        )
        back = self._line("d", 3, source="retest", value="met", supersedes="c", act="correction:2025-1")
        for lines in ([first, late, gone, back], [back, gone, late, first]):
            assert in_time(lines, self.CLOSED) == [first]
