"""What was seen, kept: standard WARC, each body stored once under its SHA-256.

The digest is of the bytes that the server sent (compressed if it compressed them), so that an outsider can
recompute it from the WARC alone. A body seen before becomes a ``revisit`` record.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kaoping.crawling.fetch import Fetched
from kaoping.foreign.days import strict_instant

PREFIX: Final = "sha256:"
MAX_WARC_BYTES: Final = 500_000_000
MAX_UNPACKED: Final = 20_000_000
_LEVEL: Final = 6  # 3 % larger than 9, a fifth less time
_LOOKUP: Final = "X-Kaoping-Requested"


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored answer. ``raw`` are the bytes that ``sha256`` digests, ``body`` the unpacked ones."""

    url: str
    requested_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    sha256: str
    raw: bytes
    body: bytes

    @property
    def content_type(self) -> str | None:
        """The Content-Type header."""
        return next((v for k, v in reversed(self.headers) if k.lower() == "content-type"), None)

    @property
    def is_page(self) -> bool:
        """True for an HTML answer with status 200."""
        kind = (self.content_type or "").partition(";")[0].strip().lower()
        if self.status != 200 or not self.body:
            return False
        return kind in ("text/html", "application/xhtml+xml") or (
            not kind and b"<html" in self.body[:2000].lower()
        )


class ArchiveWriter:
    """Appends answers to ``pages-NNNNN.warc.gz`` in one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._seen: set[str] = set()
        self._number = 0
        self._records = RecordBuilder()
        self._open_next()

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()

    def add(self, fetched: Fetched) -> Stored:
        """Store one answer and give it back as it will be read."""
        digest = fetched.sha256
        new = digest not in self._seen
        self._seen.add(digest)
        code, _, words = fetched.status_line.partition(" ")[2].partition(" ")
        headers = [(_kept_name(name), value) for name, value in fetched.headers]
        record = self._records.create_warc_record(
            fetched.final_url,
            "response" if new else "revisit",
            payload=BytesIO(fetched.raw if new else b""),
            length=len(fetched.raw)
            if new
            else 0,  # without it warcio would put its own digest in place of ours
            http_headers=StatusAndHeaders(
                f"{code or fetched.status} {words}".strip(), headers, protocol="HTTP/1.1"
            ),
            warc_headers_dict={
                "WARC-Date": fetched.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "WARC-Payload-Digest": PREFIX + digest,
                _LOOKUP: fetched.url,
            }
            | (
                {}
                if new
                else {"WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
            ),
        )
        self._write(record)
        if self._stream.tell() > MAX_WARC_BYTES:
            self._stream.close()
            self._open_next()
        return Stored(
            fetched.final_url,
            fetched.url,
            fetched.status,
            tuple(headers),
            fetched.fetched_at,
            digest,
            fetched.raw,
            fetched.body,
        )

    def _write(self, record: Any) -> None:
        """One record as one gzip member, so that every record can be read on its own."""
        plain = BytesIO()
        WARCWriter(plain, gzip=False).write_record(record)
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self._stream.write(packer.compress(plain.getbuffer()) + packer.flush())

    def _open_next(self) -> None:
        self._number += 1
        self._stream = (self._folder / f"pages-{self._number:05d}.warc.gz").open("wb")


def stored_pages(folder: Path) -> Iterator[Stored]:
    """Every stored answer in the order of fetching."""
    places: dict[str, tuple[Path, int]] = {}
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            iterator = ArchiveIterator(stream)
            for record in iterator:
                if record.rec_type not in ("response", "revisit"):
                    continue
                digest = (record.rec_headers.get_header("WARC-Payload-Digest") or "").removeprefix(PREFIX)
                raw = record.content_stream().read()
                if record.rec_type == "response":
                    places[digest] = (path, iterator.get_record_offset())
                else:
                    raw = _raw_at(*places[digest]) if digest in places else b""
                yield _stored(record, digest, raw)


def read_stored(folder: Path, sha256: str) -> Stored:
    """The stored answer with this digest; ``KeyError`` when the archive has none."""
    for stored in stored_pages(folder):
        if stored.sha256 == sha256:
            return stored
    raise KeyError(sha256)


def _raw_at(path: Path, offset: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(offset)
        return bytes(next(iter(ArchiveIterator(stream))).content_stream().read())


def _stored(record: Any, digest: str, raw: bytes) -> Stored:
    http = record.http_headers
    headers = tuple((str(name), str(value)) for name, value in http.headers) if http else ()
    code = http.get_statuscode() if http else "0"
    when = strict_instant(record.rec_headers.get_header("WARC-Date"))
    if when is None:
        raise ValueError("WARC-Date")
    url = record.rec_headers.get_header("WARC-Target-URI")
    return Stored(
        url,
        record.rec_headers.get_header(_LOOKUP) or url,
        int(code) if code and code.isdigit() else 0,
        headers,
        when.astimezone(UTC),
        digest,
        raw,
        _unpacked(raw, headers),
    )


def _unpacked(raw: bytes, headers: tuple[tuple[str, str], ...]) -> bytes:
    if not any(k.lower() == "x-archive-orig-content-encoding" and "gzip" in v.lower() for k, v in headers):
        return raw
    try:
        return zlib.decompressobj(47).decompress(raw, MAX_UNPACKED)
    except zlib.error:
        return b""


def _kept_name(name: str) -> str:
    """Readers of WARC would undo these two; the stored body is exactly what the digest says."""
    return f"X-Archive-Orig-{name}" if name.lower() in ("transfer-encoding", "content-encoding") else name
