"""One fault, one deduction, whoever saw it and in whatever order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.scoring.faults import read_faults
from tests.scoring.examples import observed


def verdict(number, value="not_met", check="P-03", url="http://e/1", source="monitor"):
    return observed(number, "E", "X", source, "verdict", value, check=check, url=url)


def counts(*lines):
    found = read_faults(lines)
    return found.standing, found.mended


def test_same_check_and_place_is_one_fault():
    assert counts(verdict(1), verdict(2, source="visit"), verdict(3, source="draw")) == (1, 0)


def test_another_place_or_another_check_is_another_fault():
    assert counts(verdict(1), verdict(2, url="http://e/2"), verdict(3, check="P-01")) == (3, 0)


def test_a_verdict_without_place_joins_the_fault_of_its_check():
    assert counts(verdict(1), verdict(2, url=None)) == (1, 0)
    assert counts(verdict(1, url=None), verdict(2)) == (1, 0)
    assert counts(verdict(1, url=None), verdict(2), verdict(3, url="http://e/2")) == (2, 0)


def test_hand_made_verdicts_without_check_and_place_are_faults_of_their_own():
    bare = [verdict(n, check=None, url=None, source="visit") for n in (1, 2)]
    assert counts(*bare) == (2, 0)
    assert counts(*bare, verdict(3, "met", check=None, url=None, source="visit")) == (0, 2)


def test_a_fault_that_comes_back_stands_again():
    lines = [verdict(1), verdict(2, "met", source="retest"), verdict(3)]
    assert counts(*lines) == (1, 1)
    assert set(read_faults(lines).used) == {one.id for one in lines}


def test_a_pass_at_another_place_mends_nothing():
    assert counts(verdict(1), verdict(2, "met", url="http://e/2", source="retest")) == (1, 0)


def test_undecided_and_a_pass_before_the_fault_do_nothing():
    assert counts(verdict(1, "met"), verdict(2, "undecided"), verdict(3)) == (1, 0)


VERDICTS = st.tuples(
    st.sampled_from(["met", "not_met", "undecided"]),
    st.sampled_from(["P-01", "P-03", None]),
    st.sampled_from(["http://e/1", "http://e/2", None]),
    st.sampled_from(["monitor", "retest", "visit", "office"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(VERDICTS, max_size=10), st.randoms(use_true_random=False))
def test_order_of_input_does_not_matter_and_faults_are_never_more_than_verdicts(rows, shuffler):
    lines = [verdict(n, value, check, url, source) for n, (value, check, url, source) in enumerate(rows)]
    shuffled = list(lines)
    shuffler.shuffle(shuffled)
    assert read_faults(lines) == read_faults(shuffled)
    assert read_faults(lines).standing <= sum(one.value == "not_met" for one in lines)


def of(number, target, value="not_met", *, check=None, url=None, source="visit"):
    line = observed(number, "E", "X", source, "verdict", value, check=check, url=url)
    return replace(line, target=target)


def test_the_target_tells_faults_apart_and_not_the_address_of_a_photo():
    assert counts(of(1, "place:1", url="http://e/a.jpg"), of(2, "place:2", url="http://e/a.jpg")) == (2, 0)
    assert counts(of(1, "place:1", url="http://e/a.jpg"), of(2, "place:1", url="http://e/b.jpg")) == (1, 0)


def test_two_decisions_about_one_document_are_one_fault():
    assert counts(of(1, "document:1号"), of(2, "document:1号"), of(3, "document:2号")) == (2, 0)


def test_a_line_without_target_is_told_apart_by_its_address_as_before():
    old, new = verdict(1), of(2, "page:http://e/1", check="P-03")
    assert counts(old, new) == (1, 0)
    assert counts(old, of(2, "page:http://e/1", "met", check="P-03", source="retest")) == (0, 1)
    assert counts(verdict(1, check=None, url="place:大厅"), of(2, "place:大厅")) == (1, 0)
