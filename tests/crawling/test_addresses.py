import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaoping.crawling.addresses import Base, absolute, file_kind, site_of


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("b.html", "http://a.test/x/b.html"),
        ("../b.html#top", "http://a.test/b.html"),
        ("//c.test/", "http://c.test/"),
        ("/栏目/1.html?q=公开", "http://a.test/%E6%A0%8F%E7%9B%AE/1.html?q=%E5%85%AC%E5%BC%80"),
        ("HTTP://A.TEST:80", "http://a.test/"),
        (" \nb.html ", "http://a.test/x/b.html"),
        ("#top", None),
        ("", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.c", None),
        ("http://[::1", None),
        ("x" * 3000, None),
    ],
)
def test_absolute(href, expected):
    assert absolute("http://a.test/x/a.html", href) == expected


PARTS = st.sampled_from(
    [
        "/",
        "//",
        "..",
        "../",
        "./",
        ".",
        "a",
        "art_1.html",
        "B~-_",
        "a b",
        "%41",
        "é",
        "公开",
        "?q=1",
        "#top",
        ";p",
        ":",
        "@",
    ]
)
PATHS = st.lists(PARTS, max_size=8).map("".join)
ORIGINS = st.sampled_from(
    [
        "http://a.test",
        "https://a.test:8443",
        "http://u:p@a.test",
        "HTTP://A.Test:80",
        "http://[::1]:8080",
        "ftp://a.test",
        "",
    ]
)


@given(st.builds("{}/{}".format, ORIGINS, PATHS), PATHS)
@example("http://a.test/x//y/z.html", "../../b.html")
@example("http://a.test/x/y.html?q=/a/b/", "../../../b")
@example("http://a.test/x/", "../")
@example("http://a.test", "b.html")
@example("http://a.test/../", "a")
@example("http://a.test/x/./y/", "../a")
def test_a_base_resolves_as_absolute_does(base, href):
    assert Base(base).absolute(href) == absolute(base, href)


def test_a_base_joins_paths_of_any_length_within_the_limit():
    base = Base("http://a.test/x/a.html")
    assert base.absolute("/" + "y" * 1999) == "http://a.test/" + "y" * 1999
    assert base.absolute("/" + "y" * 2000) is None


def test_no_address_grows_beyond_what_can_be_kept():
    deep = Base(f"http://a.test/{'y' * 1000}/a.html")
    assert deep.absolute("z" * 1000) == f"http://a.test/{'y' * 1000}/{'z' * 1000}"
    assert deep.absolute("z" * 1500) is None
    assert absolute("http://a.test/", "公" * 400) is None


def test_site():
    assert site_of("http://a.test/") == site_of("https://a.test/b") == "a.test"
    assert site_of("http://a.test:8080/") == "a.test:8080"


def test_file_kind():
    assert file_kind("http://a.test/x/附件.DOCX?download=1") == "docx"
    assert file_kind("http://a.test/x.html") is None
    assert file_kind("http://a.test/.pdf") is None
