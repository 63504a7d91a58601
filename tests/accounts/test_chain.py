"""Whatever is done to the log is found, up to the last head that somebody else kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.chain import (
    NOTHING,
    Anchor,
    AnchorError,
    Line,
    anchors_of,
    digest_of_before,
    link,
    verify,
)

START = datetime(2026, 11, 1, tzinfo=UTC)


def line(number: int, words: str = "一句话。") -> Line:
    return Line(
        number,
        START + timedelta(hours=number),
        "7",
        "陈静",
        "test",
        "thing",
        str(number),
        words,
        refused=False,
    )


def chained(before: int, after: int) -> list[Line]:
    """A log of ``before`` lines without links and ``after`` with."""
    old = [line(n) for n in range(1, before + 1)]
    made, (previous, _count) = list(old), digest_of_before(old)
    for n in range(before + 1, before + after + 1):
        one = replace(line(n), number=n, previous=previous, address="10.0.0.7", session="ab12")
        previous = link(one, previous)
        made.append(replace(one, digest=previous))
    return made


def again(lines: list[Line]) -> list[Line]:
    """What somebody does who has read the program: recompute every link."""
    old = [one for one in lines if one.number is None]
    made, (previous, _count) = list(old), digest_of_before(old)
    for n, one in enumerate((one for one in lines if one.number is not None), len(old) + 1):
        new = replace(one, number=n, previous=previous)
        previous = link(new, previous)
        made.append(replace(new, digest=previous))
    return made


def head(lines: list[Line]) -> Anchor:
    return Anchor(lines[-1].number or 0, lines[-1].digest or "", "报社")


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 5), (4, 5), (4, 0)])
def test_a_sound_log_is_sound_and_says_how_far_it_is_proven(before, after) -> None:
    lines = chained(before, after)
    verdict = verify(lines, [head(lines[:-1])] if after > 1 else [])
    assert (verdict.problems, verdict.lines, verdict.before) == ([], before + after, before)
    assert verdict.proven == (before + after - 1 if after > 1 else 0)
    assert verdict.head == (lines[-1].digest if after else "")


def altered(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], replace(lines[at], sentence="改过。"), *lines[at + 1 :]]


def renamed(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], replace(lines[at], actor_name="李明"), *lines[at + 1 :]]


def readdressed(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], replace(lines[at], address="10.0.0.8"), *lines[at + 1 :]]


def removed(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], *lines[at + 1 :]]


def inserted(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], replace(lines[at], sentence="插进来。"), *lines[at:]]


def swapped(lines: list[Line], at: int) -> list[Line]:
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def unlinked(lines: list[Line], at: int) -> list[Line]:
    """One written by a statement past the program: without number and digest."""
    return [*lines[: at + 1], line(99), *lines[at + 1 :]]


TAMPERING = [altered, renamed, readdressed, removed, inserted, swapped, unlinked]


@pytest.mark.parametrize("tamper", TAMPERING)
@pytest.mark.parametrize("at", [0, 3, 4, 6, 7])
def test_a_change_is_found_by_the_chain_alone(tamper, at) -> None:
    """The first four are lines from before; the last but one is linked."""
    if tamper is unlinked and at < 4:
        pytest.skip("a line among those from before changes their digest, which is the next test's")
    found = verify(tamper(chained(4, 5), at), [])
    assert found.count > 0 and found.problems, "named in words"


@given(st.integers(0, 5), st.integers(1, 6), st.data())
def test_a_chain_that_was_computed_anew_is_found_by_a_kept_head(before, after, data) -> None:
    """Also a cut tail, which no chain shows by itself."""
    lines = chained(before, after)
    tamper = data.draw(st.sampled_from([altered, renamed, removed, inserted, swapped]))
    at = (
        data.draw(st.integers(0, len(lines) - (2 if tamper is swapped else 1)), label="at")
        if len(lines) > 1
        else 0
    )
    if tamper is swapped and len(lines) < 2:
        return
    forged = again(tamper(lines, at))
    kept = head(lines)
    if [one.digest for one in forged] == [one.digest for one in lines]:
        return
    assert verify(forged, []).count == 0, "without a head nobody can tell"
    found = verify(forged, [kept])
    assert found.count > 0 and found.proven == 0


def test_a_cut_tail_is_found_by_a_kept_head_only() -> None:
    lines = chained(0, 6)
    assert verify(lines[:4], []).count == 0
    [words] = verify(lines[:4], [head(lines)]).problems
    assert words == "报社 记到第 6 条，这里只到第 4 条：末尾少了"
    assert verify([], [head(lines)]).count == 1


def test_what_was_written_behind_the_last_head_is_not_claimed() -> None:
    lines = chained(0, 6)
    forged = again(altered(lines, 5))
    verdict = verify(forged, [head(lines[:4])])
    assert (verdict.count, verdict.proven, verdict.last) == (0, 4, 6)


def test_an_empty_log_begins_at_nothing() -> None:
    assert digest_of_before([]) == (NOTHING, 0)


DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "没有 heads"),
        ({"heads": 3}, "列表"),
        ({"heads": [3]}, "不是一条记录"),
        ({"heads": [{"number": "3", "digest": DIGEST}]}, "number"),
        ({"heads": [{"number": True, "digest": DIGEST}]}, "number"),
        ({"heads": [{"number": 0, "digest": DIGEST}]}, "number"),
        ({"heads": [{"number": 3, "digest": DIGEST.upper()}]}, "digest"),
        ({"heads": [{"number": 3, "digest": None}]}, "digest"),
        ({"heads": [{"number": 3, "digest": DIGEST, "day": "11月"}]}, "day"),
    ],
)
def test_a_file_of_heads_that_is_none_is_refused_in_words(content, words) -> None:
    with pytest.raises(AnchorError, match=words):
        anchors_of(content, "x")


def test_heads_are_read_from_the_published_list_and_from_a_backup() -> None:
    rows = [{"number": 3, "digest": DIGEST, "day": "2026-11-01"}, {"number": 5, "digest": DIGEST}]
    assert [one.number for one in anchors_of({"heads": rows}, "x")] == [3, 5]
    assert anchors_of({"log_head": rows[1]}, "备份") == [Anchor(5, DIGEST, "备份")]
    assert anchors_of({"log_head": None}, "备份") == []


def test_the_day_of_a_line_is_beijings() -> None:
    """Late in the evening of the 29th in UTC is the 30th in Beijing."""
    lines = chained(0, 3)
    late = replace(lines[1], at=datetime(2026, 11, 29, 21, 51, tzinfo=UTC))
    [said, *_rest] = verify([lines[0], late, lines[2]], []).problems
    assert "2026-11-30 05:51" in said
