"""Whose word about the client's address counts: that of the proxies that were named, from the right, and of nobody else."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.support.client_address import client_address, of_request, read_networks
from kaoping.support.environment import SettingError

PROXY, OTHER, CLIENT = "10.0.0.5", "10.0.0.6", "198.51.100.7"
TRUSTED = read_networks("10.0.0.0/24, 2001:db8:5::/64")


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (CLIENT, "", CLIENT),
        (CLIENT, "203.0.113.1", CLIENT),  # spoofed by a client that speaks to us itself
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"203.0.113.1, {CLIENT}", CLIENT),  # spoofed, and the proxy added who really spoke
        (PROXY, f"203.0.113.1,{CLIENT},{OTHER}", CLIENT),  # two proxies in a row
        (PROXY, f"203.0.113.1, {CLIENT}, {CLIENT}", CLIENT),  # doubled
        (PROXY, "", PROXY),  # missing
        (PROXY, " , ", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{CLIENT}, nonsense", PROXY),  # who came before nonsense nobody trusted has said
        (PROXY, "999.1.1.1", PROXY),
        (PROXY, f"{CLIENT}:5173", CLIENT),
        (PROXY, '"[2001:db8::1]:80"', "2001:db8::1"),
        (PROXY, "2001:DB8:0:0::1", "2001:db8::1"),
        (PROXY, "fe80::1%eth0", "fe80::1"),
        (PROXY, f"::ffff:{CLIENT}", CLIENT),
        ("::ffff:10.0.0.5", CLIENT, CLIENT),
        ("2001:db8:5::1", "2001:db8:9::9", "2001:db8:9::9"),
        ("2001:db8:6::1", "2001:db8:9::9", "2001:db8:6::1"),
        (PROXY, f"{OTHER}, {PROXY}", OTHER),  # nobody but proxies: the first of them
        ("", CLIENT, ""),
        ("nonsense", CLIENT, ""),
    ],
)
def test_headers_as_they_come(peer, forwarded, found):
    assert client_address(peer, forwarded, TRUSTED) == found


def test_by_default_nobody_is_believed(monkeypatch):
    monkeypatch.delenv("KAOPING_TRUSTED_PROXIES", raising=False)
    meta = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": CLIENT}
    assert of_request(meta) == "127.0.0.1"
    monkeypatch.setenv("KAOPING_TRUSTED_PROXIES", "127.0.0.1")
    assert of_request(meta) == CLIENT
    assert of_request({}) == ""


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "10.0.0.0/99", "proxy.example", "10.0.0.1;10.0.0.2"])
def test_a_setting_that_cannot_be_used_is_refused_in_words(text):
    with pytest.raises(SettingError, match="KAOPING_TRUSTED_PROXIES"):
        read_networks(text)


def test_a_thousand_hops_are_not_read_to_the_end():
    assert client_address(PROXY, ",".join([OTHER] * 100_000), TRUSTED) == OTHER


@given(st.text(max_size=80), st.sampled_from([PROXY, CLIENT]))
def test_whatever_stands_there_the_answer_is_an_address(forwarded, peer):
    found = client_address(peer, forwarded, TRUSTED)
    ip_address(found)
    assert peer == PROXY or found == CLIENT


@given(
    st.lists(st.ip_addresses().map(str), max_size=6), st.ip_addresses(v=4, network="203.0.113.0/24").map(str)
)
def test_nothing_that_a_client_writes_moves_what_the_proxy_says(spoofed, client):
    assert client_address(PROXY, ", ".join([*spoofed, client]), TRUSTED) == client
