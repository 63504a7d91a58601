"""Sealing, the split key and its two passphrases."""

import json

import pytest

from kaoping.evaluation.ballotbox.crypto import (
    PollKey,
    PollKeyError,
    Unreadable,
    WrongPassphrase,
    join_shares,
    make_poll_key,
    open_with,
    seal,
    unlock_share,
    unseal,
)
from tests.evaluation.ballotbox.examples import CHEAP, FIRST, KEY, SECOND


def test_both_openers_open():
    assert unseal(seal("满意".encode(), KEY.public_key), open_with(KEY, FIRST, SECOND)) == "满意".encode()


@pytest.mark.parametrize(("first", "second"), [(SECOND, FIRST), (FIRST, "x"), ("x", SECOND), (FIRST, FIRST)])
def test_one_opener_alone_or_a_wrong_one_does_not(first, second):
    with pytest.raises(WrongPassphrase, match="开箱口令不对"):
        open_with(KEY, first, second)


def test_shares_of_another_poll_do_not_join():
    other = make_poll_key(FIRST, SECOND, CHEAP)
    mixed = PollKey(KEY.public_key, (KEY.locked[0], other.locked[1]))
    with pytest.raises(PollKeyError, match="合不成"):
        open_with(mixed, FIRST, SECOND)
    with pytest.raises(PollKeyError, match="长度"):
        join_shares(b"short", b"short", KEY.public_key)


@pytest.mark.parametrize(
    ("first", "second", "words"), [("short", SECOND, "至少 12"), (FIRST, FIRST, "不能相同")]
)
def test_weak_passphrases_are_refused(first, second, words):
    with pytest.raises(PollKeyError, match=words):
        make_poll_key(first, second, CHEAP)


@pytest.mark.parametrize("locked", ["", "{}", "[]", json.dumps({"salt": "x"})])
def test_unreadable_share(locked):
    with pytest.raises(PollKeyError, match="读不出"):
        unlock_share(locked, FIRST)


def test_equal_texts_look_different_and_lengths_tell_little():
    payloads = {seal(text, KEY.public_key) for text in (b"a", b"a", b"a much longer answer")}
    assert len(payloads) == 3
    assert len({len(payload) for payload in payloads}) == 1


@pytest.mark.parametrize("payload", [b"", b"x" * 10, b"x" * 600])
def test_rubbish_is_unreadable(payload):
    with pytest.raises(Unreadable):
        unseal(payload, open_with(KEY, FIRST, SECOND))
