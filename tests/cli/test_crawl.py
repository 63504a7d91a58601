import json

from kaoping.cli.main import main
from tests.crawling.serving import page, serve

TABLE = {
    "/": page('<html><a href="/a.html">甲</a><a href="/dead.html">乙</a></html>'),
    "/a.html": page("<html>甲"),
}
ALLOW = ["--allow", "127.0.0.0/8", "--rate", "unlimited"]


def test_crawl_prints_run_json(tmp_path, capsys):
    with serve(TABLE) as site:
        assert main(["crawl", site.root, "--out", str(tmp_path), *ALLOW, "--json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert run["pages"] == 2
    assert run["broken"] == [{"url": site.root + "dead.html", "on": site.root, "cause": "HTTP 404"}]
    assert list(tmp_path.glob("*.warc.gz")) and list(tmp_path.glob("facts/*.parquet"))


def test_loopback_is_refused_unless_allowed(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("KAOPING_CRAWL_ALLOW", raising=False)
    with serve(TABLE) as site:
        assert main(["crawl", site.root, "--out", str(tmp_path), "--rate", "unlimited"]) == 2
        assert site.asked == []
        said = capsys.readouterr().err
        assert "127.0.0.1 是本机地址" in said and "--allow 127.0.0.1/32" in said and "robots" not in said
        monkeypatch.setenv("KAOPING_CRAWL_ALLOW", "127.0.0.0/8,10.0.0.0/8")
        assert main(["crawl", site.root, "--out", str(tmp_path), "--rate", "unlimited"]) == 0


def test_a_closed_port_is_said_to_refuse(tmp_path, capsys):
    with serve(TABLE) as site:
        closed = site.root
    assert main(["crawl", closed, "--out", str(tmp_path), *ALLOW]) == 3
    assert "连不上网站（连接被拒绝）" in capsys.readouterr().err


def test_robots_that_cannot_be_had_is_nobodys_broken_site(tmp_path, capsys):
    with serve({**TABLE, "/robots.txt": (500, {}, b"")}) as site:
        assert main(["crawl", site.root, "--out", str(tmp_path), *ALLOW]) == 2
    assert "取不到 robots.txt（网站答复 500）" in capsys.readouterr().err


def test_resolved_name_is_served_on_loopback(tmp_path, capsys):
    with serve(TABLE) as site:
        resolve = ["--resolve", f"*.kaoping.test:{site.port}:127.0.0.1"]
        assert (
            main(["crawl", "http://a.kaoping.test/", "--out", str(tmp_path), *ALLOW, *resolve, "--json"]) == 0
        )
    assert json.loads(capsys.readouterr().out)["root"] == "http://a.kaoping.test/"


def test_bad_input(tmp_path, capsys):
    for arguments in (
        ["a.test"],
        ["http://www.example.gov.cn/", "--rate", "unlimited"],
        ["http://www.example.gov.cn/", "--rate", "fast"],
        ["http://www.example.gov.cn/", "--resolve", "x"],
        ["http://www.example.gov.cn/", "--allow", "x"],
        ["http://www.example.gov.cn/", "--max-pages", "0"],
    ):
        assert main(["crawl", *arguments, "--out", str(tmp_path)]) == 2
        assert capsys.readouterr().err


def test_site_that_is_broken_is_exit_one(tmp_path, capsys):
    with serve({"/": (500, {}, b"")}) as site:
        assert main(["crawl", site.root, "--out", str(tmp_path), *ALLOW]) == 1
