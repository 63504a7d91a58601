"""One request and its redirects: guarded, limited, with the server's own bytes kept. On libcurl.

A failure names whose it is: the site's, the network's, or ours. Only the site's can ever become a finding.
"""

from __future__ import annotations

import errno
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

import pycurl

from kaoping.crawling.address import AddressGuard, AddressRefused, is_loopback, refusal_of
from kaoping.crawling.addresses import absolute
from kaoping.crawling.failures import Failure, Whose, status_failure
from kaoping.foreign.addresses import canonical
from kaoping.patterns import linear

USER_AGENT: Final = "Kaoping/0.1 (government openness assessment)"
MAX_HEADER_BYTES: Final = 64_000
CA_FILE: Final = ssl.get_default_verify_paths().cafile
_STATUS_LINE: Final = linear(r"HTTP/[0-9](?:\.[0-9])? ([1-5][0-9]{2})(?: .*)?")
REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one fetch; bytes count on the wire and after unpacking."""

    connect_seconds: float = 10.0
    total_seconds: float = 30.0
    max_bytes: int = 10_000_000
    max_unpacked: int = 20_000_000
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Resolver:
    """Fixed answers in place of DNS: host or ``*.domain`` to numeric address and port.

    The guard still judges the address: a mapping opens nothing by itself.
    """

    entries: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def parse(cls, items: Iterable[str]) -> Resolver:
        """From ``HOST:PORT:IP`` (PORT is the port that IP serves on); ``ValueError`` when it is not that."""
        entries = {}
        for item in items:
            host, port, address = item.split(":", 2)
            if (
                not host
                or not (port.isascii() and port.isdecimal())
                or not 0 < int(port[:6]) < 65536
                or not address
            ):
                raise ValueError(item)
            entries[host.lower()] = (address.strip("[]"), int(port))
        return cls(entries)

    def find(self, host: str) -> tuple[str, int] | None:
        """The fixed answer for ``host``, the exact name before the widest pattern; null when DNS decides."""
        host = host.lower().rstrip(".")
        if host in self.entries:
            return self.entries[host]
        labels = host.split(".")
        for start in range(1, len(labels)):
            if found := self.entries.get("*." + ".".join(labels[start:])):
                return found
        return None

    def is_loopback(self, url: str) -> bool:
        """True when ``url`` is served by this machine, by its own words or by a fixed answer."""
        host = urlsplit(url).hostname or ""
        fixed = self.find(host)
        return is_loopback(fixed[0]) if fixed else is_loopback(host)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. ``raw`` are the server's bytes as sent, ``body`` the unpacked ones, ``sha256`` is of ``raw``."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    status_line: str
    raw: bytes
    body: bytes
    fetched_at: datetime
    seconds: float
    requests: int
    hops: tuple[str, ...] = ()
    failure: Failure | None = None

    @property
    def sha256(self) -> str:
        """Digest of the stored bytes."""
        return sha256(self.raw).hexdigest()

    def header(self, name: str) -> str | None:
        """The last header of that name."""
        return next((v for k, v in reversed(self.headers) if k.lower() == name.lower()), None)


@dataclass(slots=True)
class _Attempt:
    status: int = 0
    status_line: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0
    header_bytes: int = 0
    refused: str | None = None
    too_large: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    def close(self) -> None:
        """Give back the sockets of this attempt; libcurl keeps its connections."""
        for one in self.sockets:
            one.close()


class Fetcher:
    """Fetches addresses one at a time over kept connections. Not shared between threads; ``close`` it."""

    def __init__(
        self,
        guard: AddressGuard | None = None,
        *,
        resolver: Resolver | None = None,
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.guard = guard or AddressGuard()
        self.resolver = resolver or Resolver()
        self.limits = limits or Limits()
        self._now, self._monotonic = now, monotonic
        self._curl = pycurl.Curl()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End kept connections."""
        self._curl.close()

    def fetch(
        self,
        url: str,
        *,
        head: bool = False,
        may_follow: Callable[[str], bool] = lambda url: True,
        within: float | None = None,
    ) -> Fetched:
        """The answer at ``url`` after its redirects; never raises for what a server or an address does.

        A redirect that ``may_follow`` declines ends the fetch with the redirect itself as the answer. ``within``: seconds
        that all of it may take; null for the limits of each request alone.
        """
        started, at = self._monotonic(), self._now()
        try:
            return self._follow(url, started, at, head=head, may_follow=may_follow, within=within)
        except Exception as error:  # ours: no address and no server may end a run
            failure = Failure(Whose.US, "fetch failed", f"抓取程序出错（{type(error).__name__}）")
            seconds = self._monotonic() - started
            return Fetched(url, url, 0, (), "", b"", b"", at, seconds, requests=1, failure=failure)

    def _follow(
        self,
        url: str,
        started: float,
        at: datetime,
        *,
        head: bool,
        may_follow: Callable[[str], bool],
        within: float | None,
    ) -> Fetched:
        current, hops = url, []
        if not url.isascii() and (spelt := canonical(url)):
            current = spelt
        for _ in range(self.limits.max_redirects + 1):
            left = None if within is None else within - (self._monotonic() - started)
            attempt, failure = self._one(current, head=head, left=left)
            target = None if failure else _redirect_target(current, attempt)
            if target is None or not may_follow(target):
                break
            hops.append(current)
            if target in hops:
                failure = Failure(Whose.SITE, "redirect loop", "网址来回跳转，打不开")
                break
            current = target
        else:
            failure = Failure(Whose.SITE, "too many redirects", f"跳转超过 {self.limits.max_redirects} 次")
        raw = b"".join(attempt.chunks)
        body = raw
        if failure is None:
            body, failure = _unpack(raw, attempt.headers, self.limits.max_unpacked)
        if failure is None and attempt.status >= 400:
            failure = status_failure(attempt.status)
        return Fetched(
            url=url,
            final_url=current,
            status=attempt.status,
            headers=tuple(attempt.headers),
            status_line=attempt.status_line,
            raw=raw,
            body=body,
            fetched_at=at,
            seconds=self._monotonic() - started,
            requests=len(hops) + 1,
            hops=tuple(hops),
            failure=failure,
        )

    def _one(self, url: str, *, head: bool, left: float | None) -> tuple[_Attempt, Failure | None]:
        attempt = _Attempt()
        if left is not None and left <= 0:
            return attempt, OUT_OF_TIME
        try:
            self.guard.check_url(url)
        except AddressRefused as refused:
            return attempt, Failure(Whose.US, "address refused", f"按地址规则不抓取：{refused}")
        seconds = self.limits.total_seconds if left is None else min(left, self.limits.total_seconds)
        try:
            self._prepare(url, attempt, seconds, head=head)
        except (ValueError, pycurl.error):
            return attempt, _BAD_ADDRESS
        try:
            self._curl.perform()
        except pycurl.error as error:
            failure = _curl_failure(error, attempt, self.limits, self._curl.getinfo(pycurl.OS_ERRNO))
            shortened = failure.cause == "timeout" and seconds < self.limits.total_seconds
            return attempt, OUT_OF_TIME if shortened else failure
        finally:
            attempt.close()
        if attempt.status == 0:
            words = "".join(one if one.isprintable() else "?" for one in attempt.status_line[:40])
            return attempt, Failure(
                Whose.US, "malformed status", f"答复的状态行“{words}”不合网页协议，无法判定，要人工看"
            )
        return attempt, None

    def _prepare(self, url: str, attempt: _Attempt, seconds: float, *, head: bool) -> None:
        curl, limits = self._curl, self.limits
        curl.reset()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.PROXY, "")  # a proxy would connect in our place, past the guard
        if CA_FILE:
            curl.setopt(pycurl.CAINFO, CA_FILE)
        curl.setopt(pycurl.NETRC, pycurl.NETRC_IGNORED)
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.USERAGENT, USER_AGENT)
        curl.setopt(pycurl.HTTPHEADER, ["Accept: text/html,*/*;q=0.5", "Accept-Encoding: gzip"])
        curl.setopt(pycurl.HTTP_CONTENT_DECODING, 0)  # the server's own bytes are the evidence
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(limits.connect_seconds * 1000))
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))
        curl.setopt(pycurl.NOBODY, int(head))
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._opener(attempt))
        curl.setopt(pycurl.HEADERFUNCTION, lambda line: _on_header(attempt, line))
        curl.setopt(pycurl.WRITEFUNCTION, lambda chunk: _on_body(attempt, chunk, limits.max_bytes))
        parts = urlsplit(url)
        if fixed := self.resolver.find(parts.hostname or ""):
            port = parts.port or (443 if parts.scheme == "https" else 80)
            address = f"[{fixed[0]}]" if ":" in fixed[0] else fixed[0]
            curl.setopt(pycurl.CONNECT_TO, [f"{parts.hostname}:{port}:{address}:{fixed[1]}"])

    def _opener(self, attempt: _Attempt) -> Callable[[int, Any], Any]:
        """Called by libcurl with the very address that it is about to connect to, DNS already done."""

        def open_socket(purpose: int, address: Any) -> Any:
            family, kind, protocol, where = address
            if not self.guard.permits(str(where[0])):
                attempt.refused = str(where[0])
                return pycurl.SOCKET_BAD
            # libcurl connects by a copy of its own.
            attempt.sockets.append(socket.socket(family, kind, protocol))
            return attempt.sockets[-1]

        return open_socket


