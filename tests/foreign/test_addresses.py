"""One spelling for one page; the definition is WHATWG's, as ada reads it."""

import ada_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaoping.foreign.addresses import LONGEST, canonical, is_canonical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://A.test:443/x#y", "https://a.test/x"),
        ("http://中国.test/", "http://xn--fiqs8s.test/"),
        ("http://a.test", "http://a.test/"),
        (" http://a.test/a/../b c\n", "http://a.test/b%20c"),
        ("http:\\\\a.test\\b", "http://a.test/b"),
        ("http://a.test/栏目?q='公开'", "http://a.test/%E6%A0%8F%E7%9B%AE?q=%27%E5%85%AC%E5%BC%80%27"),
        # The guard reads what is spelt: a number in disguise is the number.
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("ftp://a.test/", None),
        ("mailto:a@b.c", None),
        ("http://a.test:99999/", None),
        ("http://a.test/\ud800", None),
        ("查阅点", None),
        ("", None),
    ],
)
def test_one_spelling(text, expected):
    assert canonical(text) == expected


def test_a_link_is_resolved_from_its_page():
    assert canonical("../b.html#top", "http://a.test/x/a.html") == "http://a.test/b.html"
    assert canonical("b.html", "") is None


def test_an_address_that_could_not_be_kept_whole_is_none():
    long = "http://a.test/" + "y" * (LONGEST - 14)
    assert canonical(long) == long
    assert canonical(long + "y") is None


PIECES = st.text(
    st.one_of(
        st.sampled_from(r"""abzAZ019/.:?#@%[]\\'"<>{}|^`~&=+;, """ + "\t\n公开"), st.characters(codec="utf-8")
    ),
    max_size=30,
)
ADDRESSES = st.one_of(
    PIECES,
    st.builds("{}{}".format, st.sampled_from(["http://", "HTTPS://a.test", "//a.test/", "ftp://"]), PIECES),
)


@given(ADDRESSES, st.one_of(st.none(), st.just("http://a.test/x/y.html?z")))
@example("http://a.test/#", None)
@example("http://a.test/?#a#b", None)
def test_ada_is_the_definition(text, base):
    try:
        whole = ada_url.join_url(base, text) if base else ada_url.normalize_url(text)
    except ValueError:
        whole = ""
    expected = whole.partition("#")[0] if whole.startswith(("http:", "https:")) else None
    assert canonical(text, base) == (expected if expected and len(expected) <= LONGEST else None)


@given(ADDRESSES)
def test_what_is_canonical_stays_as_it_is(text):
    spelt = canonical(text)
    assert spelt is None or is_canonical(spelt)
