"""Address ranges that are not the public internet, as data: what a version of Python thinks of them changes nothing.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, IPv6 Global Unicast Allocations, multicast and reserved
space, as of 2025-11. Ranges that the registries call globally reachable and yet serve no web site (anycast of a network's
own devices in 192.0.0.0/24 and 2001::/23, AS112, AMT) are refused with the rest of their block: nothing that we are asked to
look at stands there, and some of them answer from inside the network.
"""

from __future__ import annotations

import ipaddress
from typing import Final

V4: Final = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # shared address space, RFC 6598
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link local, RFC 3927
        "172.16.0.0/12",  # private, RFC 1918
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # 6to4 relay, ended by RFC 7526
        "192.168.0.0/16",  # private, RFC 1918
        "192.175.48.0/24",  # AS112, RFC 7534
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved and limited broadcast, RFC 1112, RFC 919
    )
)
# Nothing outside this block is given out to anybody: loopback, mapped, unique local, link local, multicast are refused by it.
V6_GIVEN_OUT: Final = ipaddress.IPv6Network("2000::/3")
V6: Final = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments with Teredo, benchmarking, ORCHID, RFC 2928
        "2001:db8::/32",  # documentation, RFC 3849
        "2620:4f:8000::/48",  # AS112, RFC 7534
        "3fff::/20",  # documentation, RFC 9637
    )
)
# An IPv4 address inside; that one is judged.
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
