"""Who asks: the one function that says a client's address.

A header can be written by anybody. So ``X-Forwarded-For`` counts only as far as it was written by proxies that the
setting ``KAOPING_TRUSTED_PROXIES`` names; by default none is, and the address is that of the connection. Lock-out, log,
limits and the network stratum of ballots ask here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from kaoping.support import environment

Network = IPv4Network | IPv6Network
SETTING: Final = "KAOPING_TRUSTED_PROXIES"
# More hops than this nobody has; who writes more is not read to the end.
_MOST_HOPS: Final = 32


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of the client in its shortest spelling; empty when the connection has none (a local socket).

    ``peer`` is the other end of the connection, ``forwarded`` the header ``X-Forwarded-For`` (several joined by commas,
    in their order). Read from the right: as long as the one who spoke is trusted, the one it names speaks next. An entry
    that is no address ends the reading: nobody trusted has said who came before.
    """
    spoke = _read(peer)
    if spoke is None:
        return ""
    hops = forwarded.split(",")[-_MOST_HOPS:] if forwarded.strip() else []
    while hops and _within(spoke, trusted):
        named = _read(hops.pop())
        if named is None:
            break
        spoke = named
    return str(spoke)


def of_request(meta: Mapping[str, Any]) -> str:
    """The client's address of a Django request's ``META``, by the setting."""
    return client_address(
        str(meta.get("REMOTE_ADDR") or ""), str(meta.get("HTTP_X_FORWARDED_FOR") or ""), trusted_proxies()
    )


def is_trusted_proxy(peer: str) -> bool:
    """Whether the other end of a connection is a proxy that the setting names, and may say what it has verified."""
    spoke = _read(peer)
    return spoke is not None and _within(spoke, trusted_proxies())


def trusted_proxies() -> tuple[Network, ...]:
    """The setting. Raises ``SettingError`` when it holds anything but networks."""
    return read_networks(environment.read(SETTING))


@lru_cache(maxsize=8)
def read_networks(text: str) -> tuple[Network, ...]:
    """Networks or single addresses, separated by commas. Raises ``SettingError``."""
    found = []
    for word in text.split(","):
        if not word.strip():
            continue
        try:
            network = ip_network(word.strip(), strict=False)
        except ValueError:
            raise environment.SettingError(
                f"{SETTING} 里的“{word.strip()}”不是地址段，应形如 10.0.0.5 或 10.0.0.0/24，逗号分隔"
            ) from None
        if network.prefixlen == 0:
            raise environment.SettingError(f"{SETTING} 不能写 {word.strip()}：那等于相信任何人写的地址")
        found.append(network)
    return tuple(found)


def _within(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: also in brackets, with a port, with quotes or as IPv4 within IPv6."""
    word = text.strip().strip('"')
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        found = ip_address(word.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