OUT_OF_TIME: Final = Failure(Whose.US, "out of time", "这一轮的时限到了，没有等到答复")
_BAD_ADDRESS: Final = Failure(Whose.US, "bad address", "网址写法不对，没有抓取")


def _on_header(attempt: _Attempt, line: bytes) -> int:
    attempt.header_bytes += len(line)
    if attempt.header_bytes > MAX_HEADER_BYTES:
        attempt.too_large = True
        return -1
    text = line.decode("latin-1").rstrip("\r\n")
    if text.startswith("HTTP/"):
        attempt.headers.clear()
        attempt.status_line = text
        # 999999999999 is no status with a tail, it is none at all.
        attempt.status = int(match[1]) if (match := _STATUS_LINE.fullmatch(text)) else 0
    elif ":" in text:
        name, _, value = text.partition(":")
        attempt.headers.append((name.strip(), value.strip()))
    return len(line)


def _on_body(attempt: _Attempt, chunk: bytes, limit: int) -> int:
    attempt.size += len(chunk)
    if attempt.size > limit:
        attempt.too_large = True
        return -1
    attempt.chunks.append(chunk)
    return len(chunk)


def _redirect_target(current: str, attempt: _Attempt) -> str | None:
    if attempt.status not in REDIRECTS:
        return None
    location = next((v for k, v in attempt.headers if k.lower() == "location"), "")
    with suppress(UnicodeError):
        # Header bytes arrive as latin-1; servers send raw UTF-8 in Location.
        location = location.encode("latin-1").decode("utf-8")
    return absolute(current, location) or (canonical(location) if location else None)


