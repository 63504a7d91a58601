from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.crawling.failures import Failure, Whose
from kaoping.crawling.fetch import Fetched, Resolver
from kaoping.crawling.politeness import Pace, RateRefused, Robots, Turns, rate_for


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


@given(
    st.lists(
        st.tuples(st.sampled_from(("a", "b")), st.floats(0, 5), st.sampled_from((0.5, 1.0, 7.0))), max_size=30
    )
)
def test_runs_that_share_turns_never_ask_a_host_faster_than_each_may(asked):
    """Whoever asks when: the turns of one host lie as far apart as the asker before wanted, and nobody waits longer."""
    turns, now = Turns(), 0.0
    free: dict[str, float] = {}
    for host, later, gap in asked:
        now += later
        turn = now + turns.take(host, now, gap)
        assert turn == pytest.approx(max(now, free.get(host, 0.0)))
        free[host] = turn + gap


def test_two_runs_at_one_host_share_its_rate():
    time, turns = Time(), Turns()
    one, two = (Pace(1.0, lambda: time.now, time.sleep, turns) for _ in range(2))
    for pace in (one, two, one, two):
        pace.wait("http://a.test/")
    assert time.slept == [1.0, 1.0, 1.0]


def test_turns_are_taken_one_by_one_by_many_threads():
    turns = Turns()
    with ThreadPoolExecutor(8) as pool:
        taken = sorted(pool.map(lambda _: turns.take("a", 0.0, 1.0), range(200)))
    assert taken == [float(number) for number in range(200)]


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


def test_a_turn_after_the_end_is_neither_waited_for_nor_taken():
    time, turns = Time(), Turns()
    pace = Pace(0.5, lambda: time.now, time.sleep, turns)
    assert pace.wait("http://a.test/1", 101.0)
    assert not pace.wait("http://a.test/2", 101.0) and time.slept == []
    assert turns.take("a.test", 100.0, 2.0) == 2.0  # nobody else has to wait for it
    assert not Pace(None, lambda: time.now, time.sleep).wait("http://a.test/", 100.0)


def test_tens_of_thousands_of_rules_are_bounded_and_told():
    rules = "".join(f"Disallow: /*a{n}-*b\n" for n in range(21_000))
    robots = Robots(lambda url: answer(200, f"User-agent: *\n{rules}Crawl-delay: 3\n".encode()))
    assert not robots.allows("http://a.test/xa7-xb") and robots.allows("http://a.test/xa20000-xb")
    assert robots.delay("http://a.test/") == 3 and robots.too_long
    kept = robots._known["http://a.test"]._user_agents["*"]._rules
    assert len(kept) <= 5_000
    short = Robots(lambda url: answer(200, b"User-agent: *\nDisallow: /x\n"))
    assert short.allows("http://a.test/") and not short.too_long


def test_a_robots_file_that_breaks_the_library_forbids_and_is_ours(monkeypatch):
    def broken(text):
        raise RecursionError

    monkeypatch.setattr("kaoping.crawling.politeness.Protego.parse", broken)
    robots = Robots(lambda url: answer(200, b"User-agent: *\n"))
    assert not robots.allows("http://a.test/")
    assert robots.failure("http://a.test/").whose is Whose.US
