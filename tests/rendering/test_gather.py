"""The parts of a page come through the guarded fetcher, politely, up to so many and so much."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kaoping.crawling import AddressGuard, Fetcher, Resolver
from kaoping.rendering import Gathering, gather
from kaoping.rendering.snapshot import IMAGE
from tests.crawling.serving import Answer, Served, serve

PNG: Answer = (200, {"Content-Type": "image/png"}, b"\x89PNG")


@pytest.fixture
def site() -> Iterator[Served]:
    table: dict[str, Answer | Callable[[], Answer]] = {f"/{n}.png": PNG for n in range(80)}
    with serve(table) as served:
        yield served


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(AddressGuard.allowing(["127.0.0.0/8"])) as made:
        yield made


def images(site: Served, count: int) -> list[tuple[str, str]]:
    return [(IMAGE, f"{site.root}{n}.png") for n in range(count)]


def test_each_part_is_asked_for_once_and_kept_with_its_type(site: Served, fetcher: Fetcher) -> None:
    made = Gathering(fetcher, rate=None)
    made.take(images(site, 2))
    made.take(images(site, 2))
    assert set(made.kept.values()) == {("image/png", b"\x89PNG")} and len(made.kept) == 2
    assert site.asked == ["GET /robots.txt", "GET /0.png", "GET /1.png"] and made.left_out == 0


def test_what_the_site_forbids_is_not_asked_for(site: Served, fetcher: Fetcher) -> None:
    site.table["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /1.png\n")
    site.table["/0.png"] = (302, {"Location": "/1.png"}, b"")
    made = Gathering(fetcher, rate=None)
    made.take(images(site, 3))
    assert [one.rpartition("/")[2] for one in made.kept] == ["2.png"]
    assert "GET /1.png" not in site.asked, "a redirect leads no further than a link"
    assert made.left_out == 2


def test_there_is_an_end_of_parts_and_of_bytes(
    site: Served, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Gathering(fetcher, rate=None)
    made.take(images(site, 80))
    assert (len(made.kept), made.left_out) == (gather.PARTS, 80 - gather.PARTS)
    monkeypatch.setattr(gather, "BYTES", 9)
    few = Gathering(fetcher, rate=None)
    few.take(images(site, 5))
    assert len(few.kept) == 2, "four bytes each"


def test_one_host_is_asked_once_a_second_and_not_for_ever(site: Served, fetcher: Fetcher) -> None:
    slept: list[float] = []
    made = Gathering(fetcher, monotonic=lambda: sum(slept), sleep=slept.append)
    made.take(images(site, 80))
    assert set(slept) == {1.0}
    assert gather.SECONDS - 2 <= sum(slept) <= gather.SECONDS or len(made.kept) == gather.PARTS


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{port}/0.png", "http://10.0.0.1/0.png", "http://169.254.169.254/0.png", "http://[::1]:{port}/0.png",
     "http://localhost:{port}/0.png", "http://rebind.kaoping.test/0.png"],
)  # fmt: skip
def test_no_address_inside_is_reached(site: Served, address: str) -> None:
    resolver = Resolver.parse([f"rebind.kaoping.test:{site.port}:127.0.0.1"])
    with Fetcher(AddressGuard(), resolver=resolver) as fetcher:
        made = Gathering(fetcher, rate=None)
        made.take([(IMAGE, address.format(port=site.port))])
    assert (made.kept, made.left_out, site.asked) == ({}, 1, [])
