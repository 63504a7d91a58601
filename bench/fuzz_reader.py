"""Feed the page reader with pages that are almost right, with broken bytes and with what a spiteful site would send.

    .venv/bin/python -m bench.fuzz_reader [--seconds 120] [--seed 1] [--rounds N] [--pages PATH ...]

Pages are those that the crawl bench and the demonstration make, and every HTML file below ``--pages``; each round spoils
one of them by some of the ways in ``WAYS`` and reads it. The same seed spoils in the same order. A round is lost when the
reader raises, gives two answers to the same bytes, gives more than its bounds, gives what cannot be stored as facts, or
when it or a rule had to say that it broke. Prints JSON; ends with 1 at the first lost round, whose bytes are written to
``--keep`` (by default ``fuzz-reader.bin`` in the current folder).
"""

from __future__ import annotations

import argparse
import codecs
import encodings.aliases
import json
import pkgutil
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from bench.crawl.site import make_site

from kaoping.calendars import calendar_from_seed
from kaoping.checks import Context, PageFacts, check_page
from kaoping.cli.demo.sites import COLUMNS, Fault, Site, answer
from kaoping.crawling import read_page
from kaoping.crawling.facts import PAGES, page_row
from kaoping.crawling.page import MAX_LINKS

NOW = datetime(2025, 11, 28, 9, tzinfo=UTC)
URL = "http://fuzz.kaoping.test/art/2025/11/3/art_1.html"
CHARSETS: tuple[str, ...] = tuple(
    sorted(
        {one.name for one in pkgutil.iter_modules(encodings.__path__)}
        | set(encodings.aliases.aliases)
        | {
            "gb2312",
            "gbk",
            "GB18030",
            "x-gbk",
            "utf8",
            "UTF-16",
            "undefined",
            "none",
            "中文",
            "",
            "utf-8;x",
            "a" * 300,
        }
    )
)
CONTEXT = Context(date(2025, 11, 28), calendar_from_seed())


@dataclass(frozen=True, slots=True)
class Given:
    """What a server sent."""

    data: bytes
    content_type: str | None


class Lost(AssertionError):
    """A round that broke a promise of the reader."""


