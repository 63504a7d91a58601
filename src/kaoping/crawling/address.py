"""The address guard: a crawler that can be pointed at any address must not reach the inside of the network.

Private, loopback, link-local, multicast and reserved addresses are refused unless the operator listed their
range. The same question is asked of an address written in a URL, of every address that DNS gives at the moment
of connecting, and again at every redirect.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from kaoping.crawling import special_ranges

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LAST_32: Final = (special_ranges.NAT64, special_ranges.MAPPED, special_ranges.COMPATIBLE)
_INSIDE_NAMES: Final = ("localhost",)


class AddressRefused(ValueError):
    """The address must not be fetched; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Which addresses may be connected to. ``allowed`` lists ranges that the operator opened."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def allowing(cls, ranges: Iterable[str]) -> AddressGuard:
        """A guard with these CIDR ranges open; ``ValueError`` for a range that is none."""
        return cls(tuple(ipaddress.ip_network(text.strip(), strict=False) for text in ranges if text.strip()))

    def permits(self, address: str) -> bool:
        """True when a socket may be opened to this numeric address."""
        try:
            found = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        real = _embedded(found)
        if any(ip.version == net.version and ip in net for ip in {found, real} for net in self.allowed):
            return True
        return _is_public(found)

    def check_url(self, url: str) -> None:
        """Refuse before any DNS question: scheme, sign-in data, port, a numeric or inside host."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise AddressRefused("网址写法不对") from error
        if parts.scheme not in ("http", "https") or not host:
            raise AddressRefused("只抓取 http 和 https 网址")
        if ".." in host or host.startswith("."):
            raise AddressRefused("网址写法不对")  # browsers read it, but no such name can be asked for
        if parts.username is not None or parts.password is not None:
            raise AddressRefused("网址里带有用户名或口令")
        if port is not None and port not in (80, 443) and port < 1024:
            raise AddressRefused(f"端口 {port} 不是网站端口")
        if _is_number(host) and not self.permits(host):
            raise AddressRefused(refusal_of(host))
        if (host.rstrip(".") in _INSIDE_NAMES or host.endswith(".localhost")) and not self.permits(
            "127.0.0.1"
        ):
            raise AddressRefused(refusal_of(host))


def refusal_of(address: str) -> str:
    """Why a socket to this numeric address is not opened."""
    return f"{address} 是{_kind_of(address)}，未列入允许范围"


def _kind_of(address: str) -> str:
    return (
        "本机地址" if is_loopback(address) or address.rstrip(".").endswith("localhost") else "内部或保留地址"
    )


def is_loopback(address: str) -> bool:
    """True for this machine's own addresses."""
    try:
        return _embedded(ipaddress.ip_address(address.partition("%")[0])).is_loopback
    except ValueError:
        return address in _INSIDE_NAMES


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64, compatible), or itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in special_ranges.SIX_TO_FOUR:
            return ipaddress.IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
        if any(address in block for block in _LAST_32) and int(address) > 1:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    """An IPv4 address outside all special ranges; IPv6 only when it is given out, or carries a public IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in special_ranges.V4)
    inner = _embedded(address)
    if isinstance(inner, ipaddress.IPv4Address):
        # ::8.8.8.8 leads nowhere; the others lead to the address inside.
        return address not in special_ranges.COMPATIBLE and _is_public(inner)
    return address in special_ranges.V6_GIVEN_OUT and not any(address in block for block in special_ranges.V6)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
