"""The door for patterns that meet text from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.patterns import PatternError, linear


def test_places_are_counted_in_characters():
    found = linear("文号[:：](.+)").search("标题 文号：常政〔2025〕3号")
    assert found is not None
    assert found.span(1) == (6, 16)
    assert found.group(1) == "常政〔2025〕3号"


@pytest.mark.parametrize("pattern", [r"(?=a)a", r"(?<!a)b", r"(a)\1", "a{2000}", "(", "[z-a]"])
def test_what_cannot_be_linear_is_refused(pattern):
    with pytest.raises(PatternError):
        linear(pattern)


def test_a_lone_surrogate_is_read_as_one_unreadable_sign():
    found = linear("b").search("\ud800\udc00b")
    assert found is not None
    assert found.start() == 2


@given(st.text(alphabet=st.characters(blacklist_categories=())))
def test_any_text_can_be_looked_through(text):
    for found in linear(r"[\s\p{Z}]+").finditer(text):
        assert found.group().isspace() or all(not sign.isprintable() for sign in found.group())
    assert len(linear("x").sub("y", text)) == len(text)


def test_what_the_interface_offers():
    digits = linear(r"\d+")
    assert digits.findall("a1b22") == ["1", "22"]
    assert digits.sub(lambda found: f"<{found[0]}>", "a1b22") == "a<1>b<22>"
    assert digits.split("a1b22c") == ["a", "b", "c"]
    assert digits.match("a1") is None
    assert digits.fullmatch("12") is not None
    assert linear("(?i)(?P<word>charset)=").search("CHARSET=x").groupdict() == {"word": "CHARSET"}


@pytest.mark.parametrize(
    ("pattern", "by", "text", "made"),
    [
        ("a", "中", "x文ay", "x文中y"),
        ("(a)(b)?", r"〔\1\2〕", "文a ab", "文〔a〕 〔ab〕"),
        ("a", "é\n", "a", "é\n"),
        ("(文)", r"\1\1", "文", "文文"),
        ("b", "中", "a", "a"),
    ],
)
def test_a_text_that_replaces_stays_the_text_it_is(pattern, by, text, made):
    assert linear(pattern).sub(by, text) == made
    assert linear(pattern).sub(lambda found: found.group().upper(), "ab文") != ""
