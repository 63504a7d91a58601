import gzip
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from kaoping.crawling.address import AddressGuard
from kaoping.crawling.fetch import Fetcher, Limits, Resolver, Whose
from tests.crawling.serving import page, redirect, serve

LOOPBACK = AddressGuard.allowing(["127.0.0.0/8"])
AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def fetcher():
    with Fetcher(
        LOOPBACK, limits=Limits(2, 2, 10_000, 50_000, 3), now=lambda: AT, monotonic=lambda: 0.0
    ) as made:
        yield made


def test_keeps_bytes_headers_and_digest(fetcher):
    packed = gzip.compress("你好".encode())
    with serve({"/": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, packed)}) as site:
        answer = fetcher.fetch(site.root)
    assert answer.failure is None
    assert (answer.raw, answer.body.decode()) == (packed, "你好")
    assert answer.sha256 == sha256(packed).hexdigest()
    assert answer.header("content-type") == "text/html"
    assert answer.fetched_at == AT


def test_guard_refuses_loopback_unless_listed():
    with serve({"/": page("x")}) as site, Fetcher() as strict:
        for url in (site.root, f"http://localhost:{site.port}/", f"http://2130706433:{site.port}/"):
            answer = strict.fetch(url)
            assert answer.failure and answer.failure.whose is Whose.US
            assert answer.failure.cause == "address refused"
        assert site.asked == []


def test_a_mapping_does_not_open_the_guard():
    with serve({"/": page("x")}) as site:
        resolver = Resolver.parse([f"*.kaoping.test:{site.port}:127.0.0.1"])
        with Fetcher(resolver=resolver) as strict:
            assert strict.fetch("http://a.kaoping.test/").failure.cause == "address refused"
        with Fetcher(LOOPBACK, resolver=resolver) as open_:
            assert open_.fetch("http://a.kaoping.test/").body == b"x"
            assert open_.fetch("http://b.kaoping.test/").body == b"x"


def test_redirect_to_an_inside_address_is_refused(fetcher):
    with serve({"/": redirect("http://10.0.0.1/secret"), "/f": redirect("file:///etc/passwd")}) as site:
        assert fetcher.fetch(site.root).failure.cause == "address refused"
        assert b"root:" not in fetcher.fetch(site.root + "f").body


def test_redirects_are_followed_and_limited(fetcher):
    table = {
        "/": redirect("/a"),
        "/a": redirect("b"),
        "/b": page("end"),
        "/loop": redirect("/loop2"),
        "/loop2": redirect("/loop"),
        **{f"/r{n}": redirect(f"/r{n + 1}") for n in range(9)},
    }
    with serve(table) as site:
        answer = fetcher.fetch(site.root)
        assert (answer.body, answer.final_url, len(answer.hops)) == (b"end", site.root + "b", 2)
        assert fetcher.fetch(site.root + "loop").failure.cause == "redirect loop"
        assert fetcher.fetch(site.root + "r0").failure.cause == "too many redirects"
        declined = fetcher.fetch(site.root, may_follow=lambda url: False)
        assert (declined.status, declined.failure) == (302, None)


@pytest.mark.parametrize(
    ("status", "whose"),
    [(404, Whose.SITE), (500, Whose.SITE), (403, Whose.US), (429, Whose.US), (503, Whose.US)],
)
def test_whose_failure_a_status_is(fetcher, status, whose):
    with serve({"/": (status, {}, b"")}) as site:
        assert fetcher.fetch(site.root).failure.whose is whose


def test_nobody_there_is_the_network(fetcher):
    with serve({}) as site:
        root = site.root
    answer = fetcher.fetch(root)
    assert answer.failure.whose is Whose.NETWORK
    assert answer.status == 0


def test_size_limits_hold_on_the_wire_and_unpacked(fetcher):
    bomb = gzip.compress(b"0" * 1_000_000)
    with serve({"/big": page("x" * 20_000), "/bomb": (200, {"Content-Encoding": "gzip"}, bomb)}) as site:
        assert fetcher.fetch(site.root + "big").failure.cause == "too large"
        assert fetcher.fetch(site.root + "bomb").failure.cause == "unpacked too large"
        assert fetcher.fetch(site.root + "big").failure.whose is Whose.US


def test_broken_compression_is_the_site(fetcher):
    with serve({"/": (200, {"Content-Encoding": "gzip"}, b"not gzip")}) as site:
        assert fetcher.fetch(site.root).failure.whose is Whose.SITE


def test_head_asks_without_the_body(fetcher):
    with serve({"/a.pdf": page("x" * 500)}) as site:
        assert fetcher.fetch(site.root + "a.pdf", head=True).raw == b""
        assert site.asked == ["HEAD /a.pdf"]


def test_resolver_prefers_the_exact_name():
    resolver = Resolver.parse(
        ["*.kaoping.test:80:10.0.0.1", "a.kaoping.test:81:10.0.0.2", "v6.test:80:[::1]"]
    )
    assert resolver.find("a.kaoping.test") == ("10.0.0.2", 81)
    assert resolver.find("b.c.kaoping.test") == ("10.0.0.1", 80)
    assert resolver.find("kaoping.test") is None
    assert resolver.is_loopback("http://v6.test/")
    for bad in ("a", "a:b:127.0.0.1", ":80:127.0.0.1", "a:0:127.0.0.1"):
        with pytest.raises(ValueError):
            Resolver.parse([bad])
