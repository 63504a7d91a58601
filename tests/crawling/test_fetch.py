import gzip
import socket
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from kaoping.crawling.address import AddressGuard
from kaoping.crawling.failures import Whose
from kaoping.crawling.fetch import Fetcher, Limits, Resolver
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


@pytest.fixture
def raw():
    """``raw(bytes)``: the address of a server that sends just these bytes."""
    with ExitStack() as serving:

        def serve_raw(sent):
            listener = serving.enter_context(socket.create_server(("127.0.0.1", 0)))

            def answer():
                while True:
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    with connection:
                        connection.recv(10_000)
                        connection.sendall(sent)

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            serving.callback(thread.join)
            serving.callback(listener.shutdown, socket.SHUT_RDWR)
            return f"http://127.0.0.1:{listener.getsockname()[1]}/"

        yield serve_raw


@pytest.mark.parametrize(
    "line",
    [
        *(b"HTTP/1.1 999999999999 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 999 OK", b"HTTP/1.1 099 OK"),
        *(
            b"HTTP/1.1 abc OK",
            b"HTTP/1.1 \xb2\xb3\xb9 OK",
            b"HTTP/1.1 20",
            b"HTTP/1.1 -200 OK",
            b"HTTP/9.9 200 OK",
        ),
        *(b"HTTP 200 OK", b"ICY 200 OK", b"\x00\xff\xfe", b"<html>no header</html>"),
    ],
)
def test_an_absurd_status_line_is_malformed_and_nobody_is_blamed(fetcher, raw, line):
    answer = fetcher.fetch(raw(line + b"\r\nContent-Type: text/html\r\n\r\n<html>x</html>"))
    assert (answer.status, answer.failure.whose, answer.failure.cause) == (0, Whose.US, "malformed status")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://例子..cn/",
            "http://\ud800.cn/",
            "http://127.0.0.1\x00/",
            "http://a b/",
            "http://[::1",
            "\ud800",
            "",
        ),
        *(
            "http://x:99999/",
            "http://x:abc/",
            "http://",
            "http://ｅｘ．com：８０/",
            "http://127.0.0.1/\n",
            "//x/",
        ),
    ],
)
def test_no_address_raises(fetcher, url):
    assert fetcher.fetch(url).failure.whose is Whose.US


def test_a_host_in_other_letters_is_asked_by_its_ascii_name():
    with serve({"/": page("x")}) as site:
        named = Resolver.parse([f"xn--fsqu00a.xn--0zwm56d:{site.port}:127.0.0.1"])
        with Fetcher(LOOPBACK, resolver=named) as open_:
            assert open_.fetch("http://例子.测试/").body == b"x"


def test_whatever_breaks_inside_is_ours(fetcher, monkeypatch):
    monkeypatch.setattr(fetcher, "_one", lambda *given, **named: 1 / 0)
    answer = fetcher.fetch("http://127.0.0.1:8000/")
    assert answer.failure.whose is Whose.US and "ZeroDivisionError" in answer.failure.text


def test_all_hops_share_one_limit_of_seconds():
    clock = iter(range(0, 1000, 10))
    with serve({f"/{n}": redirect(f"/{n + 1}") for n in range(5)}) as site:
        with Fetcher(LOOPBACK, monotonic=lambda: float(next(clock))) as slow:
            answer = slow.fetch(site.root + "0", within=25.0)
        assert answer.failure.cause == "out of time" and answer.failure.whose is Whose.US
        assert len(site.asked) == 2
