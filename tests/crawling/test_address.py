import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


# IANA special-purpose registries, 2025-11: block, one address of it. All of them end inside, or nowhere.
SPECIAL = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/31"),
    *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
    *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("::1/128", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32"),
    *("2001:1::1/128", "2001:1::3/128", "2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32"),
    *("2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    *("4000::/3", "e000::/4"),
]


@given(st.sampled_from(SPECIAL), st.data())
def test_no_address_of_a_special_range_is_permitted(block, data):
    net = ipaddress.ip_network(block)
    address = net[data.draw(st.integers(0, net.num_addresses - 1))]
    assert not GUARD.permits(str(address))
    if address.version == 4:
        number = int(address)
        for inside in (
            f"::ffff:{address}",
            f"64:ff9b::{address}",
            str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))),
        ):
            assert not GUARD.permits(inside)


@given(st.integers(0, 2**32 - 1))
def test_what_is_in_no_special_range_is_permitted(number):
    address = ipaddress.IPv4Address(number)
    special = any(address in net for net in map(ipaddress.ip_network, SPECIAL) if net.version == 4)
    assert GUARD.permits(str(address)) is not special


def test_the_guard_asks_no_version_of_python(monkeypatch):
    """What the standard library thinks of an address has changed between versions and will again."""
    for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address):
        for name in ("is_global", "is_private", "is_reserved", "is_multicast"):
            monkeypatch.setattr(kind, name, property(lambda self: 1 / 0))
    assert GUARD.permits("8.8.8.8") and GUARD.permits("2400:3200::1")
    assert not GUARD.permits("192.0.0.8") and not GUARD.permits("3fff::1")
