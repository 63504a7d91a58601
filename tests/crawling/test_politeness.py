from datetime import UTC, datetime

import pytest

from kaoping.crawling.fetch import Failure, Fetched, Resolver, Whose
from kaoping.crawling.politeness import Pace, RateRefused, Robots, rate_for


def answer(status, body=b"", failure=None):
    at = datetime(2025, 1, 1, tzinfo=UTC)
    return Fetched("u", "u", status, (), f"HTTP/1.1 {status} X", body, body, at, 0.0, 1, (), failure)


class Time:
    def __init__(self):
        self.now, self.slept = 100.0, []

    def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        self.now += seconds


def test_rate_per_host():
    time = Time()
    pace = Pace(2.0, lambda: time.now, time.sleep)
    for url in ("http://a.test/1", "http://a.test/2", "http://b.test/1", "http://a.test/3"):
        pace.wait(url)
    assert time.slept == [0.5, 0.5]


def test_crawl_delay_is_obeyed_within_bounds():
    time = Time()
    pace = Pace(2.0, lambda: time.now, time.sleep)
    pace.slow_to("a.test", 900.0)
    pace.wait("http://a.test/1")
    pace.wait("http://a.test/2")
    assert time.slept == [30.0]


def test_no_pause_when_unlimited():
    time = Time()
    pace = Pace(None, lambda: time.now, time.sleep)
    pace.wait("http://127.0.0.1/")
    pace.wait("http://127.0.0.1/")
    assert time.slept == []


def test_unlimited_is_for_loopback_only():
    resolver = Resolver.parse(["*.kaoping.test:8000:127.0.0.1", "in.test:80:10.0.0.1"])
    assert rate_for("unlimited", "http://127.0.0.1:8000/", resolver) is None
    assert rate_for("unlimited", "http://a.kaoping.test/", resolver) is None
    for url in ("http://www.example.gov.cn/", "http://in.test/", "http://10.0.0.1/"):
        with pytest.raises(RateRefused):
            rate_for("unlimited", url, resolver)
    assert rate_for("0.5", "http://www.example.gov.cn/", resolver) == 0.5
    for bad in ("0", "-1", "51", "fast", "nan"):
        with pytest.raises(ValueError):
            rate_for(bad, "http://127.0.0.1/", resolver)


def test_robots():
    asked = []

    def fetch(url):
        asked.append(url)
        return answer(200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 3\n")

    robots = Robots(fetch)
    assert robots.allows("http://a.test/open")
    assert not robots.allows("http://a.test/private/x")
    assert robots.delay("http://a.test/") == 3
    assert asked == ["http://a.test/robots.txt"]


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        (answer(404, failure=Failure(Whose.SITE, "HTTP 404", "")), True),
        (answer(403, failure=Failure(Whose.US, "HTTP 403", "")), True),
        (answer(500, failure=Failure(Whose.SITE, "HTTP 500", "")), False),
        (answer(0, failure=Failure(Whose.NETWORK, "timeout", "")), False),
    ],
)
def test_no_file_allows_and_no_answer_forbids(reply, allowed):
    assert Robots(lambda url: reply).allows("http://a.test/") is allowed
