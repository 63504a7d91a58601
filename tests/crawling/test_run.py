import importlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from kaoping.calendars import calendar_from_seed
from kaoping.crawling import (
    AddressGuard,
    Fetcher,
    check_archive,
    crawl,
    read_archive,
    read_page,
    stored_pages,
)
from kaoping.crawling.archived import load_archive
from kaoping.crawling.facts import FactsWriter
from kaoping.crawling.politeness import Turns
from tests.crawling.serving import page, redirect, serve

LOOPBACK = AddressGuard.allowing(["127.0.0.0/8"])
AT = datetime(2025, 6, 30, 1, 0, tzinfo=UTC)
ARTICLE = """<html><head><title>通知</title><meta name="ArticleTitle" content="关于招生的通知">
<meta name="ColumnName" content="政策文件"></head><body><h1>关于招生的通知</h1>
<table><tr><td>索引号</td><td>014109429/2025-00001</td><td>发布机构</td><td>样例市教育局</td></tr>
<tr><td>生成日期</td><td>2025-01-02</td><td>公开日期</td><td>2025-06-20</td></tr></table>
<a href="/dead.html">断链</a><a href="/">首页</a></body></html>"""
TABLE = {
    "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private/\n"),
    "/": page(
        '<html><a href="/art/1.html">一</a><a href="/old.html">旧址</a><a href="/private/x.html">内部</a>'
        '<a href="/dead.html">断链</a><a href="/f/1.pdf">附件</a><a href="/f/2.pdf">没有的附件</a>'
        '<a href="/blocked.html">拦截</a><a href="http://other.test/">外站</a></html>'
    ),
    "/art/1.html": page(ARTICLE),
    "/old.html": redirect("/art/1.html"),
    "/f/1.pdf": (200, {"Content-Type": "application/pdf"}, b"%PDF"),
    "/blocked.html": (403, {}, b""),
}


def run(site, out, **options):
    with Fetcher(AddressGuard.allowing(["127.0.0.0/8"])) as fetcher:
        return crawl(
            site.root, out, fetcher=fetcher, rate=None, monotonic=lambda: 0.0, now=lambda: AT, **options
        )


def test_crawl_stores_facts_and_names_every_trouble(tmp_path):
    with serve(TABLE) as site:
        result = run(site, tmp_path)
        asked = site.asked
    root = site.root
    assert result.pages == 2 and result.complete and result.failure is None
    assert {(b["url"], b["on"], b["cause"]) for b in result.broken} == {
        (root + "dead.html", root, "HTTP 404"),
        (root + "dead.html", root + "art/1.html", "HTTP 404"),
        (root + "f/2.pdf", root, "HTTP 404"),
    }
    assert [u["url"] for u in result.undetermined] == [root + "blocked.html"]
    assert [r["cause"] for r in result.refused] == ["robots.txt"]
    assert "GET /private/x.html" not in asked
    assert "HEAD /f/1.pdf" in asked and "GET /f/1.pdf" not in asked
    assert json.loads((tmp_path / "run.json").read_text()) == result.as_json()
    assert sorted(p.name for p in (tmp_path / "facts").iterdir()) == ["links.parquet", "pages.parquet"]


def test_stages_can_be_run_again_alone(tmp_path):
    with serve(TABLE) as site:
        run(site, tmp_path)
    before = list(check_archive(tmp_path, date(2025, 6, 30), calendar=calendar_from_seed()))
    for path in (tmp_path / "facts").iterdir():
        path.unlink()
    assert read_archive(tmp_path) == 2
    assert list(check_archive(tmp_path, date(2025, 6, 30), calendar=calendar_from_seed())) == before
    late = next(line for line in before if line.check == "P-01" and line.outcome == "not_met")
    assert late.target == site.root + "art/1.html"
    assert len(late.artefact) == 64
    columns = load_archive(tmp_path)
    assert list(columns.pages.column("column_name")) == [None, "政策文件"]
    assert columns.fetched_on == date(2025, 6, 30)


def test_front_page_under_a_second_address_is_one_page(tmp_path):
    home = page('<html><a href="/index.html">首页</a></html>')
    with serve({"/": home, "/index.html": home}) as site:
        assert run(site, tmp_path).pages == 1
    assert read_archive(tmp_path) == 1


