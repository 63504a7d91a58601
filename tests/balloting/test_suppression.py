"""Small numbers: what is printed does not depend on how a handful answered, only on how many they were."""

from hypothesis import given
from hypothesis import strategies as st

from kaoping.balloting import (
    Shown,
    public_result,
    questionnaire_from_dict,
    shown,
    shown_tally,
    sum_is_shown,
    tally,
)
from tests.balloting.examples import ballots, questionnaire_data

LEAST = 5
STANDS = frozenset({"vs", "s", "b", "d"})
counts = st.fixed_dictionaries({code: st.integers(0, 4) for code in ("vs", "s", "b", "d", "k")})


def base(options):
    return sum(count for code, count in options.items() if code in STANDS)


@given(counts, counts)
def test_two_counts_of_one_small_number_print_alike(one, other):
    if base(one) == base(other) < LEAST:
        assert shown(one, STANDS, LEAST) == shown(other, STANDS, LEAST) == Shown(base(one), None)


@given(counts)
def test_what_is_enough_is_printed_whole(options):
    found = shown(options, STANDS, LEAST)
    assert (found.options == options) is (base(options) >= LEAST)
    assert shown_tally({"question": "q1", "options": options}, STANDS, LEAST)["options"] == found.options


def test_what_was_cut_stays_cut():
    cut = {"question": "q1", "options": None, "n": 3}
    assert shown_tally(cut, STANDS, LEAST) == cut
    assert shown_tally({"question": "q1", "options": {"vs": 3, "k": 9}}, STANDS, LEAST) == cut
    assert shown({"k": 9}, STANDS, 0) == Shown(0, None)


@given(st.lists(counts, max_size=4))
def test_a_sum_is_never_printed_beside_a_part_of_it(parts):
    found = [one for one in (shown(one, STANDS, LEAST) for one in parts) if one.n]
    hidden = [one for one in found if one.options is None]
    assert sum_is_shown(found) is (len(hidden) in (0, len(found)))


ANSWER = st.sampled_from(["vs", "s", "b", "d", "k", None])


@given(
    st.lists(st.tuples(ANSWER, ANSWER), min_size=LEAST, max_size=12), st.permutations(["vs", "s", "b", "d"])
)
def test_the_published_result_says_the_same_however_a_handful_answered(answers, turned):
    """The answers to a question of few are exchanged for others: nothing that is published may change with them."""
    asked = questionnaire_data(min_n=LEAST)
    turn = dict(zip(["vs", "s", "b", "d"], turned, strict=True))
    # Where both questions have few answers, what is pooled is all that is said, over everybody who answered.
    few = (
        sum(second in turn for _first, second in answers) < LEAST <= sum(one in turn for one, _two in answers)
    )
    published = []
    for swap in (False, True):
        cast = ballots(
            *(
                {"q1": first, "q2": turn.get(second, second) if swap and few else second}
                for first, second in answers
            )
        )
        result = tally(questionnaire_from_dict(asked), cast).as_json()
        published.append(public_result(result, questionnaire_from_dict(asked)))
    for before, after in zip(*(one["units"] for one in published), strict=True):
        assert before["n"] == after["n"]
        assert before["satisfaction"] == after["satisfaction"]
    assert published[0]["warnings"] == published[1]["warnings"]


def test_a_grade_is_told_without_the_figure_that_would_tell_one_small_question():
    asked = questionnaire_data(min_n=LEAST)
    cast = ballots(*({"q1": "vs", "q2": "d" if number < 3 else None} for number in range(8)))
    (unit,) = public_result(
        tally(questionnaire_from_dict(asked), cast).as_json(), questionnaire_from_dict(asked)
    )["units"]
    assert unit["grade"] and unit["satisfaction"] is None and "不公开" in unit["grade_reason"]
    whole = ballots(*({"q1": "vs", "q2": "d"} for _number in range(8)))
    (unit,) = public_result(
        tally(questionnaire_from_dict(asked), whole).as_json(), questionnaire_from_dict(asked)
    )["units"]
    assert unit["satisfaction"]["value"] == "50.00"


def test_warnings_that_split_the_answers_of_one_unit_stay_inside():
    asked = questionnaire_data(min_n=LEAST)
    cast = ballots({"q1": "vs"}, {"q1": "nonsense", "q2": "s"}, {})
    result = tally(questionnaire_from_dict(asked), cast).as_json()
    result["warnings"] = [text for text in result["warnings"] if not text.startswith("第 ")]
    assert any(text.startswith("单位 U1：") for text in result["warnings"])
    found = public_result(
        {**result, "warnings": [*result["warnings"], "有 1 份问卷读不出，没有计入。"]},
        questionnaire_from_dict(asked),
    )
    assert found["warnings"] == ["有 1 份问卷读不出，没有计入。"]
