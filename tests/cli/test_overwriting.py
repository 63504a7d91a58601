"""No command replaces a file by the way: what is there stays until somebody says that it may go."""

import os

import pytest

from kaoping.cli.main import main
from tests.cli.hostile import Year


@pytest.fixture
def year(tmp_path):
    return Year(tmp_path)


def refused(capsys, words, *named):
    assert main([str(word) for word in words]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "办法：" in said and all(str(one) in said for one in named)


def test_a_table_is_written_once_and_replaced_when_told(year, capsys):
    target = year.folder / "t.csv"
    assert main(year.command("score", "--csv", target)) == 0
    first = target.read_bytes()
    target.write_bytes(b"mine")
    refused(capsys, year.command("score", "--csv", target), "t.csv", "--overwrite")
    assert target.read_bytes() == b"mine"
    assert main(year.command("score", "--csv", target, "--overwrite")) == 0
    assert target.read_bytes() == first


@pytest.mark.parametrize("name", ["o.jsonl", "units.csv"])
def test_a_table_never_takes_the_place_of_what_is_being_read(year, capsys, name):
    before = (year.folder / name).read_bytes()
    link = year.folder / "second"
    os.link(year.folder / name, link)
    for target in (year.folder / name, link):
        refused(capsys, year.command("score", "--csv", target, "--overwrite"), "正在读")
    assert (year.folder / name).read_bytes() == before


@pytest.mark.parametrize("to", ["kept", "nowhere"])
@pytest.mark.parametrize(
    ("command", "option"),
    [("score", "--csv"), ("bundle", "--out"), ("bundle", "--full-out"), ("bundle", "--salt-file")],
)
def test_nothing_is_written_through_a_link(year, capsys, command, option, to):
    (year.folder / "kept").write_bytes(b"kept")
    link = year.folder / "link.zip"
    link.symlink_to(year.folder / to)
    refused(capsys, year.command(command, option, link), "link.zip")
    assert link.is_symlink() and (year.folder / "kept").read_bytes() == b"kept"
    assert not (year.folder / "nowhere").exists()


@pytest.mark.parametrize("name", ["out.zip", "out"])
def test_a_bundle_never_replaces_anything(year, capsys, name):
    target = year.folder / name
    words = [*year.command("bundle")[:-1], target]
    assert main([str(word) for word in words]) == 0
    refused(capsys, words, name, "从不覆盖")
    assert main(["verify", str(target)]) == 0


def test_the_whole_bundle_and_the_secret_never_lie_in_the_published_one(year, capsys):
    out = year.folder / "p"
    words = [*year.command("bundle")[:-1], out, "--level", "totals"]
    refused(capsys, [*words, "--full-out", out], "--full-out")
    refused(capsys, [*words, "--full-out", out / "full.zip"], "--full-out")
    refused(capsys, [*words, "--full-out", year.folder / "f", "--salt-file", out / "salt"], "--salt-file")
    assert not out.exists()
    assert main([str(word) for word in [*words, "--full-out", year.folder / "f"]]) == 0


def test_an_earlier_crawl_is_not_replaced_by_the_way(year, capsys):
    kept = year.put("crawl/pages-00001.warc.gz", b"evidence")
    year.put("crawl/run.json", "{}")
    words = ["crawl", "http://127.0.0.1:9/", "--rate", "1", "--out"]
    refused(capsys, [*words, year.folder / "crawl"], "--out", "--overwrite")
    refused(capsys, [*words, year.folder / "book", "--overwrite"], "--out", "已经存在")
    (year.folder / "link").symlink_to(year.folder / "crawl")
    refused(capsys, [*words, year.folder / "link", "--overwrite"], "--out")
    assert kept.read_bytes() == b"evidence"


def test_a_backup_is_not_written_through_a_link(year, capsys):
    (year.folder / "data").mkdir()
    (year.folder / "link.zip").symlink_to(year.folder / "nowhere")
    refused(capsys, ["backup", "--data", year.folder / "data", "--out", year.folder / "link.zip"], "link.zip")


@pytest.mark.parametrize("command", ["init", "serve", "work", "doctor", "backup", "restore", "bundle"])
def test_a_file_is_no_data_folder(year, capsys, command):
    more = {"backup": ["--out", "x.zip"], "restore": ["b.zip"], "bundle": ["2025", "--out", "x"]}.get(
        command, []
    )
    for name, kind in (("o.jsonl", None), ("pipe", "pipe"), ("ring", "ring")):
        path = year.instead(name, kind) if kind else year.folder / name
        refused(capsys, [command, "--data", path, *more], "--data")