def everything(folder):
    """Facts, links and the record of a crawl, without what the site's port makes different."""
    names = ("pages", "links")
    tables = {name: pq.read_table(folder / "facts" / f"{name}.parquet").to_pylist() for name in names}
    record = json.loads((folder / "run.json").read_text())
    root = record["root"]
    return json.loads(json.dumps([tables, record], default=str).replace(root, "http://site/"))


def test_sites_crawled_at_the_same_time_give_what_each_gives_alone(tmp_path):
    """Several looks share one process and the turns of hosts; nothing of one shows in another."""
    others = {**TABLE, "/art/1.html": page(ARTICLE.replace("招生", "学区"))}
    with serve(TABLE) as one, serve(others) as two:
        sites = {"one": one, "two": two}
        for name, site in sites.items():
            run(site, tmp_path / "alone" / name)
        turns = Turns()
        with ThreadPoolExecutor(4) as pool:
            jobs = [
                pool.submit(run, site, tmp_path / f"{name}-{number}", turns=turns)
                for number in range(3)
                for name, site in sites.items()
            ]
        assert all(job.result().complete for job in jobs)
    for name in sites:
        alone = everything(tmp_path / "alone" / name)
        assert all(everything(tmp_path / f"{name}-{number}") == alone for number in range(3))
    assert everything(tmp_path / "alone" / "one") != everything(tmp_path / "alone" / "two")


def test_page_limit_is_said(tmp_path):
    with serve(TABLE) as site:
        result = run(site, tmp_path, max_pages=1)
    assert result.pages == 1
    assert not result.complete and result.unvisited > 0


def test_site_that_does_not_open_is_a_result(tmp_path):
    with serve({"/": (500, {}, b"")}) as site:
        result = run(site, tmp_path / "a")
    assert result.failure["whose"] == "site"
    with serve({}) as site:
        gone = site
    result = run(gone, tmp_path / "b")
    assert result.failure and result.pages == 0
    outcomes = {
        line.check: line.outcome
        for line in check_archive(tmp_path / "b", date(2025, 6, 30), calendar=calendar_from_seed())
    }
    assert outcomes["S-02"] == "undecided"


