"""Editions: only what somebody changed is taken, a clash is never settled in silence, what disappears is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.logic import (
    NOT_SAID,
    Opened,
    disappears,
    edition_of,
    lost,
    renewed,
    settle,
    shown_again,
)

TEXT = st.text(alphabet="甲乙丙 \n", max_size=6)
FIELDS = st.fixed_dictionaries({"level": TEXT, "text": TEXT})


def test_a_second_tab_that_changed_only_the_level_keeps_the_text_of_the_first() -> None:
    opened = Opened(edition_of({"level": "fair", "text": "旧"}))
    settled = settle(opened, {"level": "good", "text": "旧"}, {"level": "fair", "text": "甲写的第一段"})
    assert settled.values == {"level": "good", "text": "甲写的第一段"}
    assert settled.clashes == ()


def test_both_changed_the_same_field_and_nothing_is_decided_for_them() -> None:
    opened = Opened(edition_of({"text": "旧"}))
    assert settle(opened, {"text": "我的"}, {"text": "他的"}).clashes == ("text",)
    assert settle(opened, {"text": "同样"}, {"text": "同样"}).clashes == ()


def test_the_choice_after_a_clash() -> None:
    stored = {"level": "good", "text": "他的"}
    opened = Opened(edition_of({"level": "fair", "text": "旧"}))
    mark = renewed(opened, stored, ["text"])
    mine = {"level": "fair", "text": "我的"}
    # 用我的: the clashing field is mine, the level that the other raised meanwhile stays raised.
    assert settle(Opened(mark), mine, stored).values == {"level": "good", "text": "我的"}
    given_up = Opened(mark, frozenset({"text"}))
    assert settle(given_up, mine, stored).values == stored
    # A third save in between is a clash of its own.
    assert settle(Opened(mark), mine, {**stored, "text": "第三人的"}).clashes == ("text",)


def test_line_ends_and_blanks_around_are_no_change() -> None:
    opened = Opened(edition_of({"text": "一\n二"}))
    assert settle(opened, {"text": "一\r\n二 "}, {"text": "新"}).values == {"text": "新"}


def test_without_an_edition_the_save_is_taken_as_it_is() -> None:
    assert settle(NOT_SAID, {"text": "我的"}, {"text": "他的"}).values == {"text": "我的"}


def test_a_broken_edition_never_overwrites() -> None:
    for broken in ("x", "text=", "text", ";;", "level=0000"):
        assert settle(Opened(broken), {"text": "我的"}, {"text": "他的"}).clashes == ("text",)


@given(base=FIELDS, mine=FIELDS, stored=FIELDS)
def test_every_field_is_mine_theirs_or_a_clash(
    base: dict[str, str], mine: dict[str, str], stored: dict[str, str]
) -> None:
    settled = settle(Opened(edition_of(base)), mine, stored)
    for name in mine:
        old, own, theirs = (one[name].strip() for one in (base, mine, stored))
        if own != old and theirs not in (old, own):
            assert name in settled.clashes
        else:
            assert name not in settled.clashes
            assert settled.values[name] == (theirs if own == old else own)


def test_adding_at_one_place_loses_nothing_and_everything_else_does() -> None:
    assert not disappears("", "新")
    assert not disappears("三月", "三月开会")
    assert not disappears("三月开会", "三月召开会")
    assert not disappears("开会", "三月开会")
    assert disappears("三月开会", "三月")
    assert disappears("三月开会", "四月开会")
    assert disappears("甲", "")
    assert lost({"a": "甲", "b": "乙"}, {"a": "甲丙", "b": "丁"}) == {"b": "乙"}


@given(head=st.text(alphabet="甲乙", max_size=4), tail=st.text(alphabet="甲乙", max_size=4), more=TEXT)
def test_an_insertion_never_counts_as_a_loss(head: str, tail: str, more: str) -> None:
    assert not disappears(head + tail, f"{head}{more}{tail}")


@given(before=TEXT, after=TEXT)
def test_what_does_not_disappear_can_be_read_in_what_is_there(before: str, after: str) -> None:
    if not disappears(before, after):
        rest = iter(after)
        assert all(sign in rest for sign in before.strip())


@given(base=FIELDS, mine=FIELDS, stored=FIELDS, later=FIELDS, given_up=st.sampled_from(["level", "text"]))
def test_what_was_given_up_stays_given_up_when_another_field_clashes(
    base: dict[str, str], mine: dict[str, str], stored: dict[str, str], later: dict[str, str], given_up: str
) -> None:
    """The form that is shown again after 用已存的 never brings the text back that its writer gave up."""
    opened = Opened(edition_of(base), frozenset({given_up}))
    settled = settle(opened, mine, stored)
    again = mine | shown_again(opened, stored)
    mark = renewed(opened, stored, settled.clashes)
    assert again[given_up] == stored[given_up].strip()
    # 用我的 for the other field: the one that was given up stays what is stored, also when it is stored anew meanwhile.
    for store in (stored, later):
        result = settle(Opened(mark), again, store)
        assert given_up not in result.clashes
        assert result.values[given_up] == store[given_up].strip()