def pages() -> list[bytes]:
    """The project's own made pages: 58 KB ones, small ones with every fault, one in GBK."""
    big = make_site(50)
    found = [data for path, data in sorted(big.files.items()) if path.endswith(".html")][:12]
    faults = [Fault(kind, date(2025, 1, 1)) for kind in ("late", "bad_number", "wrong_meta", "blank_column")]
    for some in ((), tuple(faults)):
        site = Site("F01", "常州市样例局", "3204000002", "014100001", some)
        for column in COLUMNS:
            for path in ("/", f"/{column[0]}/", *(f"/{column[0]}/{n}.html" for n in range(1, 400))):
                one = answer({site.host: site}, site.host, path, NOW)
                if one.status == 200:
                    found.append(one.body)
    found.append(found[-1].replace(b'charset="utf-8"', b'charset="gb2312"').decode().encode("gbk", "replace"))
    return list(dict.fromkeys(found))


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flip(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(min(len(spoilt), chance.choice((1, 10, 300)))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _lose(data: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.choice((1, 2, 30, 3000))
    return data[:at] + data[at + length :]


def _double(data: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.choice((5, 80, 2000))
    return data[:at] + data[at : at + length] * chance.choice((2, 5, 40)) + data[at:]


def _put(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(SPITE)(chance) + data[at:]


def _declare(data: bytes, chance: random.Random) -> bytes:
    name = chance.choice(CHARSETS).encode()
    tag = chance.choice(
        (b'<meta charset="%s">', b"<meta charset=%s", b"<meta content='text/html; charset = %s'>")
    )
    return chance.choice((tag % name + data, data.replace(b"utf-8", name).replace(b"gb2312", name)))


def _encode(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    try:
        made = text.encode(chance.choice(CHARSETS), chance.choice(("ignore", "replace")))
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError):
        made = text.encode(
            chance.choice(("gbk", "utf-16", "utf-16-le", "utf-16-be", "big5", "utf-32")), "replace"
        )
    return made if isinstance(made, bytes) else data


def _mark(data: bytes, chance: random.Random) -> bytes:
    boms = (
        codecs.BOM_UTF8,
        codecs.BOM_UTF16_LE,
        codecs.BOM_UTF16_BE,
        codecs.BOM_UTF32_LE,
        codecs.BOM_UTF32_BE,
    )
    return chance.choice(boms) + data


def _text_only(data: bytes, chance: random.Random) -> bytes:
    return (
        b"".join(
            chance.sample(
                [b"<", b">", b"\xe5\xb9\xb4", b"2025", b"\n", b" ", b":", b"\xef\xbc\x9a", b"\0"], 6
            )
        )
        * (chance.choice((10, 3000)))
        + data[:200]
    )


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _flip, _lose, _double, _put, _put, _declare, _declare, _encode, _mark, _text_only,
)  # fmt: skip
SPITE: tuple[Callable[[random.Random], bytes], ...] = (
    lambda chance: b"<div>" * chance.choice((3, 600, 20_000)),
    lambda chance: b"<a href='" + b"x" * chance.choice((10, 3000, 400_000)) + b"'>",
    lambda chance: b"<table><tr>" + b"<td>" * chance.choice((5, 5000)),
    lambda chance: b"<dl>" + "<dt>索引号<dd>".encode() * chance.choice((5, 3000)),
    lambda chance: b"\0" * chance.choice((1, 5000)),
    lambda chance: chance.randbytes(chance.choice((1, 300, 20_000))),
    lambda chance: "索引号：".encode() * chance.choice((2, 4000)),
    lambda chance: b"2025-" * chance.choice((2, 4000)),
    lambda chance: "２０２５年　１２月　３１日".encode() * chance.choice((1, 900)),
    lambda chance: b"<" * chance.choice((1, 30_000)),
    lambda chance: b" " * chance.choice((1, 60_000)),
    lambda chance: b"&#xD800;&#x110000;&#0;&#xFFFE;&nosuch;" * 5,
    lambda chance: b"<base href='http://[::1'><base href='//" + "例".encode() + b":99999/'>",
    lambda chance: b"".join(b"<a href='" + one + b"'>x</a>" for one in ODD_LINKS),
    lambda chance: b"<!--" * chance.choice((1, 3000)),
    lambda chance: b"<script>" + b"if(a<b){}" * 20,
    lambda chance: (
        b"<meta name='PubDate' content='" + chance.choice((b"9999-99-99", b"2025-02-30", b"\xff")) + b"'>"
    ),
    lambda chance: b"<title>" + "年度信息公开报告2025年".encode() * chance.choice((1, 2000)),
    lambda chance: "\u2028\u202e\ufeff\u00ad\u200b\U0010ffff".encode() * 40,
    lambda chance: b"\xed\xa0\x80\xed\xbf\xbf\xf4\x90\x80\x80",
)
ODD_LINKS: tuple[bytes, ...] = (
    b"http://[", b"http://:80", b"//", b"http://a:b@c/", b"javascript:x", b"http://\xe4\xbe\x8b..cn/", b"?\xff",
    b"http://" + b"a" * 70 + b".cn/", b"\\\\x\\y", b"http://x:99999999/", b"/%", b"./" * 300, b"../" * 500, b"data:,",
)  # fmt: skip


def spoil(data: bytes, chance: random.Random) -> Given:
    """One page spoilt by one to four ways, and the Content-Type that goes with it."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(WAYS)(data, chance)
    kinds = (
        None, "text/html", "text/html; charset=utf-8", "text/plain", "", f"text/html; charset={chance.choice(CHARSETS)}",
        "text/html; charset=\xff\xfe", ";" * 500, "text/html;charset=\"'",
    )  # fmt: skip
    return Given(data[:3_000_000], chance.choice(kinds))


def read_one(given: Given) -> PageFacts:
    """Read and hold the reader to its promises; ``Lost`` when one is broken."""
    first = read_page(given.data, URL, given.content_type)
    if first != read_page(given.data, URL, given.content_type):
        raise Lost("two answers to the same bytes")
    if first.signs.unread:
        raise Lost(f"the reader broke: {first.signs.unread}")
    sizes = {
        "links": len(first.links) <= MAX_LINKS,
        "texts of links": all(len(link.text) <= 200 and len(link.url) <= 30_000 for link in first.links),
        "title": len(first.title or "") <= 500,
        "tags": all(len(value or "") <= 1000 for value in first.meta.values()),
        "dates": len(first.signs.item_dates) <= 50,
    }
    if broken := [name for name, holds in sizes.items() if not holds]:
        raise Lost(f"over its bounds: {broken}")
    pa.Table.from_pylist([page_row(first, "")], schema=PAGES)
    json.dumps(first.as_json(), ensure_ascii=False).encode()
    if ours := [line.check for line in check_page(first, CONTEXT) if line.reason.startswith("检查程序出错")]:
        raise Lost(f"rules broke: {ours}")
    return first


def run(corpus: Sequence[bytes], *, seed: int, until: Callable[[int], bool]) -> tuple[int, Given | None, str]:
    """Rounds until ``until`` says so: how many, the bytes of the lost one, why."""
    chance, rounds = random.Random(seed), 0
    while not until(rounds):
        given = spoil(chance.choice(corpus), chance)
        try:
            read_one(given)
        except Exception as error:
            return rounds, given, f"{type(error).__name__}: {error}"[:300]
        rounds += 1
    return rounds, None, ""


def main(argv: Sequence[str] | None = None) -> int:
    """0 when every round held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--rounds", type=int, default=0, help="so many rounds instead of seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", nargs="*", type=Path, default=[], metavar="PATH")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-reader.bin"))
    args = parser.parse_args(argv)
    corpus = pages()
    for path in args.pages:
        files = (
            [path]
            if path.is_file()
            else sorted(one for one in path.rglob("*") if one.suffix in (".html", ".htm"))
        )
        corpus += [one.read_bytes() for one in files]
    ends = time.monotonic() + args.seconds
    rounds, lost, why = run(
        corpus,
        seed=args.seed,
        until=lambda done: done >= args.rounds if args.rounds else time.monotonic() > ends,
    )
    print(
        json.dumps(
            {"seed": args.seed, "pages": len(corpus), "rounds": rounds, "lost": why}, ensure_ascii=False
        )
    )
    if lost is None:
        return 0
    args.keep.write_bytes(lost.data)
    print(f"Content-Type {lost.content_type!r}, bytes in {args.keep}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
