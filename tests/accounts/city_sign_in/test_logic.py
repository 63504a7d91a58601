"""What an answer of the city is worth."""

from datetime import UTC, datetime, timedelta

import pytest

from kaoping.accounts.city_sign_in import logic

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
WANTED = (("amr", "mfa"), ("acr", "urn:two"))


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": "mfa"}, True),
        ({"acr": "urn:two"}, True),
        ({"acr": "urn:two:not"}, False),
        ({"amr": {"mfa": 1}}, False),
        ({"amr": "xmfax"}, False),
    ],
)
def test_two_proofs_count_only_where_the_city_says_so_as_the_setting_names_it(claims, counts):
    assert logic.counts_twice(WANTED, claims) is counts
    assert not logic.counts_twice((), claims)


@pytest.mark.parametrize("value", [None, "", "  ", True, ["a"], {"a": 1}, "x" * 201, 1.5])
def test_an_identity_is_one_short_text(value):
    with pytest.raises(logic.Failed, match="没有给出“uid”"):
        logic.identity("https://a", "uid", {"uid": value}, strong=False)


def test_a_number_is_an_identity_too():
    assert logic.identity("https://a", "uid", {"uid": 17}, strong=False).value == "17"


def test_an_answer_belongs_to_what_was_asked_and_comes_in_time():
    asked = logic.Asked(logic.ENTER, "state", NOW)
    logic.answers(asked, "state", NOW + timedelta(minutes=10))
    for state, at, words in (
        ("other", NOW, "对不上"),
        ("", NOW, "对不上"),
        ("state", NOW + timedelta(minutes=10, seconds=1), "10 分钟"),
        ("state", NOW - timedelta(seconds=1), "10 分钟"),
    ):
        with pytest.raises(logic.Failed, match=words):
            logic.answers(asked, state, at)


def test_equal_names_of_two_issuers_are_two_people():
    one = logic.digest("key", logic.Identity("https://a", "7", True))
    assert one == logic.digest("key", logic.Identity("https://a", "7", False))
    assert one != logic.digest("key", logic.Identity("https://b", "7", True))
    assert one != logic.digest("other", logic.Identity("https://a", "7", True))


def test_what_counts_is_written_as_name_and_value():
    assert logic.wanted_of(" amr=mfa, acr=urn:a=b ,") == (("amr", "mfa"), ("acr", "urn:a=b"))
    for wrong in ("mfa", "=mfa", "amr="):
        with pytest.raises(ValueError, match=wrong):
            logic.wanted_of(wrong)
