"""The settings of the city's sign-in, read and refused in words. Without them there is none."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kaoping.accounts.city_sign_in.logic import wanted_of
from kaoping.support.environment import SettingError, read

OIDC, CAS = "oidc", "cas"
_HERE: Final = "kaoping.accounts.city_sign_in"


@dataclass(frozen=True, slots=True)
class Configuration:
    """How the city is asked: by which protocol, where, and what of its answer counts.

    ``address`` is the issuer (OIDC) or the beginning of the CAS addresses; ``claim`` names what a person is known by; ``wanted``
    what must be said for two proofs; ``authority`` a file with the certificates to trust, instead of the usual ones.
    """

    kind: str
    address: str
    claim: str
    wanted: tuple[tuple[str, str], ...]
    authority: str = ""
    client: str = ""
    secret: str = ""
    scope: str = "openid"

    @property
    def adapter(self) -> str:
        """The class that speaks the protocol; loaded only where the city's sign-in is on."""
        return f"{_HERE}.{self.kind}.{'Oidc' if self.kind == OIDC else 'Cas'}"

    @property
    def words(self) -> str:
        """The settings in words, without the secret."""
        twice = "、".join(f"{name}={value}" for name, value in self.wanted) or "没有，只抵口令"
        return f"{self.kind.upper()} {self.address}，按 {self.claim} 认人，抵第二重验证的：{twice}"


def read_configuration() -> Configuration | None:
    """The city's sign-in as the settings name it; None when none does. Raises ``SettingError``."""
    issuer, cas = read("KAOPING_OIDC_ISSUER"), read("KAOPING_CAS_URL")
    if issuer and cas:
        raise SettingError("KAOPING_OIDC_ISSUER 和 KAOPING_CAS_URL 只能设一个：统一身份认证只有一处")
    if issuer:
        client = read("KAOPING_OIDC_CLIENT_ID")
        if not client:
            raise SettingError("设了 KAOPING_OIDC_ISSUER，还要设 KAOPING_OIDC_CLIENT_ID（统一身份认证给的）")
        scope = read("KAOPING_OIDC_SCOPE", "openid")
        if "openid" not in scope.split():
            raise SettingError("KAOPING_OIDC_SCOPE 里要有 openid，几项之间用空格隔开")
        return Configuration(
            OIDC,
            _address("KAOPING_OIDC_ISSUER", issuer),
            read("KAOPING_OIDC_CLAIM", "sub"),
            _wanted("KAOPING_OIDC_SECOND", read("KAOPING_OIDC_SECOND")),
            _file("KAOPING_OIDC_CA", read("KAOPING_OIDC_CA")),
            client,
            read("KAOPING_OIDC_CLIENT_SECRET"),
            scope,
        )
    if cas:
        return Configuration(
            CAS,
            _address("KAOPING_CAS_URL", cas).rstrip("/") + "/",
            read("KAOPING_CAS_CLAIM", "user"),
            _wanted("KAOPING_CAS_SECOND", read("KAOPING_CAS_SECOND")),
            _file("KAOPING_CAS_CA", read("KAOPING_CAS_CA")),
        )
    return None


def is_safe(address: str) -> bool:
    """Whether an address can be asked about people: over HTTPS, or on this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host) and not parts.username
    if parts.scheme != "http" or parts.username:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _address(name: str, text: str) -> str:
    if not is_safe(text) or urlsplit(text).query or urlsplit(text).fragment:
        raise SettingError(f"{name} 应是 https:// 开头的地址，不带问号和井号：{text}")
    return text


def _wanted(name: str, text: str) -> tuple[tuple[str, str], ...]:
    try:
        return wanted_of(text)
    except ValueError as error:
        raise SettingError(f"{name} 里的“{error}”应写成 名称=值，如 amr=mfa，几项用逗号分隔") from None


def _file(name: str, path: str) -> str:
    if path and not Path(path).is_file():
        raise SettingError(f"{name} 指的证书文件没有：{path}")
    return path
