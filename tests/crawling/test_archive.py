import gzip
import zlib
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from kaoping.crawling.archive import ArchiveWriter, read_stored, stored_pages
from kaoping.crawling.fetch import Fetched

AT = datetime(2025, 3, 3, 1, 2, 3, tzinfo=UTC)


def fetched(url, body, *, packed=False):
    raw = gzip.compress(body) if packed else body
    headers = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))
    headers += (("Content-Encoding", "gzip"),) if packed else ()
    return Fetched(url, url + "?final", 200, headers, "HTTP/1.1 200 OK", raw, body, AT, 0.1, 1)


def test_bytes_come_back_with_their_digest(tmp_path):
    with ArchiveWriter(tmp_path) as archive:
        written = [
            archive.add(fetched("http://a.test/1", b"<html>one", packed=packed)) for packed in (True, False)
        ]
    assert list(stored_pages(tmp_path)) == written
    first = written[0]
    assert (first.requested_url, first.url, first.fetched_at) == (
        "http://a.test/1",
        "http://a.test/1?final",
        AT,
    )
    assert first.body == b"<html>one" and first.is_page
    assert read_stored(tmp_path, first.sha256) == first
    with pytest.raises(KeyError):
        read_stored(tmp_path, "0" * 64)


def test_equal_bodies_are_stored_once(tmp_path):
    with ArchiveWriter(tmp_path) as archive:
        for number in range(3):
            archive.add(fetched(f"http://a.test/{number}", b"<html>same"))
    with next(tmp_path.glob("*.warc.gz")).open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests=False)]
    assert kinds == ["response", "revisit", "revisit"]
    assert {stored.body for stored in stored_pages(tmp_path)} == {b"<html>same"}


def test_every_record_is_a_gzip_member_that_is_read_on_its_own(tmp_path):
    bodies = [b"<html>%d" % number for number in range(3)]
    with ArchiveWriter(tmp_path) as archive:
        for number, body in enumerate(bodies):
            archive.add(fetched(f"http://a.test/{number}", body))
    data = next(tmp_path.glob("*.warc.gz")).read_bytes()
    for body in bodies:
        member = zlib.decompressobj(zlib.MAX_WBITS + 16)
        record = member.decompress(data)
        assert member.eof and record.startswith(b"WARC/1.0\r\n") and record.endswith(body + b"\r\n\r\n")
        data = member.unused_data
    assert data == b""
