import pytest

from kaoping.crawling.addresses import absolute, file_kind, normal, site_of


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


def test_normal_and_site():
    assert normal("https://A.test:443/x#y") == "https://a.test/x"
    assert normal("http://中国.test/") == "http://xn--fiqs8s.test/"
    assert normal("ftp://a.test/") is None
    assert site_of("http://a.test/") == site_of("https://a.test/b") == "a.test"
    assert site_of("http://a.test:8080/") == "a.test:8080"


def test_file_kind():
    assert file_kind("http://a.test/x/附件.DOCX?download=1") == "docx"
    assert file_kind("http://a.test/x.html") is None
    assert file_kind("http://a.test/.pdf") is None
