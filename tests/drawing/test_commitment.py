"""The list's digest, the commitment and the seed."""

import pytest

from kaoping.drawing import DrawError, commit, list_digest, seed_of

NONCE = "0123456789abcdef"


def test_digest_does_not_depend_on_order():
    assert list_digest({"a": ["1", "2"], "b": ["3"]}) == list_digest({"b": ["3"], "a": ["2", "1"]})


def test_digest_depends_on_the_stratum():
    assert list_digest({"a": ["1"], "b": ["2"]}) != list_digest({"a": ["2"], "b": ["1"]})


@pytest.mark.parametrize("units", [["1", "1"], ["1\n2"], ["1\t2"]])
def test_list_that_cannot_be_drawn_from(units):
    with pytest.raises(DrawError):
        list_digest({"a": units})


def test_commitment_hides_and_binds():
    digest = list_digest({"a": ["1"]})
    assert commit(digest, NONCE) != commit(digest, NONCE + "x")
    assert seed_of(digest, NONCE, "") != commit(digest, NONCE)
    assert seed_of(digest, NONCE, "08 12 31") != seed_of(digest, NONCE, "")
    with pytest.raises(DrawError, match="至少 16"):
        commit(digest, "short")
