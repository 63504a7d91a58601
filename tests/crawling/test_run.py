import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from kaoping.calendars import calendar_from_seed
from kaoping.crawling import AddressGuard, Fetcher, check_archive, crawl, read_archive
from kaoping.crawling.politeness import Turns
from kaoping.crawling.run import load_archive
from tests.crawling.serving import page, redirect, serve

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
