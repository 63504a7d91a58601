"""Paths, addresses and numbers that somebody gives a command: refused in words, with 2, and never waited for."""

from __future__ import annotations

import argparse
import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from kaoping.cli import main as cli
from kaoping.cli.commands import accounts, serve
from kaoping.cli.errors import InputError
from kaoping.cli.main import main
from kaoping.cli.parsing import Parser
from kaoping.publication import log_heads
from kaoping.support import archive, envelopes, environment
from tests.cli.hostile import in_time
from tests.cli.running import kaoping

DOCS = Path(__file__).parents[2] / "docs/reference/commands.md"
ENGLISH = re.compile(r"\b(?:No such|not a|Bad CRC|Errno|matching|None|Name or service|File is)\b")


def refused(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    with in_time():
        code = main([str(one) for one in argv])
    err = capsys.readouterr().err
    assert code == 2 and "办法：" in err and not ENGLISH.search(err), err
    return err


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "large"])
def test_a_private_key_that_is_no_file_is_not_waited_for(tmp_path, kind) -> None:
    path = tmp_path / "key"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"x" * (1024 * 1024 + 1))
    with in_time(), pytest.raises(envelopes.EnvelopeError, match="私钥文件读不出"):
        envelopes.identities(path)


@pytest.mark.parametrize("name", ["KAOPING_SECRET_KEY", "KAOPING_DATABASE_URL", "KAOPING_OIDC_CLIENT_SECRET"])
def test_a_setting_that_names_a_pipe_is_refused(tmp_path, monkeypatch, name) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "pipe"))
    with in_time(), pytest.raises(environment.SettingError, match=f"{name}_FILE.*管道"):
        environment.read(name)
    (tmp_path / "odd").write_bytes(b"\xff\xfe\xff")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "odd"))
    with pytest.raises(environment.SettingError, match="UTF-8"):
        environment.read(name)