def _unpack(raw: bytes, headers: list[tuple[str, str]], limit: int) -> tuple[bytes, Failure | None]:
    encoding = next((v.lower() for k, v in headers if k.lower() == "content-encoding"), "")
    if encoding in ("", "identity") or not raw:
        return raw, None
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return b"", Failure(Whose.SITE, f"content-encoding {encoding}", "网站用了没有要求的压缩方式")
    unpacker = zlib.decompressobj(47 if "gzip" in encoding else zlib.MAX_WBITS)
    try:
        body = unpacker.decompress(raw, limit + 1)
    except zlib.error:
        return b"", Failure(Whose.SITE, "broken compression", "网页压缩数据损坏")
    if len(body) > limit:
        return b"", Failure(Whose.US, "unpacked too large", f"解压后超过 {limit} 字节，本平台不再读取")
    return body, None


def _curl_failure(error: pycurl.error, attempt: _Attempt, limits: Limits, system: int) -> Failure:
    code, message = error.args[0], str(error.args[1])
    if attempt.refused:
        return Failure(
            Whose.US,
            "address refused",
            f"按地址规则不抓取：{refusal_of(attempt.refused)}",
        )
    if attempt.too_large:
        return Failure(Whose.US, "too large", f"超过 {limits.max_bytes} 字节，本平台不再读取")
    if code == pycurl.E_COULDNT_CONNECT and system == errno.ECONNREFUSED:
        return Failure(Whose.NETWORK, "connect", "连不上网站（连接被拒绝）")
    whose, cause, text = _CURL.get(code, (Whose.NETWORK, f"curl {code}", f"连接失败（{message[:100]}）"))
    return Failure(whose, cause, text)


_NOT_HTTP: Final = (Whose.US, "malformed status", "答复不合网页协议，无法判定，要人工看")
_CURL: Final[dict[int, tuple[Whose, str, str]]] = {
    pycurl.E_COULDNT_RESOLVE_HOST: (Whose.NETWORK, "dns", "域名没有解析结果"),
    pycurl.E_COULDNT_CONNECT: (Whose.NETWORK, "connect", "连不上网站"),
    pycurl.E_OPERATION_TIMEDOUT: (Whose.NETWORK, "timeout", "在规定时间内没有答复"),
    pycurl.E_RECV_ERROR: (Whose.NETWORK, "connection lost", "连接中断"),
    pycurl.E_SEND_ERROR: (Whose.NETWORK, "connection lost", "连接中断"),
    pycurl.E_GOT_NOTHING: (Whose.SITE, "empty reply", "网站没有答复内容"),
    pycurl.E_PARTIAL_FILE: (Whose.NETWORK, "partial", "内容没有传完"),
    pycurl.E_SSL_CONNECT_ERROR: (Whose.SITE, "tls", "安全连接建立失败"),
    pycurl.E_PEER_FAILED_VERIFICATION: (Whose.SITE, "certificate", "网站证书无效"),
    pycurl.E_SSL_CACERT_BADFILE: (Whose.US, "no certificates", "本机没有根证书，无法核对网站证书"),
    pycurl.E_FTP_WEIRD_SERVER_REPLY: _NOT_HTTP,
    pycurl.E_URL_MALFORMAT: (Whose.US, "bad address", "网址写法不对，没有抓取"),
    # The guard let only http and https through: it is the answer that libcurl cannot take for HTTP.
    pycurl.E_UNSUPPORTED_PROTOCOL: _NOT_HTTP,
}
