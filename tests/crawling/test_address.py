import pytest

from kaoping.crawling.address import AddressGuard, AddressRefused, is_loopback

GUARD = AddressGuard()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1"),
        "not an address",
    ],
)
def test_inside_addresses_are_refused(address):
    assert not GUARD.permits(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_permitted(address):
    assert GUARD.permits(address)


def test_listed_ranges_are_opened_and_nothing_else():
    guard = AddressGuard.allowing(["10.20.0.0/16", "", " ::1/128 "])
    assert guard.permits("10.20.3.4")
    assert guard.permits("::ffff:10.20.3.4")
    assert guard.permits("::1")
    assert not guard.permits("10.21.0.1")
    assert not guard.permits("127.0.0.1")


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://8.8.8.8/", "gopher://8.8.8.8/", "http://", "http:///x"),
        *(
            "http://user:pass@www.example.gov.cn/",
            "http://www.example.gov.cn:22/",
            "http://www.example.gov.cn:99999/",
        ),
        *(
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://localhost/",
            "http://a.localhost/",
            "http://169.254.169.254/x",
        ),
    ],
)
def test_urls_refused_before_any_question(url):
    with pytest.raises(AddressRefused):
        GUARD.check_url(url)


def test_ordinary_urls_pass():
    for url in ("http://www.example.gov.cn/", "https://www.example.gov.cn:8443/a?b=1", "http://8.8.8.8/"):
        GUARD.check_url(url)


def test_bad_range_is_an_error():
    with pytest.raises(ValueError):
        AddressGuard.allowing(["10.0.0.0/99"])


def test_loopback():
    assert is_loopback("127.0.0.9") and is_loopback("::1") and is_loopback("localhost")
    assert not is_loopback("10.0.0.1") and not is_loopback("www.example.gov.cn")