def test_folder_without_a_crawl(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(check_archive(tmp_path, date(2025, 6, 30), calendar=calendar_from_seed()))


SPITE = b'<html><head><meta charset="undefined"></head><body><a href="/art/1.html">x</a></body></html>'


def test_one_page_never_costs_the_run(tmp_path):
    """A tag that no codec takes, on a page linked from the front page: a fact, with its bytes kept; the run goes on."""
    links = '<html><a href="/spite.html">a</a><a href="/art/1.html">b</a>'
    table = {
        "/": page(links),
        "/spite.html": (200, {"Content-Type": "text/html"}, SPITE),
        "/header.html": (200, {"Content-Type": "text/html; charset=undefined"}, b"<html>x"),
        "/art/1.html": page(ARTICLE.replace("/dead.html", "/header.html")),
    }
    with serve(table) as site:
        result = run(site, tmp_path)
    assert result.failure is None and result.pages == 4
    assert [(one["url"].rpartition("/")[2], one["kind"], one["whose"]) for one in result.unread] == [
        ("spite.html", "编码声明无效", "site"),
        ("header.html", "编码声明无效", "site"),
    ]
    kept = {stored.sha256: stored.raw for stored in stored_pages(tmp_path)}
    assert kept[result.unread[0]["sha256"]] == SPITE
    assert result.complete and json.loads((tmp_path / "run.json").read_text())["unread"] == result.unread


@pytest.mark.parametrize("broken", ["kaoping.crawling.page.flatten", "kaoping.crawling.run.read_stored"])
def test_a_reader_that_breaks_costs_one_page(tmp_path, monkeypatch, broken):
    real = importlib.import_module(broken.rpartition(".")[0]).__dict__[broken.rpartition(".")[2]]

    def breaks(*given):
        if "art/1.html" in str(getattr(given[0], "url", "")) or "招生" in str(getattr(given[0], "html", "")):
            raise RuntimeError("no")
        return real(*given)

    with serve(TABLE) as site:
        with monkeypatch.context() as patched:
            patched.setattr(broken, breaks)
            result = run(site, tmp_path)
        assert result.failure is None and not result.complete
        [bad] = result.unread
        assert bad["url"] == site.root + "art/1.html"
        assert (bad["kind"], bad["whose"]) == ("读不出", "us") and "RuntimeError" in bad["text"]
        with monkeypatch.context() as patched:
            patched.setattr("kaoping.crawling.page.flatten", breaks)
            lines = list(check_archive(tmp_path, date(2025, 6, 30), calendar=calendar_from_seed()))
    on_page = [line for line in lines if line.target.endswith("art/1.html")]
    assert on_page and {line.outcome.value for line in on_page} <= {"undecided"}
    assert all("本平台" in line.reason for line in on_page if line.check.startswith("P-"))
    assert len(lines) > len(on_page)


def test_a_full_disk_ends_the_run(tmp_path, monkeypatch):
    def full(self, fetched):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kaoping.crawling.archive.ArchiveWriter.add", full)
    with serve(TABLE) as site, pytest.raises(OSError, match="No space"):
        run(site, tmp_path)


def test_a_run_ends_with_its_budget_and_says_what_was_cut(tmp_path):
    """Each answer takes 30 seconds of the run's clock: after its two minutes the rest is named, not waited for."""
    now = [0.0]

    def slow():
        now[0] += 30
        return page(f"<html>{now[0]}" + "".join(f'<a href="/p{n}.html">x</a>' for n in range(50)))

    table = {"/": slow, **{f"/p{n}.html": slow for n in range(50)}}
    with serve(table) as site, Fetcher(LOOPBACK) as fetcher:
        result = crawl(
            site.root,
            tmp_path,
            fetcher=fetcher,
            rate=None,
            budget=120.0,
            monotonic=lambda: now[0],
            now=lambda: AT,
        )
    assert result.out_of_time and not result.complete and result.failure is None
    assert result.pages == 4 and result.unvisited == 47
    assert result.cut == ["到了 2 分钟的时限，还有 47 个网址没有看"] and result.seconds <= 150


def test_a_delay_that_the_site_asks_for_counts_and_is_not_slept_past_the_end(tmp_path):
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    table = TABLE | {"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 30\n")}
    with serve(table) as site, Fetcher(LOOPBACK) as fetcher:
        result = crawl(
            site.root,
            tmp_path,
            fetcher=fetcher,
            rate=1.0,
            budget=100.0,
            monotonic=lambda: now[0],
            sleep=sleep,
            now=lambda: AT,
        )
    assert result.out_of_time and now[0] <= 100 and sum(slept) <= 100
    assert "时限" in result.cut[0] and result.unvisited


def test_pages_asked_for_beside_the_links(tmp_path):
    """What a finding stands on is looked at again though nothing links to it; a page that is gone is told as gone."""
    table = TABLE | {"/alone.html": page("<html>x"), "/gone.html": (410, {}, b"")}
    with serve(table) as site:
        wanted = [site.root + name for name in ("alone.html", "gone.html", "never.html", "art/1.html")]
        result = run(site, tmp_path, also=[*wanted, "http://other.test/x.html"])
        root = site.root
    assert {(one["url"], one["status"]) for one in result.gone} == {
        (root + "gone.html", "410"),
        (root + "never.html", "404"),
    }
    assert all(len(one["sha256"]) == 64 for one in result.gone)
    assert root + "alone.html" in load_archive(tmp_path).pages.column("url")
    assert "/alone.html" in " ".join(site.asked) and "other" not in " ".join(site.asked)


def test_a_row_that_no_column_takes_keeps_its_address(tmp_path):
    good, bad = (read_page(b"<html><title>x", f"http://a.test/{name}") for name in ("good", "bad"))
    bad = replace(bad, title="\ud800", text_chars=2**40)
    with FactsWriter(tmp_path) as facts:
        facts.add(good, "1")
        facts.add(bad, "2")
    rows = pq.read_table(tmp_path / "pages.parquet").to_pylist()
    assert [(row["url"], row["sha256"]) for row in rows] == [
        ("http://a.test/good", "1"),
        ("http://a.test/bad", "2"),
    ]
    assert rows[0]["title"] == "x" and "存不进表" in rows[1]["unread"]