@pytest.mark.slow
def test_doctor_says_so_of_a_setting(data, tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = kaoping("doctor", "--data", data(), KAOPING_SECRET_KEY_FILE=str(tmp_path / "pipe"))
    assert done.returncode == 1 and "KAOPING_SECRET_KEY_FILE" in done.stdout and "管道" in done.stdout


@pytest.mark.parametrize("place", ["file/x", "file/x/y", "/proc/x", "/proc/self/x/y"])
def test_a_data_folder_that_cannot_be_made_is_bad_input(tmp_path, monkeypatch, capsys, place) -> None:
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    (tmp_path / "file").write_text("x")
    assert place.rpartition("/")[0].split("/")[0] in refused(capsys, "init", "--data", tmp_path / place)


def test_a_backup_that_is_none_is_told_in_chinese(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    (tmp_path / "text.zip").write_text("no archive")
    assert "不是 ZIP 压缩包" in refused(capsys, "restore", "--data", tmp_path / "t", tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as made:
        made.writestr("manifest.json", json.dumps({"members": {}}))
    assert "没有写格式" in refused(capsys, "restore", "--data", tmp_path / "t", tmp_path / "odd.zip")
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as made:
        made.writestr("manifest.json", json.dumps({"format": archive.FORMAT}) + " " * 200)
    content = bytearray((tmp_path / "bad.zip").read_bytes())
    content[content.index(b"format") + 12] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(content)
    assert "manifest.json 已损坏" in refused(
        capsys, "restore", "--data", tmp_path / "t", tmp_path / "bad.zip"
    )
    assert "没有这个文件" in refused(capsys, "calendar", "check", tmp_path / "none.json")


@pytest.mark.parametrize("host", ["999.1.1.1", "没有这个地址", "203.0.113.7", "fe80::zz"])
def test_a_host_that_is_wrong_is_not_called_a_busy_port(host) -> None:
    with pytest.raises(InputError, match="监听地址") as raised:
        serve.refuse_busy(host, 8300)
    assert raised.value.field == "--host" and "起始端口" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("http://127.0.0.1:8000", True),
        ("https://kaoping.example.gov.cn/inside/", True),
        ("http://[::1]:8000", True),
        ("乱写", False),
        ("ftp://x", False),
        ("http://", False),
        ("javascript:alert(1)", False),
        ("http://a b", False),
        ("http://x/?y=", False),
        ("http://x/#y", False),
        ("http://u:p@x", False),
        ("http://x:99999", False),
    ],
)
def test_the_address_of_a_recovery_link_is_looked_at_first(address, good) -> None:
    assert accounts._is_address(address) is good


def test_a_wrong_address_issues_no_link(monkeypatch) -> None:
    def never(_module):
        raise AssertionError("a link was issued")

    monkeypatch.setattr(accounts, "late", never)
    with pytest.raises(InputError, match="没有发链接"):
        accounts._recover(argparse.Namespace(username="a", address="乱写"), "甲")


@pytest.mark.parametrize(
    "argv",
    [
        ["serve", "--port", "８０００"],
        ["demo", "--port", "８０００"],
        ["calendar", "show", "２０２７"],
        ["calendar", "show", "27"],
        ["crawl", "http://a.example/", "--out", "x", "--max-pages", "１０"],
        ["crawl", "http://a.example/", "--out", "x", "--minutes", "１"],
        ["crawl", "http://a.example/", "--out", "x", "--minutes", "inf"],
        ["crawl", "http://a.example/", "--out", "x", "--rate", "１"],
        ["crawl", "http://a.example/", "--out", "x", "--resolve", "a.example:８０:127.0.0.1"],
    ],
)
def test_numbers_of_options_are_half_width(argv, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(argv)
    except SystemExit as left:
        code = left.code
    assert code == 2 and "输入有误" in capsys.readouterr().err


def parsers(name: str) -> list[argparse.ArgumentParser]:
    """The parser of a command, and those of its verbs."""
    made = Parser(prog=name)
    cli._load(name).configure(made)
    inner = [
        one
        for action in made._actions
        if isinstance(action, argparse._SubParsersAction)
        for one in action.choices.values()
    ]
    return [made, *inner]


@pytest.mark.parametrize("name", cli.names())
def test_help_names_values_in_chinese_as_the_reference_does(name) -> None:
    told = DOCS.read_text(encoding="utf-8")
    for parser in parsers(name):
        for action in parser._actions:
            if action.nargs == 0 or isinstance(action, argparse._SubParsersAction):
                continue
            shown = action.metavar if action.metavar is not None else action.dest
            bare = re.sub(r"\.jsonl?$", "", shown)
            assert not re.search(r"[A-Za-z]", bare), (name, action.option_strings, shown)
            for option in action.option_strings:
                written = {one for one in re.findall(rf"`{option}(?: ([^`]+))?`", told) if one}
                assert not written or any(shown in one or one in shown for one in written), (
                    option,
                    shown,
                    written,
                )


def test_noise_is_no_page(tmp_path, capsys) -> None:
    (tmp_path / "noise").write_bytes(bytes((n * 7919 + n * n * 31) % 256 for n in range(6000)))
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
    for name in ("noise", "x.zip"):
        assert "不是网页，也不是文本" in refused(
            capsys, "facts", tmp_path / name, "--url", "http://a.example/"
        )
    for text, encoding in (("你好，世界。\n" * 50, "gb18030"), ("<p>文</p>", "utf-8"), ("", "utf-8")):
        (tmp_path / "good").write_bytes(text.encode(encoding))
        assert main(["facts", str(tmp_path / "good"), "--url", "http://a.example/"]) == 0


def test_noise_with_a_tag_in_it_is_no_page_and_a_spoilt_page_is_one(tmp_path, capsys) -> None:
    noise = bytes((n * 7919 + n * n * 31) % 256 for n in range(6000))
    (tmp_path / "noise").write_bytes(b"<html>" + noise)
    assert "不是网页" in refused(capsys, "facts", tmp_path / "noise", "--url", "http://a.example/")
    (tmp_path / "page").write_bytes("<html><title>通知\x01\x02</title>正文".encode() + b"\xff\xfe</html>")
    assert main(["facts", str(tmp_path / "page"), "--url", "http://a.example/"]) == 0


def test_published_heads_that_are_no_file_are_told_and_not_waited_for(tmp_path) -> None:
    (tmp_path / "log").mkdir()
    assert log_heads.raw(tmp_path) is None
    os.mkfifo(tmp_path / "log" / "heads.json")
    with in_time(), pytest.raises(ValueError, match="管道"):
        log_heads.raw(tmp_path)
    (tmp_path / "log" / "heads.json").unlink()
    (tmp_path / "log" / "heads.json").write_text("{")
    with pytest.raises(ValueError, match="清单读不出$"):
        log_heads.raw(tmp_path)
